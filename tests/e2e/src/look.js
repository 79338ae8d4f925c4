// What the browser tells assistive technology about the elements it shows: `computedRole` and
// `computedName` are its own computation, behind a switch of Chromium that browser.rs sets.
// Put in front of each script that these tests run in a page.

/** Every element that is shown, in document order, in open shadow roots too. */
function* shown(root = document.body ?? document) {
  for (const element of root.querySelectorAll('*')) {
    if (element.checkVisibility({ visibilityProperty: true })) yield element;
    if (element.shadowRoot) yield* shown(element.shadowRoot);
  }
}

/** Those of one role, and of one name unless that is null. */
const find = (role, name) =>
  [...shown()].filter((e) => e.computedRole === role && (name === null || e.computedName === name));

/** Role and name of the element that has the focus. */
const focused = () => {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return [element?.computedRole ?? '', element?.computedName ?? ''];
};

/** The text of an element as it is shown, a line for each paragraph. */
const text = (element) => element.innerText.trim().replaceAll(/\n+/g, '\n');
