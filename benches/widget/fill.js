/**
 * Runs in our own survey: gives every answer in its longest form and sends them. `pages` are those
 * of the definition. Resolves to the milliseconds from the press on "Send" to the request leaving.
 */
async (pages) => {
  const frame = () => new Promise(requestAnimationFrame);
  const all = (selector) => [...document.querySelectorAll(selector)];
  const heading = () => document.querySelector('main .v-heading')?.textContent;
  const until = async (test) => {
    while (!test()) await frame();
    await frame();
  };
  const press = () => document.querySelector('.v-buttons .v-button').click();
  // As long as a character gets: four bytes.
  const write = (field, length) => {
    field.value = '\u{1d482}'.repeat(length);
    field.dispatchEvent(new InputEvent('input', { bubbles: true }));
  };
  const answers = {
    single: () => all('.v-choice__input')[1].click(),
    scale: () => all('.v-choice__input').at(-1).click(),
    rating: () => all('main input[type=radio]').at(-1).click(),
    multiple: () => all('.v-choice__input').forEach((box) => box.click()),
    select: () => {
      const [field] = all('main select');
      field.selectedIndex = field.options.length - 1;
      field.dispatchEvent(new Event('change', { bubbles: true }));
    },
    text: ({ max_length }) => write(all('main input')[0], max_length),
    long_text: ({ max_length }) => write(all('main textarea')[0], max_length),
  };

  for (const page of pages) {
    await until(() => heading()?.startsWith(page.text));
    answers[page.type](page);
    await frame();
    press();
  }
  await until(() => heading() && !heading().startsWith(pages.at(-1).text));

  const sent = new Promise((resolve) => {
    new PerformanceObserver((list) => {
      for (const { name, startTime } of list.getEntries()) {
        if (name.endsWith('/responses')) resolve(startTime);
      }
    }).observe({ type: 'resource', buffered: true });
  });
  press();
  return (await sent) - __probe.clicked;
}
