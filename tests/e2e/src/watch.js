// Notes what happens to the page that stands, from now on: elements that come, go, change or move,
// and a focus that is lost. What is only the same again is nothing that happened.
(() => {
  const views = document.getElementById('views');
  const all = () => [views, ...views.querySelectorAll('*')];
  const name = (node) =>
    node.nodeType === Node.ELEMENT_NODE ? `<${node.localName}${node.id && ` id=${node.id}`}>` : `“${node.data}”`;
  const place = (element) => {
    const { x, y, width, height } = element.getBoundingClientRect();
    return [x, y, width, height].join(' ');
  };
  const notes = [];
  const note = (text) => {
    if (!notes.includes(text)) notes.push(text);
  };

  // Whatever a document says of them: an element that is made anew lacks the number.
  all().forEach((element, number) => (element.stood = number));
  const places = all().map(place);
  const lines = () => views.innerText.split('\n').filter((line) => line !== '');
  const said = lines();

  const read = (records) => {
    for (const { type, target, attributeName, oldValue, addedNodes, removedNodes } of records) {
      if (type === 'attributes') {
        const value = target.getAttribute(attributeName);
        if (value !== oldValue) note(`${name(target)}: ${attributeName} was ${oldValue}, is ${value}`);
      }
      // A text without a word in it shows nothing; text that is split says what it did.
      for (const added of addedNodes) if (added.nodeType === Node.ELEMENT_NODE) note(`${name(added)} came`);
      for (const removed of removedNodes) if (removed.textContent !== '') note(`${name(removed)} went`);
    }
  };
  const observer = new MutationObserver(read);
  observer.observe(views, { subtree: true, childList: true, attributes: true, attributeOldValue: true });
  addEventListener('focusout', ({ target }) => note(`${name(target)} lost the focus`));
  // From the first time that anything was drawn; in a frame, since it has the right height.
  new PerformanceObserver((list) => {
    for (const { value, sources } of list.getEntries()) {
      note(`the page shifted by ${value}: ${sources.map(({ node }) => node && name(node)).join(', ')}`);
    }
  }).observe({ type: 'layout-shift', buffered: parent === self });

  globalThis.happened = async () => {
    const frame = () => new Promise(requestAnimationFrame);
    // What was changed is drawn, and measured, by then.
    for (let frames = 0; frames < 3; frames++) await frame();
    await new Promise((done) => setTimeout(done));
    read(observer.takeRecords());
    const now = all();
    if (now.some((element, number) => element.stood !== number)) note('not the elements that stood');
    now.forEach((element, number) => {
      const before = places[element.stood];
      const after = place(element);
      if (before === undefined || before === after) return;
      const shown = element.checkVisibility();
      note(shown ? `${name(element)} was at ${before}, is at ${after}` : `${name(element)} is no longer shown`);
    });
    const says = lines();
    for (const line of says) if (!said.includes(line)) note(`it says “${line}”`);
    for (const line of said) if (!says.includes(line)) note(`it no longer says “${line}”`);
    return notes;
  };
})();
