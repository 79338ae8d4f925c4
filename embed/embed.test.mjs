// Tests of embed.js: `node --test embed/embed.test.mjs`. No packages and no browser: the loader runs in a `node:vm`
// context whose document is the small stand-in below. What needs a real browser (layout, CSP,
// sandbox) is tested in tests/e2e. It is long because the stand-in is in it. `VIEWS_EMBED=site/embed.js` tests the loader as it was published.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import vm from 'node:vm';

const SOURCE = readFileSync(process.env.VIEWS_EMBED || new URL('embed.js', import.meta.url), 'utf8');
/** With other tables than it was published with: empty ones, unless a test names some. */
const sourceWith = (tables) => {
  let source = SOURCE;
  for (const [name, table] of Object.entries(tables)) {
    const [before, after, more] = source.split(new RegExp(`^ *const ${name} = .*;$`, 'm'));
    assert.ok(after && more === undefined, `one line of its own holds the table ${name}`);
    source = before + `const ${name} = ${JSON.stringify(table)};` + after;
  }
  return source;
};
/** The published one has no comments, but it has the same values. */
const valueOf = (name) => vm.runInNewContext(`(${new RegExp(`const ${name} = ([^;]*);`).exec(SOURCE)[1]})`);
const WEATHER = 'https://www.bbc.co.uk/weather';

class Style {
  // As browsers do: what is no colour is not taken.
  set color(text) {
    if (text !== 'nonsense') this.colour = text;
  }
  get color() {
    return this.colour;
  }
  setProperty(name, value, priority) {
    if (value === '') delete this[name];
    else this[name] = priority ? `${value} !${priority}` : value;
  }
}

class Element {
  childNodes = [];
  style = new Style();
  #attributes = new Map();
  constructor(localName = 'survey-frame') {
    this.localName = localName;
    if (localName === 'iframe') this.contentWindow = { sent: [], postMessage: (...sent) => this.contentWindow.sent.push(sent) };
  }
  get attributes() {
    return [...this.#attributes].map(([name, value]) => ({ name, value }));
  }
  get dataset() {
    return { survey: this.getAttribute('data-survey') };
  }
  get nextElementSibling() {
    const siblings = this.parentNode?.childNodes ?? [];
    return siblings[siblings.indexOf(this) + 1] ?? null;
  }
  getAttribute(name) {
    return this.#attributes.get(name) ?? null;
  }
  setAttribute(name, value) {
    const before = this.getAttribute(name);
    this.#attributes.set(name, String(value));
    if (this.constructor.observedAttributes?.includes(name)) this.attributeChangedCallback(name, before, String(value));
  }
  attachShadow() {
    return (this.shadowRoot = new Element('#shadow-root'));
  }
  append(...nodes) {
    for (const node of nodes) {
      if (node instanceof Element) {
        if (node.parentNode) node.parentNode.childNodes = node.parentNode.childNodes.filter((other) => other !== node);
        node.parentNode = this;
      }
      this.childNodes.push(node);
      node.connectedCallback?.();
    }
  }
  after(node) {
    node.parentNode = this.parentNode;
    this.parentNode.childNodes.splice(this.parentNode.childNodes.indexOf(this) + 1, 0, node);
    node.connectedCallback?.();
  }
  remove() {
    this.parentNode.childNodes = this.parentNode.childNodes.filter((node) => node !== this);
    this.parentNode = null;
    this.disconnectedCallback?.();
  }
  replaceChildren() {
    for (const node of [...this.childNodes]) node.remove?.();
    this.childNodes = [];
  }
  closest(name) {
    return this.localName === name ? this : (this.parentNode?.closest(name) ?? null);
  }
  find(name) {
    if (this.localName === name || '#' + this.id === name) return this;
    for (const node of [this.shadowRoot, ...this.childNodes]) {
      const found = node instanceof Element && node.find(name);
      if (found) return found;
    }
  }
  addEventListener(type, listener) {
    this['on' + type] = listener;
  }
  dispatchEvent({ type }) {
    this.heard = [...(this.heard ?? []), type];
  }
}

/** A page of its own for each test. `run` puts a script tag into the page and runs embed.js as it. */
const openPage = ({ framed = false, documents = {}, links = {}, computed = {}, deviceIsDark = false } = {}) => {
  const page = { listeners: new Map(), timers: new Map(), errors: [], steps: [], now: 0, deviceIsDark };
  const body = (page.body = new Element('body'));
  const head = (page.head = new Element('head'));
  const classes = new Map();
  const document = (page.document = {
    baseURI: 'https://partner.example/help/',
    body,
    documentElement: new Element('html'),
    createElement: (name) => (classes.has(name) ? new (classes.get(name))() : new Element(name)),
    getElementById: (id) => body.find('#' + id) ?? null,
    addEventListener: (type, listener) => page.listeners.set('document ' + type, listener),
    open: () => page.steps.push('wipe'),
    close() {},
    set title(text) {
      page.steps.push('title ' + text);
    },
  });
  document.documentElement.style.setProperty = (...style) => page.steps.push(style.join(' '));
  const go = (url) => page.steps.push('go ' + url);
  const refuse = () => {
    throw new Error('not allowed to move the top window');
  };
  const context = vm.createContext({
    document,
    location: {
      replace: (url) => go(url + ' in its own window'),
      set href(url) {
        page.steps.push('follow ' + url);
      },
    },
    open: (...how) => page.steps.push('open ' + how.join(' ')),
    AbortController,
    getComputedStyle: (element) =>
      element.localName === 'survey-frame'
        ? { colorScheme: computed['color-scheme'] ?? 'normal', getPropertyValue: (name) => computed[name] ?? '' }
        : { color: browserColour(element.style.color) },
    matchMedia: (query) => ({
      get matches() {
        return query === '(prefers-color-scheme: dark)' && page.deviceIsDark;
      },
      addEventListener: (type, listener, { signal }) => {
        page.changeDevice = () => signal.aborted || listener();
      },
    }),
    IntersectionObserver: class {
      constructor(notify) {
        page.scroll = (frame, way) =>
          notify([{ target: page.frame, isIntersecting: frame }, { target: page.host.find('i'), isIntersecting: way }]);
      }
      observe() {}
      disconnect() {
        page.scroll = undefined;
      }
    },
    top: { location: { replace: framed ? refuse : go } },
    URL,
    TextEncoder,
    HTMLElement: Element,
    Event: class {
      constructor(type) {
        this.type = type;
      }
    },
    customElements: { get: (name) => classes.get(name), define: (name, type) => classes.set(name, type) },
    console: { error: (text) => page.errors.push(text) },
    addEventListener: (type, listener, { signal, capture = false }) => {
      page.listeners.set(type, Object.assign(listener, { capture }));
      signal.addEventListener('abort', () => page.listeners.get(type) === listener && page.listeners.delete(type));
    },
    setTimeout: (action, ms = 0) => {
      const id = page.timers.size + 1;
      page.timers.set(id, { action, at: page.now + ms });
      return id;
    },
    clearTimeout: (id) => page.timers.get(id) && (page.timers.get(id).action = null),
  });

  page.run = (attributes, parent = body) => {
    const tag = attributes && Object.assign(new Element('script'), { src: attributes.src });
    for (const [name, value] of Object.entries(attributes ?? {})) tag.setAttribute(name, value);
    if (tag) parent.append(tag);
    page.runAgain(tag);
    return tag;
  };
  page.runAgain = (tag) => {
    document.currentScript = tag;
    vm.runInContext(sourceWith({ DOCUMENTS: documents, LINKS: links }), context);
    document.currentScript = null;
  };
  page.create = (attributes) => {
    const element = document.createElement('survey-frame');
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  };
  page.wait = (ms) => {
    page.now += ms;
    for (const timer of page.timers.values()) {
      if (timer.at > page.now || !timer.action) continue;
      const { action } = timer;
      timer.action = null;
      action();
    }
  };
  Object.defineProperties(page, {
    host: { get: () => body.find('survey-frame') },
    frame: { get: () => page.host.find('iframe') },
    way: { get: () => page.host.find('button') },
    height: { get: () => page.frame.style.height },
    fallback: { get: () => page.host.find('slot').style.display !== 'none' },
  });
  page.hear = (data, from = {}) => page.listeners.get('message')?.({ source: page.frame.contentWindow, origin: 'null', data, ...from });
  page.say = (t, more) => page.hear({ v: 1, t, ...more });
  page.key = (type, key, more) =>
    page.listeners.get(type)?.({ key, timeStamp: page.now, isTrusted: true, ...more });
  page.press = (key, more) => {
    page.key('keydown', key, more);
    page.key('keyup', key, more);
  };
  page.isLeft = () => page.steps.some((step) => step.startsWith('go '));
  return page;
};

/** What a browser makes of a colour: the few notations that these tests use. */
const browserColour = (text) => {
  const [, ...hex] = /^#(..)(..)(..)$/.exec(text) ?? [];
  if (hex.length) return `rgb(${hex.map((part) => parseInt(part, 16)).join(', ')})`;
  return { navy: 'rgb(0, 0, 128)' }[text] ?? text;
};

/** What a page that says nothing of itself looks like. */
const LIGHT =
  'light;ink:#16202a;ink-soft:#465360;paper:#ffffff;paper-soft:#f1f4f6;line:#6b7884;action:#1a5573;action-ink:#ffffff;' +
  'leave:#9d2a1d;leave-ink:#ffffff;problem:#a3230f;line-soft:#cdd5db;action-strong:#123d53;focus-halo:#ffd84d;radius:4px';
const LINKS = { '48b33f92': ['tel:999', '', 'sms:85258', 'https://help.example/chat', 'javascript:alert(1)', 'http://help.example/'] };
const TAG = { src: 'https://views.example/embed.js', 'data-survey': 'victim-voice' };
const mounted = (more, how) => {
  const page = openPage(how);
  page.run({ ...TAG, ...more });
  return page;
};

test('it sets no style or markup as text, and names its licence', () => {
  assert.match(SOURCE, /^\/\*! [^\n]*MIT OR Apache-2\.0\. \*\/\n/);
  assert.doesNotMatch(SOURCE, /innerHTML|outerHTML|insertAdjacent|document\.write|cssText|'style'|srcdoc|\beval\b|Function\(/);
});

test('the frame stands behind the tag, sandboxed, and its address does not spell the survey', () => {
  const page = mounted();
  assert.equal(page.body.childNodes[1], page.host);
  const { src, sandbox, referrerPolicy, title, allow } = page.frame;
  assert.equal(String(src), 'https://views.example/s/48b33f92/');
  assert.deepEqual({ sandbox, referrerPolicy, title, allow }, {
    sandbox: 'allow-scripts', referrerPolicy: 'no-referrer', title: 'Your views', allow: undefined,
  });
});

test('the frame shows the document that was published, in the language or the one behind it', () => {
  const documents = { '48b33f92': { '': 'views-0.html', cy: 'views-1.html', 'zh-Hant': 'views-2.html' } };
  for (const [lang, name, folder] of [
    [undefined, 'views-0.html', ''], ['', 'views-0.html', ''], ['cy', 'views-1.html', 'cy/'], ['cy-GB', 'views-1.html', 'cy/'],
    ['zh-Hant', 'views-2.html', 'zh-Hant/'], ['pl', 'views-0.html', ''], ['zh', 'views-0.html', ''],
  ]) {
    const page = mounted(lang === undefined ? {} : { 'data-lang': lang }, { documents });
    assert.equal(String(page.frame.src), `https://views.example/s/48b33f92/${name}`, lang);
    assert.equal(String(page.host.find('a').href), `https://views.example/s/48b33f92/${folder}`, 'the link is one that stays');
  }
  const other = mounted({ 'data-survey': 'a' }, { documents });
  assert.equal(String(other.frame.src), 'https://views.example/s/e40c292c/');
});

test('a document that comes and says nothing is asked for once more, under the address that stays', () => {
  const documents = { '48b33f92': { '': 'views-0.html', cy: 'views-1.html' } };
  const silent = mounted({ 'data-lang': 'cy' }, { documents });
  silent.wait(10_000);
  assert.match(String(silent.frame.src), /views-1/, 'a slow line is no silence');
  silent.frame.onload();
  silent.wait(1499);
  assert.match(String(silent.frame.src), /views-1/);
  silent.wait(1);
  assert.equal(String(silent.frame.src), 'https://views.example/s/48b33f92/cy/');

  const speaks = mounted({}, { documents });
  speaks.frame.onload();
  speaks.say('ready');
  speaks.wait(60_000);
  assert.match(String(speaks.frame.src), /views-0/);
  assert.equal(mounted().frame.onload, undefined, 'without a table, there is nothing else to ask for');
});

test('a survey that was not published with it is asked for by name and language', () => {
  for (const [lang, folder] of [['cy', 'cy/'], ['zh-Hant-TW', 'zh-Hant-TW/'], ['..', ''], ['cy/..', ''], ['-', ''], ['é', '']]) {
    assert.equal(String(mounted({ 'data-lang': lang }).frame.src), `https://views.example/s/48b33f92/${folder}`, lang);
  }
});

test('page codes are FNV-1a, 32 bit, of the UTF-8 name', () => {
  const code = (survey) => /s\/(.*)\/$/.exec(String(mounted({ 'data-survey': survey }).frame.src))[1];
  // The first two: test vectors of the authors of FNV.
  assert.equal(code('a'), 'e40c292c');
  assert.equal(code('foobar'), 'bf9cf968');
  for (let i = 0; i < 300; i++) {
    const survey = `é${i}-日本`;
    let hash = 0x811c9dc5n;
    for (const byte of Buffer.from(survey)) hash = ((hash ^ BigInt(byte)) * 0x01000193n) & 0xffffffffn;
    assert.equal(code(survey), hash.toString(16).padStart(8, '0'));
  }
});

test('the folder of embed.js is the base, also when it is not the root', () => {
  assert.equal(String(mounted({ src: 'https://a.example/v/embed.js?x' }).frame.src), 'https://a.example/v/s/48b33f92/');
});

test('the fallback stands until the frame is ready', () => {
  const page = mounted();
  assert.equal(page.fallback, true);
  assert.equal(page.frame.inert, true);
  assert.equal(page.frame.style.opacity, 0);
  assert.equal(String(page.host.find('a').href), 'https://views.example/s/48b33f92/');
  page.say('ready');
  assert.equal(page.fallback, false);
  assert.equal(page.frame.inert, false);
  assert.equal(page.frame.style.opacity, 1);
  assert.deepEqual(page.host.heard, ['survey-ready']);
  page.wait(60_000);
  assert.equal(page.fallback, false);
});

test('after 20 s the wait is over, and a late frame still takes its place', () => {
  const page = mounted();
  page.wait(19_999);
  assert.equal(page.host.heard, undefined);
  page.wait(1);
  assert.deepEqual(page.host.heard, ['survey-failed']);
  assert.equal(page.host.find('div').style.minHeight, '');
  assert.equal(page.fallback, true);
  page.say('ready');
  assert.equal(page.fallback, false);
});

test('a frame that breaks brings the fallback back and stays to say what happened', () => {
  const page = mounted();
  page.say('ready');
  page.say('failed');
  page.say('failed');
  assert.equal(page.fallback, true);
  assert.equal(page.frame.style.opacity, 1);
  assert.deepEqual(page.host.heard, ['survey-ready', 'survey-failed']);
});

test('ready may be said more than once, and is news only once', () => {
  const page = mounted();
  page.say('ready');
  page.say('ready');
  assert.deepEqual(page.host.heard, ['survey-ready']);
  assert.equal(page.frame.contentWindow.sent.length, 2, 'each is answered: the document may be another one');
  page.say('failed');
  assert.equal(page.fallback, true);
  page.say('ready');
  assert.equal(page.fallback, false);
  assert.deepEqual(page.host.heard, ['survey-ready', 'survey-failed', 'survey-ready']);
});

test('an element of the page can be the fallback, parsed before the tag or after it', () => {
  const page = openPage();
  const own = Object.assign(new Element('p'), { id: 'link' });
  page.run({ ...TAG, 'data-fallback': '#link' });
  assert.equal(page.fallback, false, 'the default does not stand beside one that is still to come');
  page.body.append(own);
  page.listeners.get('document DOMContentLoaded')();
  assert.equal(own.parentNode, page.host);
  page.host.append = () => assert.fail('moved again, its link would lose the focus');
  assert.equal(page.fallback, true);
  page.say('ready');
  assert.equal(page.fallback, false);
  page.say('failed');
  assert.equal(page.fallback, true);
});

test('a mistyped fallback does not leave the page empty', () => {
  const page = mounted({ 'data-fallback': '#nowhere' });
  page.say('failed');
  assert.equal(page.fallback, true);
});

test('ready is answered with declared context and what the page looks like, and nothing else', () => {
  const page = mounted({ 'data-lang': 'cy', 'data-context-site': 'met', 'data-context-channel': 'web', 'data-other': 'x' });
  page.say('ready');
  const [[hello, target]] = page.frame.contentWindow.sent;
  assert.deepEqual(structuredClone(hello), { v: 1, t: 'hello', theme: LIGHT, context: { site: 'met', channel: 'web' } });
  assert.equal(target, '*');
  const plain = mounted();
  plain.say('ready');
  assert.deepEqual(structuredClone(plain.frame.contentWindow.sent[0][0]), { v: 1, t: 'hello', theme: LIGHT, context: {} });
});

test('only the frame is listened to, and only what is agreed', () => {
  const page = mounted({}, { links: LINKS });
  const all = ['ready', 'height', 'started', 'link', 'finished', 'failed', 'exit'];
  for (const t of all) {
    page.hear({ v: 1, t, px: 640, i: 0 }, { source: {} });
    page.hear({ v: 1, t, px: 640, i: 0 }, { source: null });
    page.hear({ v: 1, t, px: 640, i: 0 }, { origin: 'https://views.example' });
    page.hear({ v: 2, t, px: 640, i: 0 });
    page.hear({ t, px: 640, i: 0 });
    page.hear([1, t]);
    page.hear(t);
  }
  for (const data of [null, undefined, 1, '', {}, { v: 1 }, { v: 1, t: 'answer', a: 1 }, { v: 1, t: ['exit'] }]) page.hear(data);
  assert.equal(page.fallback, true);
  assert.equal(page.height, '384px');
  assert.deepEqual([page.host.heard, page.steps, page.frame.contentWindow.sent], [undefined, [], []]);
});

test('heights are whole steps of 32 within 96 and 8192', () => {
  for (const [px, height] of [
    [640, '640px'], [641, '672px'], [1, '96px'], [0, '96px'], [-64, '96px'], [8192, '8192px'], [1e9, '8192px'],
    [640.5, '384px'], [NaN, '384px'], [Infinity, '384px'], ['640', '384px'], [null, '384px'], [undefined, '384px'], [[640], '384px'],
  ]) {
    const page = mounted();
    page.say('ready');
    page.say('height', { px });
    assert.equal(page.height, height, String(px));
  }
});

test('it grows at once, and shrinks after a quiet moment by more than one step', () => {
  const page = mounted();
  page.say('ready');
  page.say('height', { px: 640 });
  page.say('height', { px: 608 });
  page.wait(1000);
  assert.equal(page.height, '640px', 'one step is noise');
  page.say('height', { px: 320 });
  page.wait(249);
  assert.equal(page.height, '640px');
  page.wait(1);
  assert.equal(page.height, '320px');
  page.say('height', { px: 704 });
  assert.equal(page.height, '704px');
});

test('a height that goes to and fro stays at the larger', () => {
  const page = mounted();
  page.say('ready');
  for (let i = 0; i < 100; i++) {
    page.say('height', { px: i % 2 ? 320 : 640 });
    page.wait(100);
    assert.equal(page.height, '640px');
  }
});

test('leaving blanks the page first and then replaces it', () => {
  const page = mounted({ 'data-exit': 'https://neutral.example/a' });
  const { host } = page;
  page.say('exit');
  assert.deepEqual(host.heard, ['survey-left']);
  assert.deepEqual(page.steps, ['display none important', 'wipe', 'title Loading', 'go https://neutral.example/a']);
  assert.deepEqual(page.body.childNodes, []);
});

test('leaving goes to the weather unless a safe address is given', () => {
  for (const [exit, url] of [
    [undefined, WEATHER], ['', WEATHER], ['/home', WEATHER], ['neutral.example', WEATHER], ['//neutral.example', WEATHER],
    ['javascript:alert(1)', WEATHER], ['data:text/html,x', WEATHER], ['blob:https://a.example/1', WEATHER],
    ['http://neutral.example/', WEATHER], ['http://localhost.evil.example/', WEATHER], ['http://127.0.0.1.evil.example/', WEATHER],
    ['http://localhost@evil.example/', WEATHER], ['https://neutral.example/', 'https://neutral.example/'],
    ['http://localhost:8080/x', 'http://localhost:8080/x'], ['http://127.0.0.1/', 'http://127.0.0.1/'], ['http://[::1]:1/', 'http://[::1]:1/'],
  ]) {
    const page = mounted(exit === undefined ? {} : { 'data-exit': exit });
    page.say('exit');
    assert.equal(page.steps.at(-1), 'go ' + url, exit);
  }
});

test('leaving works where the page may not move its top window', () => {
  const page = mounted({}, { framed: true });
  page.say('exit');
  assert.equal(page.steps.at(-1), `go ${WEATHER} in its own window`);
});

test('leaving works even where the page cannot be wiped', () => {
  const page = mounted();
  page.document.open = () => {
    throw new Error('not in an XML document');
  };
  assert.throws(() => page.say('exit'));
  assert.equal(page.steps[0], 'display none important');
  assert.equal(page.steps.at(-1), 'go ' + WEATHER);
});

test('a tag that runs twice mounts once, two tags mount twice', () => {
  const page = openPage();
  const tag = page.run(TAG);
  page.runAgain(tag);
  page.run({ ...TAG, 'data-survey': 'other' });
  assert.deepEqual(page.body.childNodes.map((node) => node.localName), ['script', 'survey-frame', 'script', 'survey-frame']);
});

test('the element takes the same options without data-', () => {
  const page = openPage();
  page.run({ src: TAG.src });
  page.body.append(page.create({ survey: 'victim-voice', lang: 'pl', 'context-site': 'met', 'data-title': 'Eich barn' }));
  assert.equal(String(page.frame.src), 'https://views.example/s/48b33f92/pl/');
  assert.equal(page.frame.title, 'Eich barn');
  page.say('ready');
  assert.deepEqual(structuredClone(page.frame.contentWindow.sent[0][0]).context, { site: 'met' });
});

test('the element waits for its survey, and follows a change of it', () => {
  const page = openPage();
  page.run({ src: TAG.src });
  const element = page.create({});
  page.body.append(element);
  assert.equal(page.frame, undefined);
  assert.equal(page.fallback, true);
  element.setAttribute('survey', 'a');
  const first = page.frame;
  assert.match(String(first.src), /e40c292c/);
  element.setAttribute('survey', 'a');
  assert.equal(page.frame, first, 'the same value again does not restart it');
  element.setAttribute('survey', 'foobar');
  assert.match(String(page.frame.src), /bf9cf968/);
  assert.equal(element.shadowRoot.childNodes.length, 1);
});

test('taken out it is silent, put back it starts anew', () => {
  const page = openPage();
  page.run({ src: TAG.src });
  const element = page.create({ survey: 'a' });
  page.body.append(element);
  element.remove();
  assert.equal(page.listeners.has('message'), false);
  assert.equal(element.shadowRoot.childNodes.length, 0);
  page.wait(60_000);
  assert.equal(element.heard, undefined);
  page.body.append(element);
  assert.equal(page.fallback, true);
  page.say('ready');
  assert.equal(page.fallback, false);
  assert.equal(typeof element.connectedMoveCallback, 'function', 'else moveBefore would count as removal');
});

test('the events say that somebody started, once, and that the survey was left', () => {
  const page = mounted();
  const { host } = page;
  page.say('started');
  page.say('started');
  page.say('ready');
  page.say('exit');
  assert.deepEqual(host.heard, ['survey-started', 'survey-ready', 'survey-left']);
});

test('Escape or Shift, three times, leaves: from the page around as well', () => {
  for (const key of ['Escape', 'Shift']) {
    const page = mounted();
    assert.ok(page.listeners.get('keydown').capture && page.listeners.get('keyup').capture, 'before the page hears of it');
    page.press(key);
    page.wait(5000);
    page.press(key);
    page.wait(5000);
    page.key('keydown', key);
    assert.equal(page.isLeft(), key === 'Escape', 'Shift counts when it is let go, and nothing was typed with it');
    page.key('keyup', key);
    assert.equal(page.isLeft(), true, key);
  }
});

test('keys that mean something else do not leave', () => {
  const [esc, shift] = ['Escape', 'Shift'];
  const presses = {
    'twice': (page) => [esc, esc].forEach((key) => page.press(key)),
    'another key between': (page) => [esc, esc, 'a', esc, shift, shift, 'Tab', shift].forEach((key) => page.press(key)),
    'one of each': (page) => [esc, esc, shift, shift, esc, esc].forEach((key) => page.press(key)),
    'a pause of more than 5 s': (page) => [esc, esc, esc, esc].forEach((key) => (page.press(key), page.wait(5001))),
    'a pointer between': (page) => [esc, esc, esc].forEach((key) => (page.press(key), page.listeners.get('pointerdown')())),
    'repeated': (page) => [1, 2, 3, 4].forEach(() => page.key('keydown', esc, { repeat: true })),
    'by a script': (page) => [1, 2, 3].forEach(() => page.press(esc, { isTrusted: false })),
    'while composing': (page) => [1, 2, 3].forEach(() => page.press(esc, { isComposing: true })),
    'taken by an input method': (page) => [1, 2, 3].forEach(() => page.press(shift, { keyCode: 229 })),
    'with another key': (page) => [1, 2, 3].forEach(() => page.press(esc, { ctrlKey: true })),
    'Shift and Escape': (page) => [1, 2, 3].forEach(() => page.press(esc, { shiftKey: true })),
    'Shift and Ctrl': (page) => [1, 2, 3].forEach(() => page.press(shift, { ctrlKey: true })),
    'capitals': (page) => {
      for (const letter of 'ABCD') {
        page.key('keydown', shift);
        page.key('keydown', letter, { shiftKey: true });
        page.key('keyup', letter, { shiftKey: true });
        page.key('keyup', shift);
      }
    },
    'capitals, Shift let go first': (page) => {
      for (const letter of 'ABCD') {
        page.key('keydown', shift);
        page.key('keydown', letter, { shiftKey: true });
        page.key('keyup', shift);
        page.key('keyup', letter);
      }
    },
    'Shift and click': (page) => {
      for (let i = 0; i < 3; i++) {
        page.key('keydown', shift);
        page.listeners.get('pointerdown')();
        page.key('keyup', shift);
      }
    },
    'Shift let go that was pressed elsewhere': (page) => [1, 2, 3].forEach(() => page.key('keyup', shift)),
  };
  for (const [what, press] of Object.entries(presses)) {
    const page = mounted();
    press(page);
    assert.equal(page.isLeft(), false, what);
  }
});

test('one Escape is enough where the site does so itself, here and in the frame', () => {
  for (const [value, isEnough] of [['1', true], ['3', false], ['', false], ['0', false]]) {
    const page = mounted({ 'data-escape': value });
    assert.equal(page.frame.name.endsWith(';escape:1'), isEnough, value);
    page.press('Escape');
    assert.equal(page.isLeft(), isEnough, value);
    const shift = mounted({ 'data-escape': value });
    shift.press('Shift');
    assert.equal(shift.isLeft(), false);
  }
});

test('keys leave only while a survey is there', () => {
  const page = openPage();
  page.run({ src: TAG.src });
  const element = page.create({ survey: 'a' });
  page.body.append(element);
  element.remove();
  for (const key of ['Escape', 'Escape', 'Escape']) page.press(key);
  assert.equal(page.isLeft(), false);
  assert.deepEqual([...page.listeners.keys()], ['document DOMContentLoaded'], 'nothing listens any more');
});

test('a way out stays in view while that of the frame is not', () => {
  const page = mounted({ 'data-exit': 'https://neutral.example/' });
  const siblings = page.way.parentNode.childNodes;
  assert.ok(siblings.indexOf(page.way) < siblings.indexOf(page.frame), 'before the survey for the Tab key');
  assert.deepEqual([page.way.localName, page.way.type, page.way.popover], ['button', 'button', 'manual']);
  const isShown = () => page.way.style.display === 'block';
  assert.equal(isShown(), false);
  page.scroll(true, false);
  assert.equal(isShown(), false, 'there is nothing to leave before the survey stands');
  page.say('ready', { leave: 'Gadael', lang: 'cy', dir: 'ltr' });
  assert.equal(isShown(), true);
  assert.deepEqual([page.way.textContent, page.way.lang, page.way.dir], ['Gadael', 'cy', 'ltr']);
  assert.deepEqual([page.way.style.right, page.way.style.left], ['8px', undefined]);
  page.scroll(true, true);
  assert.equal(isShown(), false);
  page.scroll(false, false);
  assert.equal(isShown(), false, 'the survey is not on the screen');
  page.scroll(true, false);
  page.host.shadowRoot.activeElement = page.way;
  page.scroll(true, true);
  assert.equal(isShown(), true, 'who has the focus keeps it');
  page.host.shadowRoot.activeElement = null;
  page.way.onblur();
  page.wait(1);
  assert.equal(isShown(), false);
  page.scroll(true, false);
  page.say('failed');
  assert.equal(isShown(), true);
  page.way.onclick();
  assert.equal(page.steps.at(-1), 'go https://neutral.example/');
});

test('the way out is named in the language of the survey, by words that were looked at', () => {
  const rtl = mounted();
  rtl.say('ready', { leave: 'غادر', lang: 'ar', dir: 'rtl' });
  assert.deepEqual([rtl.way.textContent, rtl.way.lang, rtl.way.dir, rtl.way.style.left], ['غادر', 'ar', 'rtl', '8px']);
  for (const leave of [undefined, null, '', 7, ['Leave'], {}, 'x'.repeat(61)]) {
    const page = mounted();
    page.say('ready', { leave, lang: 'cy', dir: 'rtl' });
    assert.deepEqual([page.way.textContent, page.way.lang, page.way.dir], ['Leave this page', 'en', 'ltr']);
  }
  const odd = mounted();
  odd.say('ready', { leave: 'x'.repeat(60), lang: '"><b>', dir: 'auto' });
  assert.deepEqual([odd.way.textContent, odd.way.lang, odd.way.dir], ['x'.repeat(60), '', 'ltr']);
});

test('the frame opens what stands in the list, by number, and nothing else', () => {
  for (const [i, step] of [[0, 'follow tel:999'], [2, 'follow sms:85258'], [3, 'open https://help.example/chat _blank noopener,noreferrer']]) {
    const page = mounted({}, { links: LINKS });
    page.say('link', { i });
    assert.deepEqual(page.steps, [step]);
  }
  const page = mounted({}, { links: LINKS });
  for (const i of [1, 4, 5, 6, -1, 0.5, NaN, '0', 'length', 'constructor', null, undefined, [0], {}, 'tel:1', 'https://a.example']) page.say('link', { i });
  for (const more of [{ url: 'https://a.example' }, { href: 'tel:1' }, { i: 99, url: 'tel:1' }]) page.say('link', more);
  const without = mounted({ 'data-survey': 'other' }, { links: LINKS });
  without.say('link', { i: 0 });
  assert.deepEqual([page.steps, without.steps], [[], []]);
});

test('its colours are those of the style sheet, and they go with each other', () => {
  const colours = valueOf('COLOURS');
  const sheet = readFileSync(new URL('../style/views.css', import.meta.url), 'utf8');
  const tokens = (text) => Object.fromEntries([...text.matchAll(/--v-([a-z-]+): (#[\da-f]{6});/g)].map(([, ...token]) => token));
  const [light, dark] = sheet.slice(sheet.indexOf('@layer tokens {'), sheet.indexOf('@layer base {')).split('(prefers-color-scheme: dark)');
  for (const [scheme, tokens_] of [tokens(light), tokens(dark)].entries()) {
    const ours = Object.fromEntries(Object.entries(colours).map(([name, both]) => [name, both[scheme]]));
    assert.deepEqual(ours, { ...tokens_ }, 'style/views.css and COLOURS of embed.js differ');
  }
  for (const computed of [{}, { 'color-scheme': 'dark' }]) assert.deepEqual(mounted({}, { computed }).errors, []);
});

test('the frame is light or dark as the page is, whatever the device prefers', () => {
  for (const [scheme, deviceIsDark, used] of [
    [undefined, false, 'light'], [undefined, true, 'light'], ['normal', true, 'light'], ['light', true, 'light'], ['dark', false, 'dark'],
    ['light dark', false, 'light'], ['light dark', true, 'dark'], ['dark light', true, 'dark'], ['only light', true, 'light'],
  ]) {
    const page = mounted({}, { computed: { 'color-scheme': scheme }, deviceIsDark });
    assert.equal(page.frame.name.split(';')[0], used, `${scheme} on ${deviceIsDark}`);
    assert.match(page.frame.name, used === 'dark' ? /;ink:#eef2f5;/ : /;ink:#16202a;/);
  }
  const page = mounted({}, { computed: { 'color-scheme': 'light dark' } });
  page.say('ready');
  page.deviceIsDark = true;
  page.changeDevice();
  assert.deepEqual(page.frame.contentWindow.sent.map(([{ theme }]) => theme.split(';')[0]), ['light', 'dark']);
});

test('a partner sets ten colours, the corners and the kind of type', () => {
  const computed = {
    '--survey-ink': ' #111111', '--survey-ink-soft': '#333333', '--survey-paper': '#fffff0', '--survey-paper-soft': '#eeeeee',
    '--survey-line': '#555555', '--survey-action': 'navy', '--survey-action-ink': '#ffffff', '--survey-leave': '#7a0000',
    '--survey-leave-ink': '#ffffee', '--survey-problem': '#880000', '--survey-radius': '12.5px', '--survey-font': 'serif',
    '--survey-line-soft': '#ff0000', '--survey-focus-halo': '#ff0000',
  };
  const page = mounted({}, { computed });
  assert.deepEqual(page.errors, []);
  assert.equal(
    page.frame.name,
    'light;ink:#111111;ink-soft:#333333;paper:#fffff0;paper-soft:#eeeeee;line:#555555;action:#000080;action-ink:#ffffff;' +
      'leave:#7a0000;leave-ink:#ffffee;problem:#880000;line-soft:#555555;action-strong:#000080;focus-halo:#ffd84d;radius:12px;font:serif',
  );
  assert.deepEqual([page.way.style.background, page.way.style.color, page.way.style.borderRadius], ['#7a0000', '#ffffee', '12px']);
});

test('what nobody could read is refused in pairs, and the developer is told', () => {
  const page = mounted({}, { computed: { '--survey-action': '#ffff00', '--survey-leave': '#fff000', '--survey-leave-ink': '#fffff0' } });
  assert.match(page.frame.name, /;action:#1a5573;action-ink:#ffffff;leave:#9d2a1d;leave-ink:#ffffff;/);
  assert.deepEqual(page.errors, [
    '<survey-frame> --survey-action on --survey-paper: contrast 1.07, needs 4.5; the usual pair is used',
    '<survey-frame> --survey-leave-ink on --survey-leave: contrast 1.17, needs 4.5; the usual pair is used',
  ]);
  page.say('ready');
  assert.equal(page.errors.length, 2, 'once');

  // From the list of greys that everybody checks with: #767676 is the lightest on white.
  const grey = (ink) => mounted({}, { computed: { '--survey-ink-soft': ink, '--survey-paper-soft': '#ffffff' } });
  assert.deepEqual(grey('#767676').errors, []);
  assert.match(grey('#777777').errors[0], /--survey-ink-soft on --survey-paper: contrast 4.48, needs 4.5/);

  // A dark sheet alone goes with none of the usual inks; white ink with it would, but not without.
  const dark = mounted({}, { computed: { '--survey-paper': '#101010', '--survey-ink': '#fafafa' } });
  assert.match(dark.frame.name, /^light;ink:#16202a;ink-soft:#465360;paper:#ffffff;/);
  assert.match(dark.errors.join(), /--survey-ink-soft on --survey-paper: contrast 2.\d\d.*--survey-ink on --survey-paper-soft: contrast 1.\d\d/);
});

test('what is no colour, no length and no kind of type is not taken', () => {
  const computed = {
    '--survey-ink': 'nonsense', '--survey-paper': 'rgba(255, 255, 255, 0.5)', '--survey-line': 'url(https://a.example)',
    '--survey-radius': '1rem', '--survey-font': 'Comic Sans MS',
  };
  const page = mounted({}, { computed });
  assert.equal(page.frame.name, LIGHT);
  assert.deepEqual(page.errors.map((text) => /--survey-[a-z]+/.exec(text)[0]), ['--survey-ink', '--survey-paper', '--survey-line']);
  for (const [radius, px] of [['0px', '0px'], ['24px', '24px'], ['99px', '24px'], ['100px', '4px'], ['-4px', '4px']]) {
    const { name } = mounted({}, { computed: { '--survey-radius': radius } }).frame;
    assert.equal(/;radius:(.*)/.exec(name)[1], px, radius);
  }
});

test('mistakes are told to the developer and leave the phone number', () => {
  const noBase = openPage();
  noBase.run(null); // a bundle or a module: no tag to learn the address from
  noBase.body.append(noBase.create({ survey: 'a' }));
  assert.match(noBase.errors[0], /needs src/);
  assert.equal(noBase.frame, undefined);
  assert.equal(noBase.fallback, true);
  assert.equal(noBase.host.find('a').href, 'tel:08081689111');

  const inHead = openPage();
  inHead.run(TAG, inHead.head);
  assert.match(inHead.errors[0], /out of <head>/);
});
