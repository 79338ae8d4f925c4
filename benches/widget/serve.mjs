/**
 * A static server for the pages of the peers and of the partner: everything in memory, brotli that
 * was made before, connections kept. It runs in a worker, so that what measures does not wait for it.
 */
import { createServer } from 'node:http';
import { readFile, readdir } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
};

/** Serves `folder` on `port` of this machine; resolves to what stops it. */
export function serve(folder, port) {
  const worker = new Worker(new URL(import.meta.url), { workerData: { folder, port } });
  return new Promise((resolve, reject) => {
    worker.once('message', () => resolve(() => worker.terminate()));
    worker.once('error', reject);
  });
}

async function load(folder) {
  const files = new Map();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || entry.name.endsWith('.br')) continue;
    const file = join(entry.parentPath ?? entry.path, entry.name);
    const path = `/${relative(folder, file).split(sep).join('/')}`;
    const compressed = { body: await readFile(`${file}.br`), type: TYPES[extname(file)] };
    files.set(path, compressed);
    if (path.endsWith('/index.html')) files.set(path.slice(0, -'index.html'.length), compressed);
  }
  return files;
}

async function listen({ folder, port }) {
  const files = await load(folder);
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    request.resume();
    const file = files.get(request.url);
    if (request.method !== 'GET') response.writeHead(204).end();
    else if (!file) response.writeHead(404, { 'content-length': 0 }).end();
    else {
      response.writeHead(200, {
        'content-type': file.type,
        'content-length': file.body.length,
        'content-encoding': 'br',
        vary: 'accept-encoding',
      });
      response.end(file.body);
    }
  });
  server.on('error', (error) => {
    throw error;
  });
  // Chromium takes `localhost` for 127.0.0.1 here and never asks for another address.
  server.listen(port, '127.0.0.1', () => parentPort.postMessage('ready'));
}

if (!isMainThread && workerData?.folder) await listen(workerData);
