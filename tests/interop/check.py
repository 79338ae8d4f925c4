"""Checks that Rust and Python seal and open the same envelopes.

    python3 check.py [--rust PROGRAM] [--envelopes N] [--seed N]

1. Python checks every vector of vectors/envelope-v1.json.
2. Either side makes keys and seals fresh envelopes; the other side opens them with every
   recipient's key.
3. The same envelopes with one byte changed: both sides refuse, and name the same error.

PROGRAM is the built example `envelope` of survey-seal; without it, cargo builds and runs it. What
is sealed and changed follows from the seed, which is printed when something fails; keys and
encryption always draw from the operating system. The last line is `N passed, N failed`.
"""

import argparse
import copy
import json
import pathlib
import random
import subprocess
import sys

import envelope as python_side

ROOT = pathlib.Path(__file__).resolve().parents[2]
VECTORS = ROOT / "vectors" / "envelope-v1.json"
CARGO = ["cargo", "run", "--quiet", "--package", "survey-seal", "--example", "envelope", "--"]


class Rust:
    name = "Rust"

    def __init__(self, program):
        self.program = [program] if program else CARGO

    def ask(self, command, requests):
        lines = "".join(json.dumps(request) + "\n" for request in requests)
        done = subprocess.run(
            [*self.program, command], input=lines, stdout=subprocess.PIPE, text=True, cwd=ROOT
        )
        if done.returncode != 0:
            sys.exit(f"`{' '.join(self.program)} {command}` failed; its message is above")
        return [json.loads(line) for line in done.stdout.splitlines()]


class Python:
    name = "Python"

    def ask(self, command, requests):
        return [python_side.ANSWERS[command](request) for request in requests]


def requests(keys, chance, count):
    """Seal requests over all classes, numbers of recipients and the lengths at their edges."""
    for index in range(count):
        size_class = python_side.CLASSES[index % len(python_side.CLASSES)]
        capacity = size_class - 4
        length = chance.choice([0, 1, capacity - 1, capacity, chance.randint(0, capacity)])
        survey = "".join(
            chance.choices("abcdefghijklmnopqrstuvwxyz0123456789", k=chance.randint(1, 64))
        )
        recipients = chance.sample(keys, k=1 + index % 10)
        yield {
            "survey": survey,
            "def": python_side.b64(chance.randbytes(32)),
            "id": python_side.b64(chance.randbytes(16)),
            "class": size_class,
            "recipients": [{"kid": key["kid"], "key": key["key"]} for key in recipients],
            "plaintext": python_side.b64(chance.randbytes(length)),
        }


def damaged(envelope, chance):
    """A copy with one bit of one field flipped, in the wrap of the first recipient if in a wrap."""
    envelope = copy.deepcopy(envelope)
    holder, field = chance.choice(
        [(envelope, name) for name in ("def", "id", "kc", "ct")] + [(envelope["wraps"][0], "w")]
    )
    data = bytearray(python_side.unb64(holder[field]))
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    holder[field] = python_side.b64(bytes(data))
    return envelope


class Tally:
    def __init__(self):
        self.passed = self.failed = 0

    def add(self, what, problem):
        if problem:
            self.failed += 1
            print(f"{what}: {problem}", file=sys.stderr)
        else:
            self.passed += 1


def check_pair(sealer, opener, keys, chance, count, tally):
    secrets = {key["kid"]: key["secret"] for key in keys}
    orders = list(requests(keys, chance, count))
    envelopes = sealer.ask("seal", orders)
    opening, expected = [], []
    for index, (order, envelope) in enumerate(zip(orders, envelopes, strict=True)):
        for recipient in order["recipients"]:
            opening.append({"secret": secrets[recipient["kid"]], "envelope": envelope})
            what = f"{sealer.name} seals, {opener.name} opens, envelope {index}"
            expected.append((what, order["plaintext"]))
    for (what, plaintext), answer in zip(expected, opener.ask("open", opening), strict=True):
        same = answer == {"plaintext": plaintext}
        tally.add(what, None if same else answer.get("error", "another plaintext"))

    broken = [
        {
            "secret": secrets[order["recipients"][0]["kid"]],
            "envelope": damaged(envelope, chance),
        }
        for order, envelope in zip(orders, envelopes, strict=True)
    ]
    answers = zip(sealer.ask("open", broken), opener.ask("open", broken), strict=True)
    for index, (one, other) in enumerate(answers):
        agree = one == other and "error" in one
        told = f"{sealer.name} says {one.get('error')}, {opener.name} {other.get('error')}"
        tally.add(f"damaged envelope {index} of {sealer.name}", None if agree else told)


def main():
    parser = argparse.ArgumentParser(description="Checks Rust against Python, both ways.")
    parser.add_argument("--rust", metavar="PROGRAM", help="the built example `envelope`")
    parser.add_argument("--envelopes", type=int, default=60, help="fresh ones each way (60)")
    parser.add_argument("--seed", type=int, help="repeats the choices of an earlier run")
    options = parser.parse_args()
    seed = random.SystemRandom().getrandbits(32) if options.seed is None else options.seed
    chance = random.Random(seed)

    tally = Tally()
    for name, problem in python_side.check_vectors(json.loads(VECTORS.read_text("utf-8"))):
        tally.add(f"vector, {name}", problem)

    rust, python = Rust(options.rust), Python()
    keys = [key for side in (rust, python) for key in side.ask("keys", [{}] * 6)]
    check_pair(rust, python, keys, chance, options.envelopes, tally)
    check_pair(python, rust, keys, chance, options.envelopes, tally)

    if tally.failed:
        print(f"repeat with --seed {seed}", file=sys.stderr)
    print(f"{tally.passed} passed, {tally.failed} failed")
    return 1 if tally.failed else 0


if __name__ == "__main__":
    sys.exit(main())
