// What can be measured of a page that is shown. Stands behind look.js; each function lists what is
// wrong, in words.

const styleOf = (element) => getComputedStyle(element);
const named = (element) =>
  `${element.localName}${element.className && `.${element.className}`} “${(element.computedName || element.textContent || '').trim().slice(0, 60)}”`;
/** For screen readers only. */
const isOffScreen = (element) => !!element.closest('.v-hidden');

// Colours (WCAG 2.2, "relative luminance" and "contrast ratio").

const rgba = (colour) => {
  const parts = /^rgba?\(([^)]+)\)$/.exec(colour)?.[1].split(/[ ,/]+/).map(Number);
  if (!parts) throw new Error(`cannot read the colour ${colour}`);
  return [parts[0], parts[1], parts[2], parts[3] ?? 1];
};
const over = (front, back) => [0, 1, 2].map((i) => front[i] * front[3] + back[i] * (1 - front[3])).concat(1);
const luminance = (colour) => {
  const [r, g, b] = colour.slice(0, 3).map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const contrast = (one, other) => {
  const [less, more] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (more + 0.05) / (less + 0.05);
};
/** What an element stands on, itself included. Paper is white: browsers print no backgrounds. */
const ground = (element, onPaper) => {
  const layers = [];
  for (let e = element; e && !onPaper; e = e.parentElement) {
    layers.push(rgba(styleOf(e).backgroundColor));
    if (layers.at(-1)[3] === 1) break;
  }
  return layers.reduceRight((back, front) => over(front, back), [255, 255, 255, 1]);
};

/** Every text with less contrast than 4.5 to 1, large ones too. */
const faintTexts = (onPaper) => {
  const wrong = [];
  let seen = 0;
  const look = (element, text) => {
    const back = ground(element, onPaper);
    const ratio = contrast(over(rgba(styleOf(element).color), back), back);
    seen++;
    if (ratio < 4.5) wrong.push(`“${text.trim().slice(0, 60)}” has a contrast of ${ratio.toFixed(2)}`);
  };
  for (const element of shown()) {
    if (isOffScreen(element) || element.matches('option, optgroup')) continue;
    const text = [...element.childNodes].filter((n) => n.nodeType === Node.TEXT_NODE).map((n) => n.data).join('');
    if (text.trim() !== '') look(element, text);
    else if (element.matches('input[type=text], textarea, select')) look(element, 'what is entered');
  }
  if (seen === 0) wrong.push('there is no text');
  return wrong;
};

/** What is drawn of a control: of some, the label is. */
const drawn = (control) =>
  styleOf(control).opacity === '0' ? (control.labels?.[0] ?? control) : control;

const controls = () => [...shown()].filter((e) => e.matches('button, a[href], input, select, textarea, summary'));

/** Every control whose edge has less contrast than 3 to 1 to what is around it. */
const faintEdges = () => {
  const wrong = [];
  for (const control of controls()) {
    // The browser draws these itself.
    if (control.matches('[type=radio], [type=checkbox]') && drawn(control) === control) continue;
    const box = drawn(control);
    const style = styleOf(box);
    const back = ground(box.parentElement);
    const border = parseFloat(style.borderBlockStartWidth) > 0 ? rgba(style.borderBlockStartColor) : [0, 0, 0, 0];
    const fill = rgba(style.backgroundColor);
    // A text that is pressed: its contrast as a text is what counts.
    if (border[3] === 0 && fill[3] === 0) continue;
    const ratio = Math.max(...[border, fill].map((colour) => contrast(over(colour, back), back)));
    if (ratio < 3) wrong.push(`${named(control)} has an edge with a contrast of ${ratio.toFixed(2)}`);
  }
  return wrong;
};

/** Everything that is touched and is smaller than 44 by 44 CSS pixels (WCAG 2.2, 2.5.5). */
const smallTargets = () => {
  const touched = controls();
  if (touched.length === 0) return ['nothing can be touched'];
  return touched.flatMap((control) => {
    const boxes = [control, ...(control.matches('[type=radio], [type=checkbox]') ? control.labels : [])];
    const all = boxes.map((box) => box.getBoundingClientRect());
    const wide = Math.max(...all.map((b) => b.right)) - Math.min(...all.map((b) => b.left));
    const high = Math.max(...all.map((b) => b.bottom)) - Math.min(...all.map((b) => b.top));
    return Math.min(wide, high) < 44 ? [`${named(control)} is ${wide} by ${high} px`] : [];
  });
};

/** What lies beside the screen, or is cut off by what it stands in. */
const sideways = () => {
  const root = document.scrollingElement;
  const wrong = [];
  if (root.scrollWidth > innerWidth) wrong.push(`the page is ${root.scrollWidth} px wide on ${innerWidth} px`);
  for (const element of shown()) {
    if (isOffScreen(element) || element.matches('option')) continue;
    const { left, right, width } = element.getBoundingClientRect();
    if (width > 0 && (left < -1 || right > innerWidth + 1)) wrong.push(`${named(element)} lies from ${left} to ${right}`);
    const isCut = element.clientWidth > 0 && element.scrollWidth > element.clientWidth + 1;
    if (isCut && !element.matches('html, body, input, select, textarea'))
      wrong.push(`${named(element)} holds ${element.scrollWidth} px in ${element.clientWidth}`);
  }
  return wrong;
};

/** Everything that moves or could: animations of more than whether something is seen, transitions. */
const moving = () => {
  const wrong = document
    .getAnimations()
    .flatMap(({ effect }) => effect.getKeyframes())
    .flatMap((frame) => Object.keys(frame))
    .filter((name) => !['visibility', 'offset', 'computedOffset', 'easing', 'composite'].includes(name))
    .map((name) => `${name} is animated`);
  for (const element of [document.documentElement, ...shown()]) {
    const { transitionDuration, scrollBehavior } = styleOf(element);
    if (transitionDuration.split(', ').some((time) => time !== '0s')) wrong.push(`${named(element)} has a transition`);
    if (scrollBehavior !== 'auto') wrong.push(`${named(element)} scrolls smoothly`);
  }
  return wrong;
};

// Keys.

/** Where Tab stops, in its order: of radio buttons of one name, once. */
const tabStops = () => {
  const names = new Set();
  return [...shown()]
    .filter((e) => e.matches('button, a[href], input, select, textarea, summary, [tabindex]'))
    .filter((e) => e.tabIndex >= 0 && !e.disabled)
    .filter((e) => e.type !== 'radio' || (!names.has(e.name) && names.add(e.name)));
};

/** Which of them has the focus; -1 for none. */
const tabStop = () => {
  const now = document.activeElement;
  return tabStops().findIndex((e) => e === now || (e.type === 'radio' && now.type === 'radio' && e.name === now.name));
};

/** Whether what has the focus shows it, and is not beneath something else (WCAG 2.2, 2.4.7, 2.4.11). */
const unseenFocus = () => {
  const control = document.activeElement;
  const box = drawn(control);
  const { outlineStyle, outlineWidth, outlineColor } = styleOf(box);
  const wrong = [];
  if (outlineStyle === 'none' || parseFloat(outlineWidth) < 2) wrong.push(`${named(control)} does not show that it has the focus`);
  else {
    const ratio = contrast(rgba(outlineColor), ground(box.parentElement));
    if (ratio < 3) wrong.push(`the ring around ${named(control)} has a contrast of ${ratio.toFixed(2)}`);
  }
  const { left, top, width, height } = box.getBoundingClientRect();
  const isSeen = ([x, y]) => {
    const hit = document.elementFromPoint(left + width * x, top + height * y);
    return hit && (control.contains(hit) || box.contains(hit) || hit.control === control);
  };
  const points = [[0.5, 0.5], [0.1, 0.2], [0.9, 0.2], [0.1, 0.8], [0.9, 0.8]];
  if (!points.some(isSeen)) wrong.push(`${named(control)} has the focus and is not seen`);
  return wrong;
};

// What is announced.

/** From now on, keeps what live regions say, and what takes the focus. */
const listen = () => {
  const isNew = !globalThis.announced;
  globalThis.announced = [];
  globalThis.focusedSince = [];
  if (!isNew) return;
  const live = '[role=alert], [role=status], [role=log], [aria-live]:not([aria-live=off])';
  new MutationObserver((records) => {
    const regions = new Set();
    for (const { target, addedNodes } of records) {
      for (const node of [target, ...addedNodes]) {
        const element = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
        const region = element?.closest(live);
        if (region) regions.add(region);
        element?.querySelectorAll(live).forEach((inner) => node !== target && regions.add(inner));
      }
    }
    for (const region of regions) if (region.textContent.trim()) announced.push(region.textContent.trim());
  }).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
  addEventListener('focusin', ({ target }) => focusedSince.push(`${target.computedRole} ${target.computedName}`));
};
