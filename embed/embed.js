/*! A survey in a frame. Licence: MIT OR Apache-2.0. */
/*
 * Puts a survey where this tag stands, in a sandboxed frame of the survey's own origin:
 *   <script src="https://views.example/embed.js" data-survey="NAME" async></script>
 * Guide: docs/embedding.md. Types: embed.d.ts. Published without its comments but the first.
 *
 * - The page's CSP need only name one script and one frame origin: no style is set as text.
 * - A link and a phone number stand until the frame says `ready`, so every failure leaves them.
 * - From the frame come heights and states. Answers and progress never reach the page.
 * - Leaving works from anywhere: by key, and by a button that stays in view. What it opens for the
 *   frame, telephone numbers and help sites, it has from its own list.
 *
 * It is long because a page loads one file of ours and no other.
 */
(() => {
  'use strict';

  const tag = document.currentScript; // null in every callback below
  const NAME = 'survey-frame';
  const FIRST_HEIGHT = '384px';
  const DARK = '(prefers-color-scheme: dark)';

  /** The documents that were published together with this file: page code → language → name. */
  const DOCUMENTS = {};

  /** What links in those surveys open: page code → addresses, by the number that the frame says. */
  const LINKS = {};

  /** The colours of `style/views.css`, light and dark: partners' own have to go with these. */
  const COLOURS = {
    ink: ['#16202a', '#eef2f5'],
    'ink-soft': ['#465360', '#b9c4cd'],
    paper: ['#ffffff', '#14191e'],
    'paper-soft': ['#f1f4f6', '#1f272e'],
    line: ['#6b7884', '#8d9aa5'],
    action: ['#1a5573', '#8fcbe8'],
    'action-ink': ['#ffffff', '#0d1a22'],
    leave: ['#9d2a1d', '#ffb1a5'],
    'leave-ink': ['#ffffff', '#2b0a05'],
    problem: ['#a3230f', '#ff9c8b'],
    'line-soft': ['#cdd5db', '#3a454e'],
    'action-strong': ['#123d53', '#c0e3f3'],
    'focus-halo': ['#ffd84d', '#7a5f00'],
  };
  /** Those that no partner sets; the first two follow the one that they are a shade of. */
  const SHADES = { 'line-soft': 'line', 'action-strong': 'action', 'focus-halo': '' };
  /** What stands on what, and how much has to lie between them (WCAG 2.2, 1.4.3 and 1.4.11). */
  const PAIRS = [
    [4.5, 'paper', 'ink', 'ink-soft', 'action', 'problem'],
    [4.5, 'paper-soft', 'ink', 'ink-soft', 'action'],
    [4.5, 'action', 'action-ink'],
    [4.5, 'leave', 'leave-ink'],
    [3, 'paper', 'line', 'leave'],
  ];

  /** Relative luminance of a colour, as WCAG defines it. */
  const luminance = (colour) =>
    [0.2126, 0.7152, 0.0722].reduce((sum, weight, i) => {
      const part = parseInt(colour.slice(1 + 2 * i, 3 + 2 * i), 16) / 255;
      return sum + weight * (part > 0.04045 ? ((part + 0.055) / 1.055) ** 2.4 : part / 12.92);
    }, 0);
  const contrast = (...colours) => {
    const [dark, light] = colours.map(luminance).sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  };

  /** What `host` looks like, from its computed style: the words that the frame understands. `probe`
      is any element in it. */
  const look = (host, probe, complain) => {
    const style = getComputedStyle(host);
    const own = (name) => style.getPropertyValue('--survey-' + name).trim();
    const schemes = style.colorScheme;
    const dark = /dark/.test(schemes) && !(/light/.test(schemes) && !matchMedia(DARK).matches);
    const colours = {};
    const preset = (name) => COLOURS[name][+dark];
    for (const name in COLOURS) {
      colours[name] = preset(name);
      const wanted = !(name in SHADES) && own(name);
      if (!wanted) continue;
      // Whatever the browser understands, as red, green and blue. Invalid ones leave it empty.
      probe.style.color = '';
      probe.style.color = wanted;
      const parts = probe.style.color && /^rgb\((\d+), (\d+), (\d+)\)$/.exec(getComputedStyle(probe).color);
      probe.style.color = '';
      if (parts) colours[name] = '#' + parts.slice(1).map((part) => (+part).toString(16).padStart(2, 0)).join('');
      else complain(`--survey-${name}: "${wanted}" is no opaque colour such as #16202a; the usual one is used`);
    }
    // A colour that goes back to the usual one may spoil another pair, so until all is well.
    for (let again = true; again; ) {
      again = false;
      for (const [least, under, ...all] of PAIRS) {
        for (const over of all) {
          const ratio = contrast(colours[over], colours[under]);
          if (ratio >= least) continue;
          complain(`--survey-${over} on --survey-${under}: contrast ${ratio.toFixed(2)}, needs ${least}; the usual pair is used`);
          for (const name of [over, under]) colours[name] = preset(name);
          again = true;
        }
      }
    }
    for (const name in SHADES) {
      const of = SHADES[name];
      if (of && colours[of] !== preset(of)) colours[name] = colours[of];
    }
    const words = Object.keys(colours).map((name) => `${name}:${colours[name]}`);
    const corners = /^(\d\d?)(\.\d+)?px$/.exec(own('radius'));
    const radius = corners ? Math.min(24, corners[1]) + 'px' : '4px';
    words.push('radius:' + radius);
    const font = /^(serif|monospace)$/.exec(own('font'));
    if (font) words.push('font:' + font[0]);
    return { colours, radius, words: [dark ? 'dark' : 'light', ...words].join(';') };
  };

  const add = (parent, name, properties) => {
    const node = Object.assign(document.createElement(name), properties);
    parent.append(node);
    return node;
  };

  /** FNV-1a (32 bit, UTF-8): addresses stay in histories, so they do not spell the name. */
  const pageCode = (survey) => {
    let hash = 0x811c9dc5;
    for (const byte of new TextEncoder().encode(survey)) hash = Math.imul(hash ^ byte, 0x01000193);
    return (hash >>> 0).toString(16).padStart(8, '0');
  };

  /** Addresses of a survey: the one that stays, for people, and the one that may be cached for good. */
  const addresses = (survey, lang) => {
    const code = pageCode(survey);
    const published = DOCUMENTS[code];
    const wanted = [lang, lang.split('-')[0], ''];
    const tag = published ? wanted.find((tag) => published[tag]) : /^[a-z]{2,8}(-[a-z\d]+)*$/i.test(lang) && lang;
    const page = `s/${code}/` + (tag ? tag + '/' : '');
    return { page, current: published ? `s/${code}/${published[tag]}` : page };
  };

  /** Where "Leave this page" goes: https, or this very machine for tests. */
  const exitUrl = (text) => {
    try {
      const url = new URL(text);
      if (url.protocol === 'https:' || /^http:\/\/(localhost|127\.0\.0\.1|\[::1])[:/]/.test(url)) return url;
    } catch {} // none given, or not an address
    return 'https://www.bbc.co.uk/weather';
  };

  /** Blank first and in this task: the next page may be slow to come, or never come. */
  const leave = (url, tell) => {
    try {
      const { documentElement, body } = document;
      documentElement.style.setProperty('display', 'none', 'important');
      tell(); // while somebody is there to hear it
      body?.replaceChildren(); // ends the frame, and the answers in it
      document.open(); // the rest of the page, and its listeners: no "Leave site?" question
      document.close();
      document.title = 'Loading'; // the browser's history shows the last title
    } finally {
      // `replace`: Back does not return here. A framed page that may not move its top moves itself.
      try {
        top.location.replace(url);
      } catch {
        location.replace(url);
      }
    }
  };

  /** Builds fallback and frame in `host`; returns what takes them down. */
  const mount = (host) => {
    const option = (name) => host.getAttribute('data-' + name) || host.getAttribute(name);
    const survey = option('survey');
    let page, current;
    try {
      if (survey) {
        const base = new URL(host.getAttribute('src') || tag.src, document.baseURI);
        const paths = addresses(survey, option('lang') || '');
        page = new URL(paths.page, base);
        current = paths.current === paths.page ? page : new URL(paths.current, base);
      }
    } catch {
      console.error(`<${NAME}> needs src="https://…/", the folder of embed.js`);
    }

    // Shadow root: the page's styles do not reach the frame, and children, which a framework may
    // own, stay as they are. Against accidents only; against scripts there is the frame.
    const root = host.shadowRoot || host.attachShadow({ mode: 'open' });
    // What the page's styles do to every element, they do to this one as well.
    const resist = { display: 'block', width: '100%', height: 'auto', 'max-height': 'none', transform: 'none' };
    for (const name in resist) host.style.setProperty(name, resist[name], 'important');
    const box = add(root, 'div');
    box.style.position = 'relative';
    const life = new AbortController(); // of all that listens
    const { signal } = life;
    const tell = (what) => host.dispatchEvent(new Event('survey-' + what, { bubbles: true }));
    const go = () => leave(exitUrl(option('exit')), () => tell('left'));

    // The way out of the frame scrolls away with it: nothing sticks in a frame of full height. This
    // one stays in view as long as that one is not, over all that the page may have drawn, and
    // stands before the survey in the order of the Tab key.
    const way = add(box, 'button', { type: 'button', popover: 'manual', textContent: 'Leave this page', lang: 'en', dir: 'ltr', onclick: go });
    const mark = add(box, 'i'); // where that one stands
    Object.assign(mark.style, { position: 'absolute', top: '38px', width: '1px', height: '1px', pointerEvents: 'none' });
    const inView = new Map();

    // The element's own children, if any, stand in place of this.
    const slot = add(box, 'slot');
    const english = { lang: 'en', dir: 'ltr' };
    const link = (parent, href, textContent) => {
      const { style } = add(parent, 'a', { href, textContent, referrerPolicy: 'no-referrer' });
      Object.assign(style, { color: 'inherit', whiteSpace: href === page ? '' : 'nowrap' });
      parent.append('.');
    };
    if (page) {
      link(add(slot, 'p', { ...english, textContent: 'If no questions appear here, ' }), page, 'open them on a page of their own');
    }
    link(
      add(slot, 'p', { ...english, textContent: 'To talk to someone, free, day or night, call Victim Support on ' }),
      'tel:08081689111',
      '08 08 16 89 111',
    );

    let ready, failed, frame, patience, shrinking, silence, started, watch;
    let height = 0;

    way.onblur = () => setTimeout(() => signal.aborted || render());
    const render = () => {
      // Not taken from under somebody's fingers: who has the focus keeps it.
      const isAway = Boolean(root.activeElement === way || (ready && inView.get(frame) && !inView.get(mark)));
      way.style.display = isAway ? 'block' : 'none';
      way.togglePopover?.(isAway);
      const done = ready && !failed;
      // An element of the page as fallback moves in here. It may be parsed later than this script runs.
      const id = option('fallback');
      const own = id && document.getElementById(id.replace('#', ''));
      if (own && own.parentNode !== host) host.append(own);
      slot.style.display = done || (id && !own && !failed) ? 'none' : 'contents';
      if (!frame) return;
      box.style.minHeight = ready || failed ? '' : FIRST_HEIGHT;
      // Till then it lies unseen in the room kept for it; `display` or `visibility` would put a
      // frame of another origin to sleep.
      frame.inert = !ready;
      Object.assign(frame.style, {
        position: ready ? 'static' : 'absolute',
        inset: 0,
        opacity: ready ? 1 : 0,
        pointerEvents: ready ? 'auto' : 'none',
        height: height ? height + 'px' : FIRST_HEIGHT,
      });
    };

    // Escape, or Shift alone, three times: as in the frame (`src/start.js`), which no key reaches
    // that is pressed out here.
    let which, at, count, alone;
    const another = () => (alone = count = 0);
    const counts = ({ key, timeStamp }) => {
      count = key === which && timeStamp - at <= 5000 ? count + 1 : 1;
      which = key;
      at = timeStamp;
      if (count >= (key === 'Escape' && option('escape') === '1' ? 1 : 3)) go();
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

    const complaints = new Set();
    const complain = (text) => {
      if (!complaints.has(text)) console.error(`<${NAME}> ` + text);
      complaints.add(text);
    };
    /** What the frame is to wear; the button out here wears it as well. */
    const wear = () => {
      const { colours, radius, words } = look(host, box, complain);
      Object.assign(way.style, {
        position: 'fixed',
        zIndex: 2147483647,
        inset: 'auto',
        top: '8px',
        [way.dir === 'rtl' ? 'left' : 'right']: '8px',
        margin: 0,
        minHeight: '44px',
        maxWidth: 'calc(100vw - 16px)',
        padding: '6px 16px',
        border: '2px solid transparent',
        borderRadius: radius,
        background: colours.leave,
        boxShadow: '0 0 0 2px ' + colours.paper,
        color: colours['leave-ink'],
        font: '600 18px/1.5 system-ui, sans-serif',
        cursor: 'pointer',
        visibility: 'visible',
        pointerEvents: 'auto',
      });
      return words + (option('escape') === '1' ? ';escape:1' : '');
    };
    const greet = () => {
      if (!ready) return;
      const hello = { v: 1, t: 'hello', theme: wear(), context: {} };
      for (const { name, value } of host.attributes) {
        const key = /^(?:data-)?context-(.+)/.exec(name)?.[1];
        if (key) hello.context[key] = value;
      }
      frame.contentWindow.postMessage(hello, '*'); // an opaque origin has no other address
    };

    /** A telephone number or a help site, by its place in our own list: a frame names no address. */
    const visit = (i) => {
      const url = Number.isInteger(i) && LINKS[pageCode(survey)]?.[i];
      if (/^https:/.test(url)) open(url, '_blank', 'noopener,noreferrer');
      else if (/^(tel|sms):/.test(url)) location.href = url; // the page stands
    };

    const fail = () => {
      clearTimeout(patience);
      if (failed) return;
      failed = true;
      render();
      tell('failed');
    };

    const resize = (px) => {
      if (!Number.isInteger(px)) return;
      const wanted = Math.min(8192, Math.max(96, Math.ceil(px / 32) * 32));
      const apply = () => {
        height = wanted;
        render();
      };
      // Grow at once: nothing is cut off. Shrink by more than a step and after a quiet moment, so
      // that a scroll bar that comes and goes cannot set page and frame chasing each other.
      clearTimeout(shrinking);
      if (wanted > height) apply();
      else if (wanted < height - 32) shrinking = setTimeout(apply, 250);
    };

    const hear = ({ source, origin, data }) => {
      if (source !== frame.contentWindow || origin !== 'null' || data?.v !== 1) return;
      if (data.t === 'ready') {
        // The document says it once more when it is loaded again. Late is welcome too.
        const isNews = !ready || failed;
        clearTimeout(patience);
        ready = true;
        failed = false;
        if (typeof data.leave === 'string' && data.leave && data.leave.length <= 60) {
          way.textContent = data.leave;
          way.lang = /^[a-z]{2,8}(-[a-z\d]+)*$/i.test(data.lang) ? data.lang : '';
          way.dir = data.dir === 'rtl' ? 'rtl' : 'ltr';
        }
        greet();
        render();
        if (isNews) tell('ready');
      } else if (data.t === 'height') resize(data.px);
      else if (data.t === 'started' && !started) tell((started = data.t));
      else if (data.t === 'finished') tell('finished');
      else if (data.t === 'failed') fail();
      else if (data.t === 'link') visit(data.i);
      else if (data.t === 'exit') go();
    };

    if (page) {
      addEventListener('message', hear, { signal });
      for (const [type, listener] of [['keydown', down], ['keyup', up], ['pointerdown', another]]) {
        addEventListener(type, listener, { signal, capture: true });
      }
      matchMedia(DARK).addEventListener('change', greet, { signal });
      patience = setTimeout(fail, 20000);
      frame = Object.assign(document.createElement('iframe'), {
        sandbox: 'allow-scripts', // an opaque origin: nothing to store in, no pop-ups
        referrerPolicy: 'no-referrer',
        title: option('title') || 'Your views',
        name: wear(), // read before its first picture
        src: current,
      });
      Object.assign(frame.style, { display: 'block', width: '100%', border: 0 });
      // Browsers keep a document with the policy that it came with, and so a refusal of before this
      // page was allowed to show it. The address that stays is not kept for long.
      const ask = () => ready || (frame.src = page);
      if (current !== page) frame.addEventListener('load', () => (silence = setTimeout(ask, 1500)), { once: true });
    }
    render();
    if (frame) {
      box.append(frame);
      watch = new IntersectionObserver((entries) => {
        for (const { target, isIntersecting } of entries) inView.set(target, isIntersecting);
        render();
      });
      for (const seen of [frame, mark]) watch.observe(seen);
    }
    document.addEventListener('DOMContentLoaded', render, { once: true, signal });

    return () => {
      life.abort();
      watch?.disconnect();
      clearTimeout(patience);
      clearTimeout(shrinking);
      clearTimeout(silence);
      box.remove();
    };
  };

  if (!customElements.get(NAME)) {
    customElements.define(NAME, class extends HTMLElement {
      static observedAttributes = ['survey', 'data-survey', 'src'];
      #unmount;
      connectedCallback() {
        this.#unmount?.();
        this.#unmount = mount(this);
      }
      disconnectedCallback() {
        this.#unmount?.();
        this.#unmount = null;
      }
      connectedMoveCallback() {} // `moveBefore` keeps the frame; any other move loads it anew
      attributeChangedCallback(_, before, now) {
        if (this.#unmount && before !== now) this.connectedCallback();
      }
    });
  }

  // Where tags are run again (pjax, Turbo), the frame of the first time stands beside its tag.
  if (tag?.dataset.survey && tag.nextElementSibling?.localName !== NAME) {
    const host = document.createElement(NAME);
    for (const { name, value } of tag.attributes) if (name.startsWith('data-')) host.setAttribute(name, value);
    host.setAttribute('src', tag.src);
    tag.after(host);
    if (tag.closest('head')) console.error('embed.js: move this tag out of <head>, to where the survey stands');
  }
})();
