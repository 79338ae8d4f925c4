/**
 * node measure.mjs CONFIG.json
 *
 * Visits every target in rounds, A B C A B C, and writes one line of JSON for each visit, after a
 * line that says what was measured with. `cargo xtask bench widget` writes the configuration and
 * reads the lines.
 */
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { Browser } from './chromium.mjs';
import { definition } from './definition.mjs';
import { serve } from './serve.mjs';
import { Visit } from './visit.mjs';

/** Selectors of our own survey; the first question of the fixed survey is a choice. */
const OURS = {
  first: 'main .v-choice__label',
  option: 'main .v-choice__input',
  next: '.v-buttons .v-button',
  heading: 'main .v-heading',
  back: '.v-back',
  live: 'html[data-live]',
};

const config = JSON.parse(await readFile(process.argv[2], 'utf8'));

/** FNV-1a over the name, as embed.js finds the page of a survey. */
function pageCode(name) {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(name)) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}

async function target(name, size) {
  if (name === 'page') {
    return { ...OURS, name, size, url: `${config.survey}/s/${pageCode(`bench-${size}`)}/` };
  }
  const url = `${config.pages}/${name}/${size}/`;
  if (name === 'framed') return { ...OURS, name, size, url, framed: true };
  const { selectors } = await import(`./peers/${name}/target.mjs`);
  return { ...selectors, name, size, url };
}

/** First question, first answer, at rest, page 2. */
async function look(visit, target, profile) {
  const row = { first: await visit.visibleAt('first'), answered: await visit.visibleAt('answered') };
  if (target.live) row.live = await visit.at('live');
  await visit.settle();
  if (!(await visit.kept())) visit.problems.push('the answer was lost');
  Object.assign(row, await visit.load(), visit.wire());
  Object.assign(row, await visit.next());
  if (profile === 'none') Object.assign(row, await visit.memory());
  if (target.back && !(await visit.remembers(target.back))) visit.problems.push('the app lost the answer');
  return row;
}

/** "Continue" as early as there is one: when has it led to page 2? */
async function eager(visit) {
  return { ready: await visit.visibleAt('ready') };
}

/** The longest response, from "Send" to the request leaving. */
async function sealing(visit, target) {
  await visit.at('live');
  const seal = await visit.send(definition(target.size).pages);
  if (seal === undefined) visit.problems.push('the response was not sent');
  await visit.settle();
  return { seal, ...visit.requestsTo(config.survey) };
}

const MODES = { look, eager, sealing };
const PROBE_MODES = { look: 'look', eager: 'eager', sealing: 'idle' };

async function measure(browser, { target, profile, mode }) {
  const visit = new Visit(browser, target, profile, PROBE_MODES[mode]);
  let row = {};
  try {
    await visit.open();
    row = await MODES[mode](visit, target, profile);
  } catch (error) {
    visit.problems.push(error.message.split('\n')[0]);
  } finally {
    await visit.close();
  }
  return { target: target.name, size: target.size, profile, mode, values: row, problems: visit.problems };
}

/** What one round visits, in this order. */
async function plan() {
  const visits = [];
  for (const { profile, targets } of config.plan) {
    for (const [name, size] of targets) {
      const it = await target(name, size);
      visits.push({ target: it, profile, mode: 'look' }, { target: it, profile, mode: 'eager' });
    }
  }
  for (const name of config.sealing) {
    visits.push({ target: await target(name, 20), profile: 'cpu4', mode: 'sealing' });
  }
  return visits;
}

const shown = ({ target, size, profile, mode, values, problems }) => {
  const numbers = Object.entries(values).map(([name, value]) => `${name} ${Math.round(value)}`);
  return `${target} ${size} ${profile} ${mode}: ${[...numbers, ...problems].join(', ')}`;
};

/** Versions and machine, for whoever reads the numbers later. */
async function circumstances(browser) {
  const { product } = await browser.root.send('Browser.getVersion');
  const versions = {};
  for (const name of config.peers) {
    const { packages } = await import(`./peers/${name}/target.mjs`);
    for (const it of packages) {
      versions[it] = JSON.parse(await readFile(join(config.modules, it, 'package.json'), 'utf8')).version;
    }
  }
  const [{ model }, ...others] = cpus();
  return {
    date: new Date().toISOString().slice(0, 10),
    browser: product.replace('HeadlessChrome/', 'Chromium ').replace('Chrome/', 'Chromium '),
    node: process.version,
    machine: `${others.length + 1} × ${model.trim()}`,
    versions,
    built: config.built,
  };
}

const visits = await plan();
const stop = await serve(config.folder, config.pagesPort);
const started = Date.now();
await writeFile(config.out, '');
const write = (row) => appendFile(config.out, `${JSON.stringify(row)}\n`);

for (let round = 1; round <= config.rounds; round++) {
  const browser = await Browser.launch(config.chromium, config.scratch);
  try {
    if (round === 1) await write(await circumstances(browser));
    // A browser's first page is slow for reasons of its own.
    await measure(browser, visits[0]);
    for (const visit of visits) {
      const [load] = loadavg();
      const start = Date.now();
      const row = await measure(browser, visit);
      await write({ round, load, took: Date.now() - start, ...row });
      console.log(`${round}/${config.rounds} ${shown(row)}`);
    }
  } finally {
    await browser.close();
  }
  const left = ((Date.now() - started) / round) * (config.rounds - round);
  if (left) console.log(`about ${Math.ceil(left / 60_000)} min left`);
}
await stop();
