/**
 * node build.mjs MODULES OUT SURVEY_ORIGIN
 *
 * Builds OUT/<target>/<size>/ for every peer, and OUT/framed/<size>/: the page of a partner that shows
 * our survey. MODULES is the node_modules folder that holds the peers and esbuild. Every file also
 * lies there as brotli at its highest level, which is what the server sends.
 */
import { cp, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { SIZES, survey } from './survey.mjs';

const HERE = import.meta.dirname;
const PEERS = join(HERE, 'peers');

/** A plain, accessible page with the survey in it. `defer` is the kindest way to load a script. */
const document = ({ styles = [], scripts = [], body = '<div id="survey"></div>' }) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Your views</title>
<link rel="icon" href="data:,">
${styles.map((file) => `<link rel="stylesheet" href="${file}">`).join('\n')}
${scripts.map((file) => `<script defer src="${file}"></script>`).join('\n')}
</head>
<body>
<header><a href="#main">Skip to content</a></header>
<main id="main"><h1>Your views</h1>
${body}
</main>
</body>
</html>
`;

/** What a partner writes (docs/embedding.md), in a page that is as plain as those of the peers. */
const partner = (origin, size) =>
  document({
    styles: ['page.css'],
    body: `<script src="${origin}/embed.js" data-survey="bench-${size}" async></script>`,
  });

async function compress(folder) {
  for (const name of await readdir(folder)) {
    const content = await readFile(join(folder, name));
    const params = {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_LGWIN]: 22,
      [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
    };
    await writeFile(join(folder, `${name}.br`), brotliCompressSync(content, { params }));
  }
}

async function fresh(folder) {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  return folder;
}

/** What a peer's `build` gets: the survey, and ways to write its page. */
function tools(esbuild, modules, source, size, out) {
  return {
    survey: survey(size),
    page: (parts) => writeFile(join(out, 'index.html'), document(parts)),
    copy: (from, to) => cp(join(source, from), join(out, to)),
    copyModule: (from, to) => cp(join(modules, from), join(out, to)),
    /** Bundles `entry`, with `definition` as the module of that name, into app.min.js. */
    bundle: (entry, { definition, jsxImportSource } = {}) =>
      esbuild.build({
        entryPoints: { 'app.min': join(source, entry) },
        outdir: out,
        bundle: true,
        minify: true,
        legalComments: 'none',
        format: 'iife',
        target: 'es2020',
        logLevel: 'error',
        jsx: 'automatic',
        jsxImportSource,
        define: { 'process.env.NODE_ENV': '"production"' },
        nodePaths: [modules],
        plugins: [
          {
            name: 'definition',
            setup(build) {
              build.onResolve({ filter: /^definition$/ }, () => ({ path: 'definition', namespace: 'bench' }));
              build.onLoad({ filter: /.*/, namespace: 'bench' }, () => ({
                contents: JSON.stringify(definition),
                loader: 'json',
              }));
            },
          },
        ],
      }),
  };
}

const [modules, out, origin] = process.argv.slice(2);
if (!origin) throw new Error('say where things are: node build.mjs MODULES OUT SURVEY_ORIGIN');
const esbuild = createRequire(join(modules, 'any.js'))('esbuild');

for (const peer of await readdir(PEERS, { withFileTypes: true })) {
  if (!peer.isDirectory()) continue;
  const source = join(PEERS, peer.name);
  const { build } = await import(join(source, 'target.mjs'));
  for (const size of SIZES) {
    const folder = await fresh(join(out, peer.name, String(size)));
    await build(tools(esbuild, modules, source, size, folder));
    await compress(folder);
  }
}
for (const size of SIZES) {
  const folder = await fresh(join(out, 'framed', String(size)));
  await writeFile(join(folder, 'index.html'), partner(origin, size));
  await cp(join(PEERS, 'page.css'), join(folder, 'page.css'));
  await compress(folder);
}
