/*
 * Starts the widget. A file of its own, because the frame's CSP refuses inline script.
 *
 * The tag that loads it names the two files of the build:
 *   <script type="module" src="/start.js" data-glue="/views-….js" data-wasm="/views-…_bg.wasm">
 */
const { glue, wasm } = document.querySelector('script[data-glue]').dataset;
try {
  const { default: init } = await import(glue);
  await init({ module_or_path: wasm });
} catch {
  // No WebAssembly, a policy that refuses it, or a file that did not come: what stands in the
  // document says whom to call. The page around it shows its own words again.
  document.getElementById('loading').hidden = true;
  document.getElementById('failed').hidden = false;
  if (parent !== self) parent.postMessage({ v: 1, t: 'failed' }, '*');
}
