/**
 * The floor: the whole survey as plain HTML, a small script written by hand, a small style sheet.
 * The question is there and can be answered as soon as the document is.
 */
const escaped = (words) => words.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

const choice = (item, type, { value, label }) =>
  `<label class="choice"><input type="${type}" name="${item.name}" value="${value}"> ${escaped(label)}</label>`;

function matrix(item, title) {
  const head = item.choices.map(({ label }) => `<th scope="col">${escaped(label)}</th>`).join('');
  const rows = item.rows.map((row) => {
    const cells = item.choices.map(
      ({ value, label }) =>
        `<td><input type="radio" name="${item.name}.${row.value}" value="${value}"
          aria-label="${escaped(row.label)}: ${escaped(label)}"></td>`,
    );
    return `<tr><th scope="row">${escaped(row.label)}</th>${cells.join('')}</tr>`;
  });
  return `<div class="wide" tabindex="0" role="region" aria-label="${title}"><table>
    <thead><tr><td></td>${head}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}

function question(item) {
  const title = escaped(item.title) + (item.required ? ' (required)' : '');
  const required = item.required ? ' data-required' : '';
  const shown = item.showIf ? ` data-if="${item.showIf.name}" data-is="${item.showIf.value}" hidden` : '';
  const start = `id="${item.name}"${required}${shown}`;
  const group = (inside) =>
    `<fieldset ${start}><legend>${title}</legend><p class="error" role="alert"></p>${inside}</fieldset>`;
  const field = (inside) =>
    `<div class="question" ${start}><label for="${item.name}-i">${title}</label>${inside}</div>`;
  const control = `id="${item.name}-i" name="${item.name}"`;
  switch (item.type) {
    case 'radio':
    case 'checkbox':
      return group(item.choices.map((it) => choice(item, item.type, it)).join(''));
    case 'scale': {
      const points = item.choices.map((it) => choice(item, 'radio', it)).join('');
      return group(`<p>1: ${escaped(item.low)}, 5: ${escaped(item.high)}</p><div class="points">${points}</div>`);
    }
    case 'matrix':
      return group(matrix(item, title));
    case 'select': {
      const options = item.choices.map((it) => `<option value="${it.value}">${escaped(it.label)}</option>`);
      return field(`<select ${control}><option value=""></option>${options.join('')}</select>`);
    }
    case 'long':
      return field(`<textarea ${control} rows="4"></textarea>`);
    default:
      return field(`<input type="text" ${control}>`);
  }
}

const section = ({ title, items }, hidden) =>
  `<section${hidden ? ' hidden' : ''}><h2 tabindex="-1">${title}</h2>${items.map(question).join('')}</section>`;

export const packages = [];

export const selectors = {
  first: '#q1',
  option: '#q1 input[value="1"]',
  next: 'button[name=next]',
  second: '#q5',
  // What is pressed before the script came is lost, so a person would press again.
  pressAgain: 50,
};

export async function build({ survey, bundle, copy, page }) {
  await bundle('app.js');
  await copy('../page.css', 'page.css');
  await page({
    styles: ['page.css'],
    scripts: ['app.min.js'],
    body: `<form novalidate>
${survey.pages.map((part, i) => section(part, i > 0)).join('\n')}
<button type="button" name="back" hidden>Back</button>
<button type="button" name="next">Next</button>
<button name="send" hidden>Send</button></form>`,
  });
}
