// Pages, one conditional question, a required check; answers are kept in memory.
const form = document.querySelector('form');
const pages = [...form.querySelectorAll('section')];
const answers = {};
let current = 0;
window.__answers = () => answers;

const read = (name) => {
  const values = new FormData(form).getAll(name).filter(Boolean);
  answers[name] = values.length > 1 ? values : values[0];
};

const show = (index) => {
  pages[current].hidden = true;
  current = index;
  pages[current].hidden = false;
  form.back.hidden = !current;
  form.next.hidden = current === pages.length - 1;
  form.send.hidden = !form.next.hidden;
  pages[current].querySelector('h2').focus();
};

const setError = (group, on) => {
  group.querySelector('.error').textContent = on ? 'Please answer this question.' : '';
  if (on) group.setAttribute('aria-invalid', 'true');
  else group.removeAttribute('aria-invalid');
};

// What was answered before this script came.
for (const name of new Set(new FormData(form).keys())) read(name);

form.addEventListener('change', ({ target }) => {
  read(target.name);
  const group = target.closest('[data-required]');
  if (group) setError(group, false);
  for (const question of pages[current].querySelectorAll('[data-if]')) {
    question.hidden = answers[question.dataset.if] !== question.dataset.is;
  }
});
form.next.addEventListener('click', () => {
  const open = [...pages[current].querySelectorAll('[data-required]')].filter(({ id }) => !answers[id]);
  for (const group of open) setError(group, true);
  if (open.length) open[0].querySelector('input').focus();
  else show(current + 1);
});
form.back.addEventListener('click', () => show(current - 1));
form.addEventListener('submit', (event) => {
  event.preventDefault();
  fetch('submit', { method: 'POST', body: JSON.stringify(answers) });
});
