import { render } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import survey from 'definition';

function Choice({ item, type, choice, value, set }) {
  const checked = type === 'radio' ? value === choice.value : Boolean(value?.includes(choice.value));
  const change = ({ target }) => {
    if (type === 'radio') set(choice.value);
    else set(target.checked ? [...(value ?? []), choice.value] : value.filter((it) => it !== choice.value));
  };
  return (
    <label class="choice">
      <input type={type} name={item.name} value={choice.value} checked={checked} onChange={change} /> {choice.label}
    </label>
  );
}

function Matrix({ item, title, value, set }) {
  const cell = (row, choice) => (
    <td>
      <input
        type="radio"
        name={`${item.name}.${row.value}`}
        aria-label={`${row.label}: ${choice.label}`}
        checked={value?.[row.value] === choice.value}
        onChange={() => set({ ...value, [row.value]: choice.value })}
      />
    </td>
  );
  return (
    <div class="wide" tabIndex="0" role="region" aria-label={title}>
      <table>
        <thead>
          <tr>
            <td />
            {item.choices.map(({ label }) => (
              <th scope="col">{label}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {item.rows.map((row) => (
            <tr>
              <th scope="row">{row.label}</th>
              {item.choices.map((choice) => cell(row, choice))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Choices({ item, value, set }) {
  const type = item.type === 'checkbox' ? 'checkbox' : 'radio';
  return (
    <>
      {item.low && (
        <p>
          1: {item.low}, 5: {item.high}
        </p>
      )}
      <div class={item.type === 'scale' ? 'points' : ''}>
        {item.choices.map((choice) => (
          <Choice {...{ item, type, choice, value, set }} />
        ))}
      </div>
    </>
  );
}

function Field({ item, id, value, set }) {
  const input = ({ target }) => set(target.value);
  if (item.type === 'long') return <textarea id={id} rows="4" value={value ?? ''} onInput={input} />;
  if (item.type === 'text') return <input type="text" id={id} value={value ?? ''} onInput={input} />;
  return (
    <select id={id} value={value ?? ''} onChange={input}>
      <option value="" />
      {item.choices.map((choice) => (
        <option value={choice.value}>{choice.label}</option>
      ))}
    </select>
  );
}

function Question({ item, value, set, error }) {
  const title = item.title + (item.required ? ' (required)' : '');
  if (item.choices && item.type !== 'select') {
    return (
      <fieldset id={item.name} aria-invalid={error || undefined}>
        <legend>{title}</legend>
        <p class="error" role="alert">
          {error && 'Please answer this question.'}
        </p>
        {item.type === 'matrix' ? <Matrix {...{ item, title, value, set }} /> : <Choices {...{ item, value, set }} />}
      </fieldset>
    );
  }
  const id = `${item.name}-i`;
  return (
    <div class="question" id={item.name}>
      <label for={id}>{title}</label>
      <Field {...{ item, id, value, set }} />
    </div>
  );
}

function App() {
  const [current, go] = useState(0);
  const [answers, put] = useState({});
  const [errors, setErrors] = useState([]);
  const form = useRef();
  const heading = useRef();
  window.__answers = () => answers;
  useEffect(() => {
    if (current > 0) heading.current.focus();
  }, [current]);

  const page = survey.pages[current];
  const next = () => {
    const open = page.items.filter((item) => item.required && !answers[item.name]).map((item) => item.name);
    setErrors(open);
    if (open.length) form.current.querySelector(`#${open[0]} input`).focus();
    else go(current + 1);
  };
  const set = (name) => (value) => {
    put((before) => ({ ...before, [name]: value }));
    setErrors((before) => before.filter((it) => it !== name));
  };
  const send = (event) => {
    event.preventDefault();
    fetch('submit', { method: 'POST', body: JSON.stringify(answers) });
  };
  const asked = page.items.filter((item) => !item.showIf || answers[item.showIf.name] === item.showIf.value);
  return (
    <form ref={form} noValidate onSubmit={send}>
      <h2 tabIndex="-1" ref={heading}>
        {page.title}
      </h2>
      {asked.map((item) => (
        <Question
          key={item.name}
          item={item}
          value={answers[item.name]}
          set={set(item.name)}
          error={errors.includes(item.name)}
        />
      ))}
      {current > 0 && (
        <button type="button" name="back" onClick={() => go(current - 1)}>
          Back
        </button>
      )}{' '}
      {current === survey.pages.length - 1 ? (
        <button key="send" name="send">
          Send
        </button>
      ) : (
        <button key="next" type="button" name="next" onClick={next}>
          Next
        </button>
      )}
    </form>
  );
}

render(<App />, document.getElementById('survey'));
