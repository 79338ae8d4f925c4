// What the browser tells assistive technology about the elements it shows: `computedRole` and
// `computedName` are its own computation, behind a switch of Chromium that chromium.rs sets. Of other
// browsers the driver asks, element by element (seen.rs).
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

/** The element that has the focus. */
const focusedElement = () => {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element;
};

/** Its role and its name. */
const focused = () => [focusedElement()?.computedRole ?? '', focusedElement()?.computedName ?? ''];

/** The text of an element as it is shown, a line for each paragraph. */
const text = (element) => element.innerText.trim().replaceAll(/\n+/g, '\n');

/** Elements that may have a role: of each the driver then asks the browser. */
const candidates = (role) => {
  const selectors = {
    button: 'button',
    checkbox: 'input[type=checkbox]',
    combobox: 'select',
    definition: 'dd',
    group: 'fieldset, details',
    heading: 'h1, h2, h3',
    link: 'a[href]',
    radio: 'input[type=radio]',
    term: 'dt',
    textbox: 'textarea, input[type=text]',
  };
  const selector = `[role=${role}]` + (role in selectors ? `, ${selectors[role]}` : '');
  return [...shown()].filter((e) => e.matches(selector));
};
