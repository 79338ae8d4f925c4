/** One visit to one target: a fresh browsing context, throttled before the first byte. */
import { readFile } from 'node:fs/promises';
import { engineMemory, processMemory } from './memory.mjs';

const PROBE = await readFile(new URL('probe.js', import.meta.url), 'utf8');
const FILL = await readFile(new URL('fill.js', import.meta.url), 'utf8');

const KBIT = 1000 / 8;
const line = (latency, down, up) => ({
  offline: false,
  latency,
  downloadThroughput: down * KBIT,
  uploadThroughput: up * KBIT,
});

/** How slow the device and the line are. `settle`: quiet milliseconds that end a visit's loading. */
export const PROFILES = {
  none: { settle: 800 },
  cpu4: { cpu: 4, settle: 800 },
  slow4g: { cpu: 4, network: line(150, 1600, 750), settle: 1500 },
  slow3g: { cpu: 4, network: line(400, 400, 400), settle: 1500 },
};

const PHONE = { width: 412, height: 823, deviceScaleFactor: 1.75, mobile: true };
const PATIENCE = 60_000;

export const sleep = (time) => new Promise((resolve) => setTimeout(resolve, time));

const within = (promise, time) => Promise.race([promise, sleep(time).then(() => undefined)]);
const total = (numbers) => numbers.reduce((sum, number) => sum + number, 0);

/** Where the probe runs when it comes as text: its comment would make a statement of it. */
const expression = (source) => source.slice(source.indexOf('*/') + 2).trim().replace(/;$/, '');

export class Visit {
  /** What went wrong; a visit with problems does not count. */
  problems = [];

  #browser;
  #target;
  #profile;
  #mode;
  #context;
  #page;
  #frame;
  #marks = new Map();
  #waiting = new Map();
  #requests = new Map();
  #open = new Set();
  #quietSince = 0;

  constructor(browser, target, profile, mode) {
    this.#browser = browser;
    this.#target = target;
    this.#profile = PROFILES[profile];
    this.#mode = mode;
  }

  async open() {
    const { root } = this.#browser;
    const { browserContextId } = await root.send('Target.createBrowserContext');
    this.#context = browserContextId;
    const { targetId } = await root.send('Target.createTarget', { url: 'about:blank', browserContextId });
    const { sessionId } = await root.send('Target.attachToTarget', { targetId, flatten: true });
    this.#page = this.#browser.session(sessionId);
    await Promise.all([
      ...this.#prepare(this.#page, this.#target.framed ? 'host' : 'page'),
      this.#page.send('Emulation.setDeviceMetricsOverride', PHONE),
      this.#page.send('Emulation.setTouchEmulationEnabled', { enabled: true }),
      this.#page.send('Emulation.setFocusEmulationEnabled', { enabled: true }),
    ]);
    // Its window is being built by then; what follows is the page alone.
    await sleep(200);
    this.#quietSince = Date.now();
    const { errorText } = await this.#page.send('Page.navigate', { url: this.#target.url });
    if (errorText) throw new Error(`${this.#target.url}: ${errorText}`);
  }

  async close() {
    for (const session of this.#sessions()) this.#browser.forget(session);
    await this.#browser.root.send('Target.disposeBrowserContext', { browserContextId: this.#context });
  }

  /** Milliseconds from the start of the navigation to a mark, or undefined when it does not come. */
  async at(name, patience = PATIENCE) {
    if (!this.#marks.has(name)) {
      await within(new Promise((resolve) => this.#waiting.set(name, resolve)), patience);
    }
    const origin = this.#marks.get(this.#target.framed ? 'origin-host' : 'origin-page');
    const at = this.#marks.get(name);
    if (at === undefined) {
      this.problems.push(`no "${name}" within ${patience / 1000} s`);
      return undefined;
    }
    return at - origin;
  }

  /** Like `at`; in a partner's page what nobody can see yet has not happened yet. */
  async visibleAt(name) {
    const at = await this.at(name);
    return this.#target.framed ? Math.max(at, await this.at('shown')) : at;
  }

  /** Waits until nothing was loading for the profile's time, from now on. */
  async settle() {
    const start = Date.now();
    const { settle } = this.#profile;
    while (Date.now() - start < PATIENCE) {
      const quiet = this.#open.size ? 0 : Date.now() - Math.max(start, this.#quietSince);
      if (quiet >= settle) return;
      await sleep(Math.max(50, settle - quiet));
    }
    this.problems.push('it never stopped loading');
  }

  /** Is the first option still chosen? */
  kept() {
    return this.#content().evaluate('__probe.kept()');
  }

  /** What main threads did so far, in milliseconds, and how long they were blocked. */
  async load() {
    const { ThreadTime, Nodes } = await this.#metrics();
    const long = (await Promise.all(this.#sessions().map((it) => it.evaluate('__probe.long')))).flat();
    const blocking = total(long.map((duration) => Math.max(0, duration - 50)));
    return { cpu: ThreadTime * 1000, nodes: Nodes, blocking, longest: Math.max(0, ...long) };
  }

  /** What came over the wire so far: bodies as compressed, with headers. */
  wire() {
    const requests = [...this.#requests.values()];
    return { requests: requests.length, bytes: total(requests.map((request) => request.bytes)) };
  }

  /** Requests to an origin so far. Those by which a browser asks whether it may are counted apart. */
  requestsTo(origin) {
    const ours = [...this.#requests.values()].filter((request) => request.url.startsWith(`${origin}/`));
    const preflights = ours.filter((request) => request.method === 'OPTIONS').length;
    return { toSend: ours.length - preflights, preflights };
  }

  /** Bytes that the page holds: by what its engine counts, and by what its processes take. */
  async memory() {
    const counted = await engineMemory(this.#sessions());
    return { ...counted, process: await processMemory(this.#browser.root) };
  }

  /** Taps "Continue" like a finger; from the click to the frame that shows page 2. */
  async next() {
    const content = this.#content();
    await content.evaluate('void (__probe.events.length = 0)');
    const before = await this.#metrics();
    const second = content.evaluate('__probe.watchSecond()');
    if (!(await this.#tap(this.#target.next))) this.problems.push('no button to go on');
    const shown = await within(second, 15_000);
    if (shown === undefined) {
      this.problems.push('page 2 did not come');
      return {};
    }
    await sleep(this.#profile.cpu ? 500 : 150);
    const { ThreadTime } = await this.#metrics();
    const events = await content.evaluate('__probe.events');
    // The Event Timing API reports nothing below 16 ms, in steps of 8.
    const nextCpu = (ThreadTime - before.ThreadTime) * 1000;
    return { next: shown, nextCpu, interaction: Math.max(8, ...events) };
  }

  /** Goes back to page 1: does the app itself know the answer? */
  async remembers(back) {
    await this.#tap(back);
    await sleep(300);
    return this.kept();
  }

  /** Answers everything as long as it goes and sends it; from "Send" to the request leaving. */
  async send(pages) {
    const script = `(${expression(FILL)})(${JSON.stringify(pages)})`;
    return within(this.#content().evaluate(script), PATIENCE);
  }

  #sessions() {
    return [this.#page, this.#frame].filter(Boolean);
  }

  /** The session that shows the survey. */
  #content() {
    return this.#target.framed ? this.#frame : this.#page;
  }

  /** Chromium's counters, summed over the processes of the page. */
  async #metrics() {
    const sums = {};
    for (const session of this.#sessions()) {
      const { metrics } = await session.send('Performance.getMetrics');
      for (const { name, value } of metrics) sums[name] = (sums[name] ?? 0) + value;
    }
    return sums;
  }

  /** Everything that has to hold before a document starts; nothing waits for an answer. */
  #prepare(session, role) {
    const { kept, ...selectors } = this.#target;
    const target = `{ ...${JSON.stringify(selectors)}, kept: ${kept} }`;
    const arguments_ = `${target}, ${JSON.stringify(role)}, ${JSON.stringify(this.#mode)}`;
    const { network, cpu } = this.#profile;
    this.#listen(session);
    return [
      session.send('Network.enable'),
      session.send('Page.enable'),
      session.send('Runtime.enable'),
      session.send('Performance.enable'),
      session.send('Runtime.addBinding', { name: '__mark' }),
      session.send('Page.addScriptToEvaluateOnNewDocument', { source: `(${expression(PROBE)})(${arguments_})` }),
      network && session.send('Network.emulateNetworkConditions', network),
      cpu && session.send('Emulation.setCPUThrottlingRate', { rate: cpu }),
      session.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: true, flatten: true }),
    ];
  }

  #listen(session) {
    session.on('Runtime.bindingCalled', ({ payload }) => {
      const { name, at } = JSON.parse(payload);
      this.#marks.set(name, at);
      this.#waiting.get(name)?.();
    });
    session.on('Target.attachedToTarget', ({ sessionId, targetInfo }) => {
      // A frame of another origin is a process of its own: it waits until it is throttled as well.
      const child = this.#browser.session(sessionId);
      if (targetInfo.type === 'iframe') {
        this.#frame = child;
        this.#prepare(child, 'frame').forEach((sent) => sent?.catch(() => {}));
      }
      child.send('Runtime.runIfWaitingForDebugger').catch(() => {});
    });
    session.on('Network.requestWillBeSent', ({ requestId, request }) => {
      if (!request.url.startsWith('http')) return;
      this.#requests.set(requestId, { url: request.url, method: request.method, bytes: 0 });
      this.#open.add(requestId);
    });
    const ended = ({ requestId, encodedDataLength = 0 }) => {
      const request = this.#requests.get(requestId);
      if (request) request.bytes = encodedDataLength;
      this.#open.delete(requestId);
      this.#quietSince = Date.now();
    };
    session.on('Network.loadingFinished', ended);
    session.on('Network.loadingFailed', ended);
    session.on('Runtime.exceptionThrown', ({ exceptionDetails }) => {
      this.problems.push(exceptionDetails.exception?.description ?? exceptionDetails.text);
    });
  }

  /** A real tap in the middle of an element; false when there is none. */
  async #tap(selector) {
    const at = await this.#content().evaluate(`(async () => {
      const element = document.querySelector(${JSON.stringify(selector)});
      if (!element) return null;
      element.scrollIntoView({ block: 'center', behavior: 'instant' });
      for (let i = 0; i < 3; i++) await new Promise(requestAnimationFrame);
      const { x, y, width, height } = element.getBoundingClientRect();
      return [x + width / 2, y + height / 2];
    })()`);
    if (!at) return false;
    const corner = this.#target.framed ? await this.#page.evaluate('__probe.box()') : [0, 0];
    // A page that is wider than the phone is shrunk to fit.
    const [left, top, scale] = await this.#page.evaluate(
      '[visualViewport.offsetLeft, visualViewport.offsetTop, visualViewport.scale]',
    );
    const point = { x: (corner[0] + at[0] - left) * scale, y: (corner[1] + at[1] - top) * scale };
    await this.#page.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [point] });
    await this.#page.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    return true;
  }
}
