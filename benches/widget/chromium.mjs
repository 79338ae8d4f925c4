/**
 * Chromium, driven over a pipe by its own protocol (https://chromedevtools.github.io/devtools-protocol/).
 *
 * No driver in between: a frame of another origin is a process and a session of its own here, and it
 * has to be throttled before its first byte is read. Drivers keep those sessions to themselves.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';

const SWITCHES = [
  '--headless',
  '--remote-debugging-pipe',
  '--disable-gpu',
  '--no-first-run',
  '--no-default-browser-check',
  // Nothing of its own to do while we measure. The list below the address bar is a page of its own
  // that every new window loads: half a second of a processor.
  '--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup,Translate,OptimizationHints',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-default-apps',
  '--disable-extensions',
  '--disable-sync',
  '--disable-quic',
  // A window that nobody sees runs as if somebody did.
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
];

/** A page, a frame or the browser itself: takes commands, tells what happens. */
class Session {
  #browser;
  #id;
  #listeners = new Map();

  constructor(browser, id) {
    this.#browser = browser;
    this.#id = id;
  }

  /** Resolves to the result of a command. */
  send(method, params = {}) {
    return this.#browser.send(method, params, this.#id);
  }

  /** Calls `listener` with the parameters of every event of this name; returns what ends that. */
  on(event, listener) {
    if (!this.#listeners.has(event)) this.#listeners.set(event, new Set());
    this.#listeners.get(event).add(listener);
    return () => this.#listeners.get(event).delete(listener);
  }

  /** The value of an expression in the page; promises are awaited. */
  async evaluate(expression) {
    const options = { expression, awaitPromise: true, returnByValue: true };
    const { result, exceptionDetails } = await this.send('Runtime.evaluate', options);
    if (exceptionDetails) {
      throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    }
    return result.value;
  }

  receive(event, params) {
    for (const listener of this.#listeners.get(event) ?? []) listener(params);
  }
}

/** A running Chromium with a profile of its own, which ends with it. */
export class Browser {
  #process;
  #profile;
  #waiting = new Map();
  #sessions = new Map();
  #lastId = 0;

  /** The session of the browser as a whole. */
  root = this.session(undefined);

  /** Starts `program` with a profile in `folder`. */
  static async launch(program, folder) {
    const browser = new Browser();
    browser.#profile = await mkdtemp(join(folder, 'profile-'));
    // Its sandbox refuses to run as root.
    const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    const switches = [...SWITCHES, ...asRoot, `--user-data-dir=${browser.#profile}`];
    browser.#process = spawn(program, [...switches, 'about:blank'], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
    });
    browser.#process.on('error', (error) => browser.#end(error));
    browser.#process.on('exit', () => browser.#end(new Error('Chromium has ended')));
    browser.#process.stdio[3].on('error', () => {}); // told by `exit`
    browser.#listen(browser.#process.stdio[4]);
    return browser;
  }

  /** The session with this id; without one, the browser's. */
  session(id) {
    if (!this.#sessions.has(id)) this.#sessions.set(id, new Session(this, id));
    return this.#sessions.get(id);
  }

  send(method, params, sessionId) {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject, method });
      this.#process.stdio[3].write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    });
  }

  forget(sessionId) {
    this.#sessions.delete(sessionId);
  }

  async close() {
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    this.root.send('Browser.close').catch(() => {});
    const patience = setTimeout(() => this.#process.kill('SIGKILL'), 5000);
    await ended;
    clearTimeout(patience);
    await rm(this.#profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }

  #listen(stream) {
    let rest = '';
    stream.setEncoding('utf8');
    stream.on('data', (chunk) => {
      const messages = (rest + chunk).split('\0');
      rest = messages.pop();
      for (const message of messages) this.#receive(JSON.parse(message));
    });
  }

  #receive({ id, result, error, method, params, sessionId }) {
    if (id === undefined) {
      this.#sessions.get(sessionId)?.receive(method, params);
      return;
    }
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error) waiting?.reject(new Error(`${waiting.method}: ${error.message}`));
    else waiting?.resolve(result);
  }

  #end(error) {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
