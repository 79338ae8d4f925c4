/**
 * node definition.mjs FOLDER     writes bench-20.json, bench-100.json and bench-500.json there
 *
 * The fixed survey as definitions of our own (docs/definition.md), question by question. Where the
 * two differ:
 * - One page asks one thing here, so 20 questions are 20 pages.
 * - There is no required question.
 * - There is no matrix. It becomes one scale with the statements above it: the same words travel,
 *   and 500 questions are 500 pages, the most that a definition may have.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SIZES, survey } from './survey.mjs';

/**
 * Characters that a line and a long text may have. All of them together fill an envelope of the
 * largest class, 32 KiB, at every size, when each one takes four bytes.
 */
const LENGTHS = { 20: [400, 2000], 100: [50, 420], 500: [14, 54] };

const options = (list) => list.map(({ value, label }) => ({ code: Number(value), label }));

function page(item, [line, long]) {
  switch (item.type) {
    case 'radio':
      return { type: 'single', options: options(item.choices) };
    case 'checkbox':
      return { type: 'multiple', options: options(item.choices) };
    case 'select':
      return { type: 'select', options: options(item.choices) };
    case 'matrix':
      return { type: 'scale', body: item.rows.map((row) => row.label), options: options(item.choices) };
    case 'scale':
      return { type: 'rating', min: 1, max: 5, min_label: item.low, max_label: item.high };
    case 'text':
      return { type: 'text', max_length: line };
    case 'long':
      return { type: 'long_text', max_length: long };
    default:
      throw new Error(`survey.mjs has a question of type ${item.type}; say here what it is in a definition`);
  }
}

/** The definition with `size` questions. */
export function definition(size) {
  const { title, pages } = survey(size);
  const items = pages.flatMap((part) => part.items);
  const section = (index) => `part${Math.floor(index / 20) + 1}`;
  return {
    format: 1,
    id: `bench-${size}`,
    version: '1.0.0',
    languages: ['en'],
    title,
    exit_url: 'https://www.bbc.co.uk/weather',
    sections: [...new Set(items.map((_, i) => section(i)))].map((id, i) => ({ id, title: `Part ${i + 1}` })),
    start: { body: [] },
    pages: items.map((item, i) => ({
      key: item.name,
      section: section(i),
      text: item.title,
      ...(item.showIf && { ask_if: `${item.showIf.name} == ${item.showIf.value}` }),
      ...page(item, LENGTHS[size]),
    })),
    end: { heading: 'Your answers were sent', body: [] },
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [folder] = process.argv.slice(2);
  if (!folder) throw new Error('name the folder to write to: node definition.mjs FOLDER');
  await mkdir(folder, { recursive: true });
  for (const size of SIZES) {
    await writeFile(join(folder, `bench-${size}.json`), JSON.stringify(definition(size)));
  }
}
