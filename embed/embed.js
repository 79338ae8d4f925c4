/*! A survey in a frame. Licence: MIT OR Apache-2.0. */
/*
 * Puts a survey where this tag stands, in a sandboxed frame of the survey's own origin:
 *   <script src="https://views.example/embed.js" data-survey="NAME" async></script>
 * Guide: docs/embedding.md. Types: embed.d.ts. Published without its comments but the first.
 *
 * - The page's CSP need only name one script and one frame origin: no style is set as text.
 * - A link and a phone number stand until the frame says `ready`, so every failure leaves them.
 * - From the frame come heights and states. Answers and progress never reach the page.
 */
(() => {
  'use strict';

  const tag = document.currentScript; // null in every callback below
  const NAME = 'survey-frame';
  const FIRST_HEIGHT = '384px';

  /** The documents that were published together with this file: page code → language → name. */
  const DOCUMENTS = {};

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
  const leave = (url) => {
    try {
      const { documentElement, body } = document;
      documentElement.style.setProperty('display', 'none', 'important');
      body.replaceChildren(); // ends the frame, and the answers in it
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
    Object.assign(host.style, { display: 'block', width: '100%' });
    const box = add(root, 'div');
    box.style.position = 'relative';

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

    let ready, failed, frame, patience, shrinking, silence;
    let height = 0;

    const render = () => {
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

    const tell = (what) => host.dispatchEvent(new Event('survey-' + what, { bubbles: true }));

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
        render();
        const hello = { v: 1, t: 'hello', context: {} };
        for (const { name, value } of host.attributes) {
          const key = /^(?:data-)?context-(.+)/.exec(name)?.[1];
          if (key) hello.context[key] = value;
        }
        source.postMessage(hello, '*'); // an opaque origin has no other address
        if (isNews) tell('ready');
      } else if (data.t === 'height') resize(data.px);
      else if (data.t === 'finished') tell('finished');
      else if (data.t === 'failed') fail();
      else if (data.t === 'exit') leave(exitUrl(option('exit')));
    };

    if (page) {
      addEventListener('message', hear);
      patience = setTimeout(fail, 20000);
      frame = Object.assign(document.createElement('iframe'), {
        sandbox: 'allow-scripts', // an opaque origin: nothing to store in, no pop-ups
        referrerPolicy: 'no-referrer',
        title: option('title') || 'Your views',
        src: current,
      });
      Object.assign(frame.style, { display: 'block', width: '100%', border: 0 });
      // Browsers keep a document with the policy that it came with, and so a refusal of before this
      // page was allowed to show it. The address that stays is not kept for long.
      const ask = () => ready || (frame.src = page);
      if (current !== page) frame.addEventListener('load', () => (silence = setTimeout(ask, 1500)), { once: true });
    }
    render();
    if (frame) box.append(frame);
    document.addEventListener('DOMContentLoaded', render, { once: true });

    return () => {
      removeEventListener('message', hear);
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
