/** What a page holds in memory: by what its engine counts, and by what its processes take. */

const total = (numbers) => numbers.reduce((sum, number) => sum + number, 0);

/**
 * Bytes after a garbage collection, over all processes of a page: `heap`, that is JavaScript objects,
 * the DOM and array buffers, and `wasm`, the WebAssembly memories. Code is in neither.
 */
export async function engineMemory(sessions) {
  let heap = 0;
  let wasm = 0;
  for (const session of sessions) {
    await session.send('HeapProfiler.enable');
    await session.send('HeapProfiler.collectGarbage');
    const usage = await session.send('Runtime.getHeapUsage');
    heap += usage.usedSize + usage.embedderHeapUsedSize + usage.backingStorageSize;
    wasm += await wasmMemory(session);
  }
  return { heap, wasm };
}

async function wasmMemory(session) {
  const { result: prototype } = await session.send('Runtime.evaluate', {
    expression: 'WebAssembly.Memory.prototype',
  });
  const { objects } = await session.send('Runtime.queryObjects', { prototypeObjectId: prototype.objectId });
  const { result } = await session.send('Runtime.callFunctionOn', {
    objectId: objects.objectId,
    functionDeclaration: 'function () { return this.reduce((sum, { buffer }) => sum + buffer.byteLength, 0); }',
    returnByValue: true,
  });
  return result.value;
}

/**
 * Bytes that the processes of the only page there is hold for themselves, compiled code included,
 * above what the same number of processes hold that wait for a page.
 */
export async function processMemory(root) {
  const footprints = new Map();
  const heaps = new Map();
  for (const { ph, pid, args } of await memoryDump(root)) {
    if (ph !== 'v') continue;
    const { process_totals: totals, allocators } = args.dumps;
    if (totals?.private_footprint_bytes) footprints.set(pid, parseInt(totals.private_footprint_bytes, 16));
    if (allocators?.blink_gc) heaps.set(pid, Object.keys(allocators));
  }
  const sizes = { showing: [], waiting: [] };
  for (const [pid, names] of heaps) {
    const runsScripts = names.some((name) => name.startsWith('web_cache/Script_resources'));
    sizes[runsScripts ? 'showing' : 'waiting'].push(footprints.get(pid));
  }
  const { showing, waiting } = sizes;
  return showing.length ? total(showing) - showing.length * Math.min(...waiting) : undefined;
}

/** The events of one memory dump of all processes. */
async function memoryDump(root) {
  const events = [];
  const stopCollecting = root.on('Tracing.dataCollected', ({ value }) => events.push(...value));
  let stopWaiting;
  const complete = new Promise((resolve) => {
    stopWaiting = root.on('Tracing.tracingComplete', resolve);
  });
  await root.send('Tracing.start', {
    traceConfig: {
      includedCategories: ['disabled-by-default-memory-infra'],
      excludedCategories: ['*'],
      memoryDumpConfig: { triggers: [] },
    },
  });
  await root.send('Tracing.requestMemoryDump', { levelOfDetail: 'light' });
  await root.send('Tracing.end');
  await complete;
  stopCollecting();
  stopWaiting();
  return events;
}
