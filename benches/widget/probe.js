/**
 * Runs in every measured document before anything else of it: an expression, called with
 * - `target`: the selectors of the target,
 * - `role`: `page` shows the survey and is the page itself; `frame` shows it inside of a partner's;
 *   `host` is that partner's page,
 * - `mode`: `look` answers the first question and waits; `eager` presses "Continue" as soon as
 *   there is one; `idle` does nothing.
 *
 * What it sees is told through the binding `__mark`, with wall-clock times that are comparable between
 * processes. A frame counts when it was painted: a task that is queued in `requestAnimationFrame`
 * runs after it.
 */
(target, role, mode) => {
  if (role !== 'frame' && window !== top) return;
  const mark = (name) => __mark(JSON.stringify({ name, at: performance.timeOrigin + performance.now() }));
  __mark(JSON.stringify({ name: `origin-${role}`, at: performance.timeOrigin }));

  const seen = (element) =>
    Boolean(element?.checkVisibility({ opacityProperty: true, visibilityProperty: true })) &&
    element.getBoundingClientRect().height > 0;
  const painted = (then) =>
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = then;
      port2.postMessage(0);
    });
  const when = (test, then) => (test() ? painted(then) : requestAnimationFrame(() => when(test, then)));

  const probe = { long: [], events: [], clicked: 0 };
  window.__probe = probe;
  const observe = (type, each, options) =>
    new PerformanceObserver((list) => list.getEntries().forEach(each)).observe({ type, buffered: true, ...options });
  observe('longtask', ({ duration }) => probe.long.push(duration));

  if (role === 'host') {
    const frame = () => document.querySelector('survey-frame')?.shadowRoot?.querySelector('iframe');
    probe.box = () => {
      const { x, y } = frame().getBoundingClientRect();
      return [x, y];
    };
    requestAnimationFrame(() => when(() => seen(frame()), () => mark('shown')));
    return;
  }

  const find = (selector) => document.querySelector(selector);
  probe.seen = (selector) => seen(find(selector));
  observe('event', ({ duration, interactionId }) => interactionId && probe.events.push(duration), {
    durationThreshold: 16,
  });
  addEventListener('click', ({ timeStamp }) => (probe.clicked = timeStamp), true);

  // Page 2 is there when an element of it is or, with `heading`, when the heading says something else.
  let firstHeading;
  const heading = () => find(target.heading)?.textContent;
  const turned = () =>
    target.heading ? ![undefined, firstHeading].includes(heading()) : seen(find(target.second));
  probe.watchSecond = () =>
    new Promise((resolve) => {
      when(turned, () => {
        probe.second = performance.now() - probe.clicked;
        resolve(probe.second);
      });
    });

  const option = () => find(target.option);
  const checked = () => {
    if (target.checked) return Boolean(find(target.checked));
    return option()?.checked ?? option()?.getAttribute('aria-checked') === 'true';
  };
  const kept = target.kept ?? (() => !window.__answers || Object.keys(window.__answers()).length > 0);
  probe.kept = () => Boolean(checked() && kept());

  /** Clicks the option until it is checked and kept; `then` gets the time of the frame that shows it. */
  const choose = (then, again = false) => {
    // Checked by the browser and then dropped by the app: the next click has to count.
    if (again && option()?.checked) option().checked = false;
    option()?.click();
    painted(() => {
      if (probe.kept()) then(performance.timeOrigin + performance.now());
      else setTimeout(choose, 20, then, true);
    });
  };
  /** A choice made before the app came counts if it still stands after. */
  const confirm = (at) => {
    if (probe.kept()) __mark(JSON.stringify({ name: 'answered', at }));
    else choose(confirm, true);
  };
  const afterLive = (then) => when(() => find(target.live), then);

  const proceed = () => {
    if (turned()) return;
    find(target.next)?.click();
    if (target.pressAgain) setTimeout(proceed, target.pressAgain);
  };

  requestAnimationFrame(() =>
    when(
      () => seen(find(target.first)),
      () => {
        firstHeading = target.heading && heading();
        mark('first');
        if (target.live) afterLive(() => mark('live'));
        if (mode === 'look') {
          choose((at) => (target.live ? afterLive(() => painted(() => confirm(at))) : confirm(at)));
        }
        if (mode === 'eager') {
          when(turned, () => mark('ready'));
          choose(proceed);
        }
      },
    ),
  );
}
