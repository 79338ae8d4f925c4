/**
 * Formbricks: the UMD file of @formbricks/surveys (the last one on npm), in the page, without its
 * server. It shows one question a screen. This version has no matrix, which becomes six single choices, and
 * no select, which becomes a single choice.
 */
export const packages = ['@formbricks/surveys'];

export const selectors = {
  first: 'form fieldset',
  option: '#q1-1',
  // Answers stay in a component until "Next": drawn as chosen means kept.
  checked: 'label.z-10 #q1-1',
  kept: '() => true',
  next: 'button[type=submit]',
  second: '#q2-1',
};

const choices = (item) => item.choices.map(({ value, label }) => ({ id: `${item.name}-${value}`, label }));

const KINDS = {
  radio: (item) => ({ type: 'multipleChoiceSingle', choices: choices(item) }),
  select: (item) => ({ type: 'multipleChoiceSingle', choices: choices(item) }),
  checkbox: (item) => ({ type: 'multipleChoiceMulti', choices: choices(item) }),
  scale: ({ low, high }) => ({ type: 'rating', scale: 'number', range: 5, lowerLabel: low, upperLabel: high }),
  text: () => ({ type: 'openText', longAnswer: false, inputType: 'text' }),
  long: () => ({ type: 'openText', longAnswer: true, inputType: 'text' }),
};

const rows = (item) =>
  item.rows.map((row) => ({
    ...item,
    type: 'radio',
    name: `${item.name}-${row.value}`,
    title: `${item.title} ${row.label}`,
  }));

function questions(survey) {
  const items = survey.pages
    .flatMap((page) => page.items)
    .flatMap((item) => (item.type === 'matrix' ? rows(item) : [item]));
  return items.map((item, i) => {
    const question = {
      id: item.name,
      headline: item.title,
      required: Boolean(item.required),
      shuffleOption: 'none',
      ...KINDS[item.type](item),
    };
    const { showIf } = items[i + 1] ?? {};
    if (showIf) {
      // Every other answer skips the question after this one.
      const destination = items[i + 2]?.name ?? 'end';
      const others = item.choices.filter(({ value }) => value !== showIf.value);
      question.logic = [
        ...others.map(({ label }) => ({ condition: 'equals', value: label, destination })),
        { condition: 'skipped', destination },
      ];
    }
    return question;
  });
}

export async function build({ survey, bundle, copyModule, page }) {
  const definition = {
    id: 'views',
    name: 'views',
    type: 'link',
    status: 'inProgress',
    questions: questions(survey),
    welcomeCard: { enabled: false },
    thankYouCard: { enabled: true, headline: 'Thank you' },
    styling: null,
    autoClose: null,
  };
  await bundle('app.js', { definition });
  await copyModule('@formbricks/surveys/dist/index.umd.js', 'surveys.umd.js');
  await page({ scripts: ['surveys.umd.js', 'app.min.js'] });
}
