/**
 * The one survey that every target shows, in words of no engine.
 *
 * `survey(20)` is the base: 5 pages of 4 questions of 7 kinds, one of which is only asked after a
 * certain answer. `survey(100)` and `survey(500)` repeat it under new names: 25 and 125 pages. Only the very first
 * question is required, where an engine knows such a thing.
 */

const agree = ['Strongly disagree', 'Disagree', 'Neither agree nor disagree', 'Agree', 'Strongly agree'];
const yesNo = ['Yes', 'No', 'Not sure'];

const radio = (title, choices, more = {}) => ({ type: 'radio', title, choices, ...more });
const checkbox = (title, choices) => ({ type: 'checkbox', title, choices });
const scale = (title, low, high) => ({ type: 'scale', title, low, high, choices: ['1', '2', '3', '4', '5'] });
const select = (title, choices) => ({ type: 'select', title, choices });
const text = (title) => ({ type: 'text', title });
const long = (title, more = {}) => ({ type: 'long', title, ...more });
const matrix = (title, choices, rows) => ({ type: 'matrix', title, choices, rows });

const PAGES = [
  [
    radio(
      'How did you first contact the police about this crime?',
      ['By telephone', 'Online', 'At a police station', 'An officer was nearby', 'Someone else did it for me'],
      { required: true },
    ),
    checkbox('Which services have you been in touch with since?', [
      'Police',
      'Victim support',
      'Health service',
      'Housing',
      'Court service',
      'None of these',
    ]),
    scale('How easy was it to reach someone who could help?', 'Very hard', 'Very easy'),
    text('In which town or area did you ask for help?'),
  ],
  [
    matrix('How far do you agree with each statement?', agree, [
      'I was treated with respect',
      'I was listened to',
      'I was believed',
      'I was told what would happen next',
      'I felt safe while I was there',
      'My needs were taken into account',
    ]),
    radio('Were you offered a referral to victim support?', yesNo),
    select('How long did you wait for the first answer?', [
      'Less than an hour',
      'The same day',
      'Up to three days',
      'Up to a week',
      'Longer',
      'Nobody answered',
    ]),
    long('What could have been better at the first contact?'),
  ],
  [
    scale('How clear was the information you were given?', 'Not clear at all', 'Very clear'),
    radio('Were you told about your rights as a victim?', yesNo),
    // Asked when the question before it was answered with "No".
    long('What would you have wanted to know?', { after: 'No' }),
    checkbox('How would you like to be kept informed?', ['Telephone', 'Text message', 'E-mail', 'Letter', 'In person']),
  ],
  [
    radio('Did you have one person to turn to?', yesNo),
    scale('How safe do you feel today?', 'Not safe at all', 'Very safe'),
    select('Which age group are you in?', [
      'Under 18',
      '18 to 24',
      '25 to 44',
      '45 to 64',
      '65 or over',
      'I prefer not to say',
    ]),
    text('Which language do you prefer?'),
  ],
  [
    scale('How satisfied are you overall?', 'Very dissatisfied', 'Very satisfied'),
    radio('Would you report a crime again?', yesNo),
    checkbox('What helped you most?', [
      'Being listened to',
      'Clear information',
      'Practical help',
      'Protection',
      'Something else',
    ]),
    long('Is there anything else you want to tell us?'),
  ],
];

const SIZE_OF_BASE = 20;

/** The sizes that are measured, in questions. */
export const SIZES = [20, 100, 500];

/**
 * The survey with `size` questions, a multiple of 20: pages of items. Names are `q1`, `q2`, …; values
 * of choices `1`, `2`, …, of rows `r1`, `r2`, …
 */
export function survey(size) {
  const pages = [];
  let number = 0;
  for (let block = 1; block <= size / SIZE_OF_BASE; block++) {
    for (const questions of PAGES) {
      const items = questions.map(({ choices, rows, required, after, ...question }) => {
        const item = { ...question, name: `q${++number}` };
        if (block > 1) item.title += ` (part ${block})`;
        if (required && block === 1) item.required = true;
        if (choices) item.choices = choices.map((label, i) => ({ value: `${i + 1}`, label }));
        if (rows) item.rows = rows.map((label, i) => ({ value: `r${i + 1}`, label }));
        if (after) item.showIf = { name: `q${number - 1}`, value: `${yesNo.indexOf(after) + 1}` };
        return item;
      });
      pages.push({ title: `Part ${pages.length + 1}`, items });
    }
  }
  return { title: 'Your views', pages };
}
