/*
 * Runs before anything else of the document, and long before the program: the first question stands
 * as HTML and can be answered at once. Inline, so that it costs no request; the policy of the
 * document names its hash.
 *
 * - Starts the program: fetches both files at once, and again where a bad signal broke it off.
 * - Keeps what is pressed before the program runs. What is chosen or typed, the controls keep.
 * - Leaves the page, at any time, without the program.
 * - Talks to the page around (`embed.js`): `ready`, `height`, `finished`, `failed`, `exit` one way,
 *   `hello` the other. Never an answer, never how far somebody is.
 * - Calls the sealer, a program of its own.
 *
 * The program has all this as `views` (`src/shell.rs`).
 */
(() => {
  'use strict';

  const { glue, wasm, seal: sealer, exit } = document.currentScript.dataset;
  const byId = (id) => document.getElementById(id);
  const around = parent === self ? null : parent;
  const tell = (t, more) => around?.postMessage({ v: 1, t, ...more }, '*');

  /** What was pressed last, until the program runs. */
  let pressed, live, over;
  /** The controls that were used, each where it was used last. */
  const used = new Set();

  /** Shows or hides the line that asks to wait. It is not there while the document is still coming. */
  const wait = (asks) => {
    const line = byId('wait');
    if (line) line.hidden = !asks;
  };
  const press = (button) => {
    pressed = button;
    wait(true);
  };

  const leave = () => {
    over = true;
    document.body.hidden = true;
    document.body.textContent = '';
    if (around) tell('exit');
    else location.replace(exit);
  };

  const failed = () => {
    if (over) return;
    over = true;
    byId('views')?.remove();
    wait(false);
    byId('failed').hidden = false;
    tell('failed');
  };

  addEventListener(
    'click',
    (event) => {
      const button = !live && event.target.closest?.('button');
      if (button && button.matches('.v-leave')) leave();
      else if (button) press(button);
    },
    true,
  );
  addEventListener('keydown', (event) => {
    // "Enter" in a field of one line is "Continue".
    if (live || event.key !== 'Enter' || event.isComposing || !event.target.matches?.('input[type=text]')) return;
    event.preventDefault();
    press(document.querySelector('.v-buttons .v-button'));
  });
  const use = ({ target }) => {
    used.delete(target);
    used.add(target);
  };
  for (const kind of ['input', 'change']) addEventListener(kind, use);

  /** What the page around said of itself: names and values. What is asked may depend on it, so the
      program waits for it, but not for long. */
  let context = '';
  const heard = new Promise((done) => {
    if (around) setTimeout(done, 3000);
    else done();
    addEventListener('message', ({ source, data }) => {
      if (source !== around || data?.v !== 1 || data.t !== 'hello') return;
      context = '';
      for (const [name, value] of Object.entries(data.context ?? {})) context += `${name}\0${value}\0`;
      done();
    });
  });

  /** Heights in steps: exact ones would give away which question is shown, and so what was answered before. */
  let told;
  const measure = () => {
    const px = Math.min(8192, Math.max(96, Math.ceil(document.body.offsetHeight / 32) * 32));
    if (told !== px) tell('height', { px });
    told = px;
  };

  // A program that trapped does nothing any more, and would seem to hang.
  const trapped = ({ error, reason }) => (error ?? reason) instanceof WebAssembly.RuntimeError && failed();
  addEventListener('error', trapped);
  addEventListener('unhandledrejection', trapped);

  // The browser may keep the document and show it again by "Back", with what was entered.
  addEventListener('pageshow', ({ persisted }) => persisted && !live && location.reload());

  // When the line breaks off in the middle of a document, no event says so. What is there cannot be
  // sent, so nobody should go on with it for ever.
  let length;
  const coming = setInterval(() => {
    const now = document.documentElement.textContent.length;
    if (now === length) failed();
    length = now;
  }, 15000);

  const parsed = new Promise((done) => {
    addEventListener('DOMContentLoaded', () => {
      clearInterval(coming);
      tell('ready');
      wait(pressed);
      new ResizeObserver(measure).observe(document.body);
      done();
    });
  });

  /** Tries four times, and waits longer each time: 1, 4 and 9 seconds. */
  const patiently = async (get) => {
    for (let tries = 1; ; tries++) {
      try {
        return await get(tries);
      } catch (error) {
        if (tries > 3) throw error;
        await new Promise((done) => setTimeout(done, 1000 * tries * tries));
      }
    }
  };
  /** The sealer's module; asked for once the program runs, and again when it is needed and did not come. */
  let module;
  const compiled = () =>
    (module ??= fetch(sealer)
      .then((answer) => answer.arrayBuffer())
      .then((bytes) => WebAssembly.compile(bytes))
      .catch((error) => {
        module = undefined;
        throw error;
      }));

  const isDirty = (control) =>
    control.type === 'radio' || control.type === 'checkbox'
      ? control.checked !== control.defaultChecked
      : control.localName === 'select'
        ? control.value !== ''
        : control.value !== control.defaultValue;

  globalThis.views = {
    definition: () => byId('definition').textContent,
    entry: () => byId('views').dataset.entry,
    context: () => context,
    leave,
    failed,
    finished: () => tell('finished'),
    focus: (id) => byId(id)?.focus(),
    live: () => {
      live = true;
      document.documentElement.dataset.live = '';
      const say = (control) => {
        for (const kind of ['input', 'change']) control.dispatchEvent(new Event(kind));
      };
      // In the order in which they were used: where one option excludes others, the last counts.
      // First what nobody used, which the browser filled in.
      const all = [...document.querySelectorAll('input, textarea, select')];
      [...all.filter((control) => !used.has(control)), ...used].filter(isDirty).forEach(say);
      wait(false);
      if (pressed?.isConnected) pressed.click();
      compiled().catch(() => {}); // tried again when it is needed
    },
    // As the sealer's own documentation has it (`crates/survey-sealer`): one instance for one
    // response, and nothing stays in it.
    seal: async (request) => {
      let memory;
      try {
        const { exports } = await WebAssembly.instantiate(await patiently(compiled));
        const at = exports.room(request.length);
        if (!at) throw new RangeError('the request is too long');
        memory = new Uint8Array(exports.memory.buffer);
        memory.set(request, at);
        return memory.slice(at, at + exports.seal(request.length));
      } finally {
        request.fill(0);
        memory?.fill(0);
      }
    },
  };

  // Both at once; asked for anew where they did not come whole.
  const first = fetch(wasm);
  first.catch(() => {}); // seen below
  Promise.all([patiently((tries) => import(tries > 1 ? `${glue}?${tries}` : glue)), parsed, heard])
    .then(([{ default: start }]) => patiently((tries) => start({ module_or_path: tries > 1 ? fetch(wasm) : first })))
    .then(() => live || failed(), failed);
})();
