// Tests of embed.js: `node --test embed/embed.test.mjs`. No packages and no browser: the loader runs in a `node:vm`
// context whose document is the small stand-in below. What needs a real browser (layout, CSP,
// sandbox) is tested in tests/e2e. It is long because the stand-in is in it. `VIEWS_EMBED=site/embed.js` tests the loader as it was published.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import vm from 'node:vm';

const SOURCE = readFileSync(process.env.VIEWS_EMBED || new URL('embed.js', import.meta.url), 'utf8');
/** With other documents than it was published with: none, unless a test names some. */
const sourceWith = (documents) => {
  const [before, after, more] = SOURCE.split(/^ *const DOCUMENTS = .*;$/m);
  assert.ok(after && more === undefined, 'one line of its own says which documents there are');
  return before + `const DOCUMENTS = ${JSON.stringify(documents)};` + after;
};
const WEATHER = 'https://www.bbc.co.uk/weather';

class Style {
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
const openPage = ({ framed = false, documents = {} } = {}) => {
  const page = { listeners: new Map(), timers: new Map(), errors: [], steps: [], now: 0 };
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
    location: { replace: (url) => go(url + ' in its own window') },
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
    addEventListener: (type, listener) => page.listeners.set(type, listener),
    removeEventListener: (type, listener) => page.listeners.get(type) === listener && page.listeners.delete(type),
    setTimeout: (action, ms) => {
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
    vm.runInContext(sourceWith(documents), context);
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
    height: { get: () => page.frame.style.height },
    fallback: { get: () => page.host.find('slot').style.display !== 'none' },
  });
  page.hear = (data, from = {}) => page.listeners.get('message')?.({ source: page.frame.contentWindow, origin: 'null', data, ...from });
  page.say = (t, more) => page.hear({ v: 1, t, ...more });
  return page;
};

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

test('ready is answered with declared context, and nothing else', () => {
  const page = mounted({ 'data-lang': 'cy', 'data-context-site': 'met', 'data-context-channel': 'web', 'data-other': 'x' });
  page.say('ready');
  const [[hello, target]] = page.frame.contentWindow.sent;
  assert.deepEqual(structuredClone(hello), { v: 1, t: 'hello', context: { site: 'met', channel: 'web' } });
  assert.equal(target, '*');
  const plain = mounted();
  plain.say('ready');
  assert.deepEqual(structuredClone(plain.frame.contentWindow.sent[0][0]), { v: 1, t: 'hello', context: {} });
});

test('only the frame is listened to, and only what is agreed', () => {
  const page = mounted();
  const all = ['ready', 'height', 'finished', 'failed', 'exit'];
  for (const t of all) {
    page.hear({ v: 1, t, px: 640 }, { source: {} });
    page.hear({ v: 1, t, px: 640 }, { source: null });
    page.hear({ v: 1, t, px: 640 }, { origin: 'https://views.example' });
    page.hear({ v: 2, t, px: 640 });
    page.hear({ t, px: 640 });
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
  page.say('exit');
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
  assert.deepEqual(structuredClone(page.frame.contentWindow.sent[0][0]), { v: 1, t: 'hello', context: { site: 'met' } });
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
