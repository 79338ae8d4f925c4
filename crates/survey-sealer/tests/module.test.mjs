// The built module, as a page calls it. `cargo xtask test sealer` builds it and says where it is; by
// hand: VIEWS_SEALER=…/seal.wasm node --test crates/survey-sealer/tests/module.test.mjs
import assert from 'node:assert/strict';
import { createHash, hkdfSync } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

assert.ok(process.env.VIEWS_SEALER, 'VIEWS_SEALER has to name the module; `cargo xtask test sealer` sets it');
const module = await WebAssembly.compile(await readFile(process.env.VIEWS_SEALER));
const vectors = JSON.parse(await readFile(new URL('../../../vectors/envelope-v1.json', import.meta.url)));

const sha256 = (bytes) => createHash('sha256').update(bytes).digest();
const unhex = (text) => Buffer.from(text, 'hex');
const base64url = (text) => Buffer.from(text, 'base64url');

/** The page's side, as in the documentation of the crate; `look` sees the memory before it is wiped. */
const seal = async (request, look = () => {}) => {
  let memory;
  try {
    const { exports } = await WebAssembly.instantiate(module);
    const at = exports.room(request.length);
    if (!at) throw new RangeError('the request is too long');
    memory = new Uint8Array(exports.memory.buffer);
    memory.set(request, at);
    const reply = Buffer.from(memory.slice(at, at + exports.seal(request.length)));
    look(Buffer.from(memory));
    return reply;
  } finally {
    request.fill(0);
    memory?.fill(0);
  }
};

/** A request, laid out as `survey-seal-request` says. */
const request = ({ survey = 'victim-voice', def = Buffer.alloc(32, 7), longest = 4092, keys = ['a'], randomness, response = '{}' }) => {
  const numbers = Buffer.alloc(7);
  numbers.set([1, keys.length, Buffer.byteLength(survey)]);
  numbers.writeUInt32LE(longest, 3);
  const recipients = keys.flatMap((name) => {
    const { kid, key } = vectors.keys.find((key) => key.name === name);
    return [unhex(kid), base64url(key)];
  });
  randomness ??= crypto.getRandomValues(new Uint8Array(80 + 64 * keys.length));
  return Buffer.concat([numbers, def, Buffer.from(survey), ...recipients, randomness, Buffer.from(response)]);
};

const read = (reply) => {
  assert.equal(reply[0], 0, 'sealed');
  return { id: reply.subarray(1, 17), digest: reply.subarray(17, 49), envelope: reply.subarray(49) };
};

test('the module imports nothing and exports what it has to', () => {
  assert.deepEqual(WebAssembly.Module.imports(module), []);
  assert.deepEqual(
    WebAssembly.Module.exports(module).map(({ kind, name }) => `${kind} ${name}`).sort(),
    ['function room', 'function seal', 'global __data_end', 'global __heap_base', 'memory memory'],
  );
});

test('the listed randomness gives the listed envelope', async () => {
  // Where the vectors leave a text out, it is this one.
  const full = 'z'.repeat(32764);
  const cases = vectors.valid
    .map((item) => ({ ...item, plaintext: item.plaintext ?? full }))
    .filter((item) => sha256(item.plaintext).toString('hex') === item.plaintext_sha256);
  assert.ok(cases.length >= 4, `${cases.length} of the vectors are used`);
  for (const { name, plaintext, recipients, cek, encapsulation, envelope } of cases) {
    // The vectors have zeros for `del`, which the sealer refuses as randomness.
    const del = Buffer.from(Array.from({ length: 32 }, (_, at) => 13 + at));
    const reply = await seal(
      request({
        survey: envelope.survey,
        def: base64url(envelope.def),
        longest: Buffer.byteLength(plaintext),
        keys: recipients,
        randomness: Buffer.concat([base64url(envelope.id), del, unhex(cek), ...encapsulation.map(unhex)]),
        response: plaintext,
      }),
    );
    const sealed = read(reply);
    const expected = JSON.stringify({ ...envelope, del: del.toString('base64url') });
    assert.equal(sealed.envelope.toString(), expected, `case ${name}`);
    assert.equal(sealed.id.toString('base64url'), envelope.id, `case ${name}`);
    assert.deepEqual(sealed.digest, sha256(sealed.envelope), `case ${name}`);
  }
});

test('equal responses give unrelated envelopes of one length', async () => {
  const [a, b] = [read(await seal(request({}))), read(await seal(request({ response: '{"v":1}' })))];
  assert.equal(a.envelope.length, 7345); // P10 of docs/protocol.md
  assert.equal(b.envelope.length, 7345);
  for (const member of ['id', 'kc', 'ct', 'del']) {
    assert.notEqual(JSON.parse(a.envelope)[member], JSON.parse(b.envelope)[member], member);
  }
});

test('the longest response is sealed for the most recipients that there are keys for', async () => {
  const { envelope } = read(
    await seal(request({ longest: 32764, keys: ['a', 'b', 'c'], response: 'x'.repeat(32764), survey: 'a'.repeat(64) })),
  );
  assert.equal(envelope.length, 45562 + 64 + 1593 * 2);
});

test('what cannot be sealed is refused by number', async () => {
  const zeros = new Uint8Array(144);
  for (const [name, bytes, code] of [
    ['nothing', Buffer.alloc(0), 1],
    ['another version', Buffer.concat([Buffer.from([2]), request({}).subarray(1)]), 1],
    ['cut', request({ response: '' }).subarray(0, -1), 1],
    ['no randomness', request({ randomness: zeros }), 2],
    ['one key twice', request({ keys: ['a', 'a'] }), 3],
    ['no id of a survey', request({ survey: 'Views' }), 4],
    ['longer than the longest', request({ response: 'x'.repeat(4093) }), 5],
    ['longer than any', request({ longest: 32765 }), 5],
  ]) {
    assert.deepEqual([...(await seal(bytes))], [code], name);
  }
});

test('no number makes it read or write outside, or grow', async () => {
  const { exports } = await WebAssembly.instantiate(module);
  const size = exports.memory.buffer.byteLength;
  const most = 49 + 65536;
  for (const length of [0, 1, 48, most]) assert.ok(exports.room(length) > 0, `${length} bytes`);
  for (const length of [most + 1, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, -1, NaN, 1e300, '7x', 2 ** 32 + most + 1]) {
    const within = length >>> 0 <= most;
    assert.equal(exports.room(length) > 0, within, `room(${length})`);
    assert.equal(exports.seal(length), 1, `seal(${length})`);
    assert.equal(new Uint8Array(exports.memory.buffer)[exports.room(1)], 1, `seal(${length})`);
  }
  assert.equal(exports.memory.buffer.byteLength, size);
});

test('of response and keys nothing is left, not even before the page wipes', async () => {
  const response = Buffer.from('MARKER-OF-AN-ANSWER '.repeat(250));
  const randomness = Buffer.from(crypto.getRandomValues(new Uint8Array(80 + 64 * 3)));
  const cek = randomness.subarray(48, 80);
  const secrets = { response: response.subarray(0, 20), encapsulation: randomness.subarray(80), cek };
  secrets.key = Buffer.from(hkdfSync('sha256', cek, '', 'ssp/1 body', 32));
  const longests = [16380, 100_000, 4092]; // sealed, refused at once, refused at the end
  for (const longest of longests) {
    const bytes = request({ longest, response, randomness, keys: ['a', 'b', 'c'] });
    await seal(bytes, (memory) => {
      for (const [name, secret] of Object.entries(secrets)) {
        // Eight bytes from any place of it, wherever they lie.
        for (let at = 0; at + 8 <= secret.length; at++) {
          const found = memory.indexOf(secret.subarray(at, at + 8));
          assert.equal(found, -1, `longest ${longest}: part of ${name} is still at ${found}`);
        }
      }
    });
  }
});

test('what the page does after a refusal does not matter', async () => {
  const { exports } = await WebAssembly.instantiate(module);
  const ask = (bytes) => {
    const at = exports.room(bytes.length);
    new Uint8Array(exports.memory.buffer).set(bytes, at);
    const length = exports.seal(bytes.length);
    return Buffer.from(exports.memory.buffer).subarray(at, at + length);
  };
  assert.equal(ask(request({ survey: '-' }))[0], 4);
  assert.equal(ask(request({ keys: ['b', 'a'] }))[0], 0);
  assert.equal(ask(request({ keys: ['b', 'b'] }))[0], 3);
  assert.equal(ask(request({ response: '' }))[0], 0);
});
