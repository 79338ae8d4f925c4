/*
 * Runs before anything else of the document, and long before the program: the first question stands
 * as HTML and can be answered at once. Inline, so that it costs no request; the policy of the
 * document names its hash.
 *
 * - Starts the program: fetches both files at once, and again for as long as the signal is bad.
 * - Keeps what is pressed before the program runs. What is chosen or typed, the controls keep.
 * - Leaves the page, at any time and without the program: by the button or by key.
 * - Wears the colours of the page around before anything is drawn.
 * - Talks to the page around (`embed.js`): `ready`, `height`, `started`, `link`, `finished`, `failed`,
 *   `exit` one way, `hello` the other. Never an answer, never how far somebody is.
 * - Calls the sealer, a program of its own.
 *
 * The program has all this as `views` (`src/shell.rs`).
 */
(() => {
  'use strict';

  const { glue, wasm, seal: sealer, exit } = document.currentScript.dataset;
  const root = document.documentElement;
  const byId = (id) => document.getElementById(id);
  const around = parent === self ? null : parent;
  const tell = (t, more) => around?.postMessage({ v: 1, t, ...more }, '*');

  // The style sheet is in layers, and the program is wasm. Where a browser lacks one of them, nothing
  // marks the root, and the document shows whom to call.
  if (!self.CSSLayerBlockRule || !self.WebAssembly) return tell('failed');
  root.dataset.script = '';

  /** What was pressed last, until the program runs: a button, or a key that stands for one; and the
      language that was chosen last, which turns no page. */
  let language, pressed, live, over, stalled;
  /** The controls that were used, each where it was used last. */
  const used = new Set();

  /** How it stands with the program, in a line that is always there: a change of one is announced,
      one that comes with its words often is not. `wait` says that a press is kept, and late: on a
      fast line the next question stands before anybody reads it. `lost` says that the program did
      not come, and offers to try again. */
  let saying;
  const say = (how) => {
    clearTimeout(saying);
    const show = () => {
      const line = byId('wait'); // not while the document is still coming
      if (!line) return;
      const text = line.dataset[how] ?? '';
      if (line.textContent !== text) line.textContent = text;
      byId('again').hidden = how !== 'lost';
    };
    if (how === 'wait') saying = setTimeout(show, 500);
    else show();
  };
  let lost;
  const press = (button) => {
    pressed = button;
    if (!lost) say('wait');
  };
  const CONTINUE = '.v-buttons .v-button';

  /** Blanks in this task: the next page may be slow to come, or never come. Sends nothing. */
  const leave = () => {
    over = true;
    root.hidden = true;
    stop(); // what is still to come of the document, and what was on its way
    dispatchEvent(new Event('leave')); // the program forgets
    const fields = document.querySelectorAll('input, textarea, select');
    for (const field of fields) Object.assign(field, { checked: false, value: '' });
    document.body?.replaceChildren();
    if (around) tell('exit');
    else location.replace(exit);
  };

  // Escape, or Shift alone, three times with at most 5 seconds between. Any other key or a press of
  // the pointer starts the count anew, so capitals and "Shift and click" never leave; nor does a key
  // that repeats, or that an input method takes. `embed.js` counts the same in the page around.
  let escape = 3;
  let which, at, count, alone;
  const another = () => (alone = count = 0);
  const counts = ({ key, timeStamp }) => {
    count = key === which && timeStamp - at <= 5000 ? count + 1 : 1;
    which = key;
    at = timeStamp;
    if (count >= (key === 'Escape' ? escape : 3)) leave();
  };
  const down = (event) => {
    const { key } = event;
    if (event.repeat || !event.isTrusted) return;
    const taken = event.isComposing || event.keyCode === 229 || event.ctrlKey || event.altKey || event.metaKey;
    if (key === 'Shift') alone = !taken;
    else if (key === 'Escape' && !taken && !event.shiftKey) counts(event);
    else another();
  };
  const up = (event) => {
    if (event.key === 'Shift' && alone) counts(event);
  };
  addEventListener('keydown', down, true);
  addEventListener('keyup', up, true);
  addEventListener('pointerdown', another, true);

  /** The colours and the type of the page around, as `embed.js` found them: words such as `light`
      and `ink:#16202a`. Whatever is not one of these is left out. */
  const WORN = /^(((ink|paper|line)(-soft)?|action(-ink|-strong)?|leave(-ink)?|problem|focus-halo):#[\da-f]{6}|radius:\d\d?px|font:(serif|monospace))$/;
  const wear = (look) => {
    if (typeof look !== 'string') return;
    root.removeAttribute('style');
    for (const word of look.split(';')) {
      if (word === 'light' || word === 'dark') root.style.colorScheme = word;
      else if (word === 'escape:1') escape = 1;
      else if (WORN.test(word)) root.style.setProperty(...`--v-${word}`.split(':'));
    }
  };
  if (around) wear(name); // of the frame: there before the first picture is

  /** Shows whom to call, in place of questions that could be answered and never sent. By style, so
      that it holds for what of the document is still to come. */
  const failed = () => {
    if (over) return;
    over = true;
    root.dataset.failed = '';
    if (!stalled) byId('views')?.remove();
    say();
    tell('failed');
  };

  addEventListener(
    'click',
    (event) => {
      const what = event.target.closest?.('button, a[data-link]');
      if (!what) return;
      if (what.matches('.v-leave')) leave();
      else if (what.dataset.link) {
        // A sandboxed frame may neither dial nor open a page. The page around has a list of its own.
        // On the survey's own page a site opens beside what was answered, and not in its place.
        if (!around) {
          if (what.protocol === 'https:') Object.assign(what, { target: '_blank', rel: 'noopener noreferrer' });
          return;
        }
        event.preventDefault();
        tell('link', { i: +what.dataset.link });
      } else if (live && !over) return;
      else if (what.id === 'again') dispatchEvent(new Event('online'));
      else if (what.matches('.v-languages__name')) {
        language = what;
        if (!lost) say('wait');
      } else press(what);
    },
    true,
  );
  addEventListener('keydown', (event) => {
    // "Enter" in a field of one line is "Continue". While a word is composed it is not; Safari says
    // so by the code 229 alone.
    if (live || event.key !== 'Enter' || event.isComposing || event.keyCode === 229) return;
    if (!event.target.matches?.('input[type=text]')) return;
    event.preventDefault();
    press(document.querySelector(CONTINUE) ?? 'Enter'); // which may be still to come
  });
  let started;
  const use = ({ target, isTrusted }) => {
    if (!started && isTrusted && target.closest?.('.v-page')) {
      started = true;
      tell('started');
    }
    if (live) return;
    used.delete(target);
    used.add(target);
    // Whoever answers after "Skip this question" did not mean to skip it.
    if (!pressed?.matches?.('.v-button--quiet')) return;
    pressed = undefined;
    if (!lost) say();
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
      wear(data.theme);
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
  // sent, so nobody should go on with it for ever. If the rest comes after all, so do the questions.
  let length;
  const coming = setInterval(() => {
    const now = root.textContent.length;
    if (now === length && !over) {
      stalled = true;
      failed();
    }
    length = now;
  }, 15000);

  /** Says that the survey stands, and what the way out is called, for a button of the page around. */
  const ready = () => tell('ready', { leave: document.querySelector('#views .v-leave')?.textContent, lang: root.lang, dir: root.dir });

  const parsed = new Promise((done) => {
    addEventListener('DOMContentLoaded', () => {
      clearInterval(coming);
      if (stalled) {
        over = false;
        delete root.dataset.failed;
      }
      if (over) return;
      if (pressed === 'Enter') pressed = document.querySelector(CONTINUE);
      ready();
      say(lost ? 'lost' : pressed && 'wait');
      new ResizeObserver(measure).observe(document.body);
      // In another language it is called something else; the program has written that by then.
      new MutationObserver(() => setTimeout(ready)).observe(root, { attributeFilter: ['lang'] });
      done();
    });
  });

  const after = (ms) => new Promise((done) => setTimeout(done, ms));
  /** Tries four times, and waits longer each time: 1, 4 and 9 seconds. A try takes a minute at most:
      a line can die without a word. */
  const patiently = async (get) => {
    for (let tries = 1; ; tries++) {
      try {
        const late = after(60000).then(() => {
          throw new TypeError('late');
        });
        return await Promise.race([get(), late]);
      } catch (error) {
        if (tries > 3) throw error;
        await after(1000 * tries * tries);
      }
    }
  };
  /** Goes on as long as the line is at fault, and says so: by itself, when there is signal again, and
      when it is asked to. */
  const persistently = async (get) => {
    for (;;) {
      try {
        return await patiently(get);
      } catch (error) {
        if (!(error instanceof TypeError)) throw error; // what came is not what this browser runs
        lost = true;
        say('lost');
        await new Promise((done) => {
          addEventListener('online', done, { once: true });
          setTimeout(done, 30000);
        });
      }
    }
  };
  const compile = async (url) => {
    const answer = await fetch(url);
    if (!answer.ok) throw new TypeError(`${answer.status}`);
    // Compiled as it comes, unless the server does not know what it sends.
    const isNamed = answer.headers.get('content-type')?.includes('wasm');
    return isNamed ? WebAssembly.compileStreaming(answer) : WebAssembly.compile(await answer.arrayBuffer());
  };
  /** The sealer's module; asked for once the program runs, and again when it is needed and did not come. */
  let module;
  const compiled = () =>
    (module ??= compile(sealer).catch((error) => {
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
    failed,
    finished: () => tell('finished'),
    focus: (id) => byId(id)?.focus(),
    live: () => {
      live = true;
      root.dataset.live = '';
      const enter = (control) => {
        for (const kind of ['input', 'change']) control.dispatchEvent(new Event(kind));
      };
      // In the order in which they were used: where one option excludes others, the last counts.
      // First what nobody used, which the browser filled in.
      const all = [...document.querySelectorAll('input, textarea, select')];
      [...all.filter((control) => !used.has(control)), ...used].filter(isDirty).forEach(enter);
      say();
      language?.click();
      if (pressed?.isConnected) pressed.click();
      // What was answered is the program's now, which wipes it.
      used.clear();
      pressed = undefined;
      compiled().catch(() => {}); // tried again when it is needed
    },
    // As the sealer's own documentation has it (`crates/survey-sealer`): one instance for one
    // response, and nothing stays in it. `undefined` where it did not come.
    seal: async (request) => {
      let memory;
      try {
        const came = await patiently(compiled).catch((error) => {
          if (!(error instanceof TypeError)) throw error;
        });
        if (!came) return undefined;
        const { exports } = await WebAssembly.instantiate(came);
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

  // Both at once; asked for anew where they did not come whole. Browsers remember that a module did
  // not come, by its address.
  let times = 0;
  const load = () => import(times++ ? `${glue}?${times}` : glue);
  Promise.all([persistently(load), persistently(() => compile(wasm)), parsed, heard])
    .then(([{ default: start }, program]) => start({ module_or_path: program }))
    .then(() => live || failed(), failed);
})();
