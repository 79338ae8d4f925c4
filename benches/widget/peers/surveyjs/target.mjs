/**
 * SurveyJS: survey-core with survey-js-ui, its lightest renderer, as ES modules that esbuild bundles
 * and shakes: the best case for it.
 */
export const packages = ['survey-core', 'survey-js-ui'];

export const selectors = {
  first: '[data-name=q1]',
  option: '[data-name=q1] input[value="1"]',
  next: '.sd-navigation__next-btn',
  second: '[data-name=q5]',
};

const KINDS = {
  radio: 'radiogroup',
  checkbox: 'checkbox',
  select: 'dropdown',
  text: 'text',
  long: 'comment',
  matrix: 'matrix',
  scale: 'rating',
};

const options = (list) => list.map(({ value, label }) => ({ value, text: label }));

function particulars(item) {
  switch (item.type) {
    case 'matrix':
      return { columns: options(item.choices), rows: options(item.rows) };
    case 'scale':
      return { rateMin: 1, rateMax: 5, minRateDescription: item.low, maxRateDescription: item.high };
    default:
      return item.choices ? { choices: options(item.choices) } : {};
  }
}

const element = (item) => ({
  type: KINDS[item.type],
  name: item.name,
  title: item.title,
  ...(item.required && { isRequired: true }),
  ...(item.showIf && { visibleIf: `{${item.showIf.name}} = '${item.showIf.value}'` }),
  ...particulars(item),
});

export async function build({ survey, bundle, copyModule, page }) {
  const definition = {
    pages: survey.pages.map(({ title, items }, i) => ({ name: `p${i + 1}`, title, elements: items.map(element) })),
  };
  await bundle('app.js', { definition });
  await copyModule('survey-core/survey-core.fontless.min.css', 'survey.css');
  await page({ styles: ['survey.css'], scripts: ['app.min.js'] });
}
