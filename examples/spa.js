// A single-page app without a framework, so that every step is in sight. What to take from it:
//  - Keep the element: a person who looks at another view and comes back should find the answers.
//    Hide the view; do not remove it. Taken out, the frame ends, and the answers in it with it.
//  - Where a node must move, use `moveBefore`. It keeps the frame; `append` loads it anew.
const app = document.getElementById('app');
const log = document.querySelector('.log');

const views = {
  contact() {
    const section = document.createElement('section');
    const heading = document.createElement('h2');
    heading.textContent = 'Contact us';
    const text = document.createElement('p');
    text.textContent = 'Call 101 at any time. In danger now, call 999.';
    section.append(heading, text);
    return section;
  },

  views() {
    const section = document.createElement('section');
    section.className = 'views';
    section.setAttribute('aria-label', 'Your views');

    // In JSX or a template: <survey-frame survey="victim-voice" context-site="other"> … </survey-frame>
    const survey = document.createElement('survey-frame');
    survey.setAttribute('survey', 'victim-voice');
    survey.setAttribute('context-site', 'other');
    const fallback = document.createElement('p');
    fallback.textContent = 'If no questions appear here, call Victim Support, free, day or night, on 08 08 16 89 111.';
    survey.append(fallback);

    const places = [document.createElement('div'), document.createElement('div')];
    const tools = document.createElement('div');
    tools.className = 'tools';
    tools.append(
      button('Move it', () => {
        const target = places.find((place) => !place.contains(survey));
        if (target.moveBefore) target.moveBefore(survey, null);
        else log.textContent = 'This browser would load the questions anew, so they stay where they are.';
      }),
      button('Take it out', () => survey.remove()),
      button('Put it back', () => survey.isConnected || places[0].append(survey)),
    );
    places[0].append(survey);
    section.append(...places, tools);
    return section;
  },
};

function button(label, action) {
  const node = document.createElement('button');
  node.type = 'button';
  node.textContent = label;
  node.addEventListener('click', action);
  return node;
}

// Each view is built when it is first wanted, and from then on hidden rather than removed.
const built = {};
function show(name) {
  if (!built[name]) app.append((built[name] = views[name]()));
  for (const [other, view] of Object.entries(built)) view.hidden = other !== name;
  for (const tab of document.querySelectorAll('[data-view]')) {
    if (tab.dataset.view === name) tab.setAttribute('aria-current', 'page');
    else tab.removeAttribute('aria-current');
  }
}

for (const tab of document.querySelectorAll('[data-view]')) tab.addEventListener('click', () => show(tab.dataset.view));

// The events bubble. They carry nothing: the page learns that the survey ended, never what was said.
for (const name of ['survey-ready', 'survey-finished', 'survey-failed']) {
  document.addEventListener(name, () => (log.textContent = name));
}

show('views');
