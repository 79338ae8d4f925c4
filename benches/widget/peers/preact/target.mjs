/** A small engine written by hand in Preact: the survey from its JSON, drawn by script. */
export const packages = ['preact'];

export const selectors = {
  first: '#q1',
  option: '#q1 input[value="1"]',
  next: 'button[name=next]',
  second: '#q5',
};

export async function build({ survey, bundle, copy, page }) {
  await bundle('app.jsx', { definition: survey, jsxImportSource: 'preact' });
  await copy('../page.css', 'page.css');
  await page({ styles: ['page.css'], scripts: ['app.min.js'] });
}
