// Does everything that ships work in the oldest browsers that we promise? What they know is in npm's
// @mdn/browser-compat-data; what we use is found in the built site: the style sheet, the scripts, the
// markup and the wasm. `cargo xtask test floor` installs the packages, builds the site and runs this:
//   VIEWS_SITE    the built site
//   VIEWS_MODULES the folder in which the packages are installed
//   VIEWS_WASM_OPT binaryen's wasm-opt
//
// It is long because there is one way to look for each language: CSS, JavaScript, HTML, wasm.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';

const { VIEWS_SITE, VIEWS_MODULES, VIEWS_WASM_OPT } = process.env;
assert.ok(VIEWS_SITE && VIEWS_MODULES && VIEWS_WASM_OPT, 'run `cargo xtask test floor`, which sets what this needs');
const require = createRequire(join(VIEWS_MODULES, "x"));
const bcd = require('@mdn/browser-compat-data');
const csstree = require('css-tree');
const acorn = require('acorn');
const walk = require('acorn-walk');

const here = (path) => new URL(path, import.meta.url);
const { floor, needs, enhancements, wasm, harmless, ours } = JSON.parse(readFileSync(here('features.json')));

const compat = (path) => path.split('.').reduce((node, key) => node?.[key], bcd)?.__compat;

/** The floor's browsers in which a feature does not work, by the data; empty if it works in all. */
const lacking = (path) =>
  Object.entries(floor).filter(([browser, version]) => {
    const support = [compat(path).support[browser] ?? []].flat();
    return !support.some(
      ({ version_added, version_removed, flags, partial_implementation, prefix, alternative_name }) =>
        !flags && !partial_implementation && !prefix && !alternative_name && version_removed === undefined &&
        (version_added === 'preview' ? false : typeof version_added === 'string' && older(version_added, version)),
    );
  });
const older = (added, floor) => {
  const numbers = (text) => text.replace('≤', '').split('.').map(Number);
  const [a, b] = [numbers(added), numbers(floor)];
  return (a[0] - b[0] || (a[1] ?? 0) - (b[1] ?? 0)) <= 0;
};
const say = (path) => `${path}: not in ${lacking(path).map(([browser, version]) => `${browser} ${version}`).join(', ')}`;

const enhanced = new Map(enhancements.map((item) => [item.bcd, item]));
const met = new Set();
/** Notes that something is used. Fine if the floor has it, or if doing without is thought through. */
const uses = (problems, path, where) => {
  if (enhanced.has(path)) met.add(path);
  else if (lacking(path).length) problems.push(`${say(path)} (${where})`);
};
const verdict = (problems) =>
  assert.deepEqual(
    [...new Set(problems)].sort(),
    [],
    'above the floor: use something older, or say in tests/floor/features.json what happens without it',
  );

const read = (name) => readFileSync(join(VIEWS_SITE, name), 'utf8');
const names = readdirSync(VIEWS_SITE, { recursive: true }).map((name) => name.replaceAll('\\', '/'));
const shipped = (pattern) => {
  const found = names.filter((name) => pattern.test(name));
  assert.ok(found.length, `the site has no ${pattern}`);
  return found;
};
const documents = shipped(/^s\/.*views-[0-9a-f]+\.html$/).map((name) => [name, read(name)]);
const [, page] = documents[0];
const between = (start, end) => {
  const [, rest] = page.split(start);
  assert.ok(rest, `the document has no ${start}`);
  return rest.slice(0, rest.indexOf(end));
};

test('what we need works in the oldest browsers that we promise', () => {
  const problems = [];
  for (const { bcd: path, where } of needs) {
    assert.ok(compat(path), `features.json: there is no ${path} in the data`);
    assert.ok(where, `features.json: where is ${path} used?`);
    if (lacking(path).length) problems.push(say(path));
  }
  verdict(problems);
});

test('the floor is exactly as low as what we need allows', () => {
  const below = { chrome: '98', firefox: '101', safari: '15' };
  for (const [browser, version] of Object.entries(below)) {
    const stops = needs.filter(({ bcd: path }) => {
      const support = [compat(path).support[browser] ?? []].flat();
      return !support.some(({ version_added, partial_implementation, prefix, flags }) =>
        !partial_implementation && !prefix && !flags && older(version_added, version));
    });
    assert.ok(stops.length, `nothing that we need is missing in ${browser} ${version}: lower the floor`);
  }
});

const UNITS = {
  s: 'viewport_percentage_units_small',
  l: 'viewport_percentage_units_large',
  d: 'viewport_percentage_units_dynamic',
  cq: 'container_query_length_units',
};
const style = (text) => {
  const problems = [];
  const sheet = csstree.parse(text);
  const known = (path, where) => compat(path) && uses(problems, path, where);
  csstree.walk(sheet, (node) => {
    switch (node.type) {
      case 'Declaration': {
        if (node.property.startsWith('--')) return;
        const property = `css.properties.${node.property}`;
        if (!compat(property)) {
          if (!harmless.includes(property)) problems.push(`${property} is not in the data`);
          return;
        }
        uses(problems, property, 'style');
        csstree.walk(node.value, (value) => {
          if (value.type === 'Identifier') known(`${property}.${value.name}`, 'style');
          if (value.type === 'Function') known(`css.types.${value.name}`, 'style');
          if (value.type === 'Function') known(`${property}.${value.name}`, 'style');
          if (value.type !== 'Dimension') return;
          const [, kind] = /^([sld])v(?:w|h|i|b|min|max)$/.exec(value.unit) ?? /^(cq)/.exec(value.unit) ?? [];
          known(`css.types.length.${UNITS[kind] ?? value.unit}`, 'style');
        });
        return;
      }
      case 'Atrule':
        return uses(problems, `css.at-rules.${node.name}`, 'style');
      case 'Feature':
        return uses(problems, `css.at-rules.media.${node.name.replace(/^(min|max)-/, '')}`, 'style');
      case 'PseudoClassSelector':
      case 'PseudoElementSelector':
        return uses(problems, `css.selectors.${node.name}`, 'style');
    }
  });
  verdict(problems);
};

test('style sheet', () => style(between('<style>', '</style>')));

/** All places of the data where something is called so: `closest` → `api.Element.closest`. */
const called = new Map();
const collect = (node, path) => {
  for (const [key, child] of Object.entries(node)) {
    if (key === '__compat' || key === '__meta') continue;
    const at = [...path, key];
    const name = key.replace(/_(event|static)$/, '');
    if (child.__compat) called.set(name, [...(called.get(name) ?? []), at.join('.')]);
    if (at.length < 4) collect(child, at);
  }
};
for (const part of ['api', 'javascript', 'webassembly']) collect(bcd[part], [part]);

/** Syntax that came after ES2018, and where the data has it. Newer than ES2022 does not parse. */
const SYNTAX = {
  ChainExpression: 'javascript.operators.optional_chaining',
  StaticBlock: 'javascript.classes.static.initialization_blocks',
  PrivateIdentifier: 'javascript.classes.private_class_fields',
  ImportExpression: 'javascript.operators.import',
  PropertyDefinition: 'javascript.classes.public_class_fields',
};
const OPERATORS = {
  '??': 'javascript.operators.nullish_coalescing',
  '??=': 'javascript.operators.nullish_coalescing_assignment',
  '||=': 'javascript.operators.logical_or_assignment',
  '&&=': 'javascript.operators.logical_and_assignment',
};

const script = (source, where, sourceType) => {
  const problems = [];
  const tree = acorn.parse(source, { ecmaVersion: 2022, sourceType, allowAwaitOutsideFunction: true });
  // Names that the script itself gives are no features: of variables, and of members of its objects.
  const variables = new Set();
  const members = new Set();
  const bound = (node) => {
    if (!node) return;
    if (node.type === 'Identifier') variables.add(node.name);
    for (const part of [...(node.elements ?? []), ...(node.properties ?? [])]) bound(part?.value ?? part);
    bound(node.left ?? node.argument);
  };
  walk.full(tree, (node) => {
    for (const pattern of node.params ?? []) bound(pattern);
    if (/Function|Class|VariableDeclarator/.test(node.type)) bound(node.id);
    if (node.type === 'CatchClause') bound(node.param);
    if (node.type === 'ImportSpecifier' || node.type === 'ImportDefaultSpecifier') bound(node.local);
    // Of literals; in a pattern, the name is that of somebody else's member.
    if (node.type === 'ObjectExpression') for (const { key } of node.properties) if (key) members.add(key.name);
    if (node.type === 'AssignmentExpression' && node.left.type === 'MemberExpression') members.add(node.left.property.name);
  });
  walk.full(tree, (node) => {
    if (SYNTAX[node.type]) uses(problems, SYNTAX[node.type], where);
    if (OPERATORS[node.operator]) uses(problems, OPERATORS[node.operator], where);
    const isMember = node.type === 'MemberExpression' && !node.computed && node.property.type === 'Identifier';
    const name = isMember
      ? node.property.name
      : node.type === 'Identifier'
        ? node.name
        : node.type === 'MethodDefinition' && node.key.name;
    if (!name || ours.includes(name) || !called.has(name)) return;
    if (isMember && ours.includes(node.object.name)) return; // what the program exports, what a message holds
    const places = called.get(name);
    const listed = places.filter((path) => enhanced.has(path));
    if (listed.length) listed.forEach((path) => met.add(path));
    // The script does not say of what type a thing is. If any type at the floor has it, it may be that.
    else if (!(isMember ? members : variables).has(name) && places.every((path) => lacking(path).length)) problems.push(`${say(places[0])} (${where})`);
  });
  verdict(problems);
};

test('start script', () => script(between('<script data-glue', '</script>').replace(/^[^>]*>/, ''), 'start.js', 'script'));
test('loader', () => script(read('embed.js'), 'embed.js', 'script'));
test("the program's glue", () => {
  for (const name of shipped(/^views-[0-9a-f]+\.js$/)) script(read(name), 'glue', 'module');
});

test('what is above the floor would be found', () => {
  const above = { message: /above the floor/ };
  for (const text of ['p { text-wrap: balance }', 'p:has(b) { color: red }', '@container (width > 3px) { p { color: red } }', 'p { width: 3dvh }']) {
    assert.throws(() => style(text), above, text);
  }
  for (const text of ['x.checkVisibility()', 'class A { static { go() } }', 'structuredClonesOf; Object.groupBy(a, b)', 'new CloseWatcher()']) {
    assert.throws(() => script(text, 'test', 'script'), above, text);
  }
  style('p { padding-block: 1rem }');
  script('const groupBy = 1; let a = b?.closest("p") ?? groupBy', 'test', 'script');
});

test('markup', () => {
  const problems = [];
  const folder = here('../markup/');
  const pages = readdirSync(folder).filter((name) => name.endsWith('.html'));
  assert.ok(pages.length > 5, 'the markup of every kind of page');
  const texts = [...documents, ...pages.map((name) => [name, readFileSync(new URL(name, folder), 'utf8')])];
  for (const [where, text] of texts) {
    const markup = text.replace(/<(style|script)\b[^>]*>[\s\S]*?<\/\1>/g, '').replace(/<!--[\s\S]*?-->/g, '');
    for (const [, element, rest] of markup.matchAll(/<([a-z][a-z0-9]*)((?:\s+[^\s=<>/]+(?:=(?:"[^"]*"|[^\s>"]+))?)*)\s*\/?>/g)) {
      const path = `html.elements.${element}`;
      assert.ok(compat(path), `<${element}> is no element (${where})`);
      uses(problems, path, where);
      for (const [, attribute, value] of rest.matchAll(/\s([^\s=<>/]+)(?:="?([^"\s>]*)[^"]*"?)?/g)) {
        if (/^(data-|aria-|role$|on)/.test(attribute)) continue;
        const places = [`${path}.${attribute}`, `${path}.${attribute}_${value}`, `html.global_attributes.${attribute}`].filter(compat);
        if (!places.length && !harmless.includes(`${element} ${attribute}`)) {
          problems.push(`<${element} ${attribute}> is not in the data (${where})`);
        }
        for (const place of places) uses(problems, place, where);
      }
    }
  }
  verdict(problems);
});

test('wasm', () => {
  for (const { bcd: path } of wasm) {
    assert.ok(compat(path), `features.json: there is no ${path} in the data`);
    verdict(lacking(path).length ? [say(path)] : []);
  }
  const modules = shipped(/^(views|seal)-[0-9a-f]+(_bg)?\.wasm$/);
  /** Whether it needs nothing else: wasm-opt refuses a module that does. */
  const isEnough = (flags, name) => {
    const output = process.platform === 'win32' ? 'NUL' : '/dev/null';
    const words = ['--mvp-features', ...flags.map((flag) => `--enable-${flag}`), '-o', output];
    try {
      execFileSync(VIEWS_WASM_OPT, [join(VIEWS_SITE, name), ...words], { stdio: 'pipe', shell: process.platform === 'win32' });
      return true;
    } catch {
      return false;
    }
  };
  const all = wasm.map(({ flag }) => flag);
  for (const name of modules) assert.ok(isEnough(all, name), `${name} uses more of WebAssembly than features.json lists`);
  for (const flag of all) {
    const others = all.filter((other) => other !== flag);
    assert.ok(!modules.every((name) => isEnough(others, name)), `nothing needs ${flag} any more: strike it off the list`);
  }
});

test('what the list calls an enhancement is used, is above the floor, and has a story', () => {
  for (const { bcd: path, without } of enhancements) {
    assert.ok(compat(path), `features.json: there is no ${path} in the data`);
    assert.ok(lacking(path).length, `${path} works at the floor by now: strike it off the list`);
    assert.ok(without, `features.json: what happens without ${path}?`);
    assert.ok(met.has(path), `${path} is not used: strike it off the list`);
  }
});
