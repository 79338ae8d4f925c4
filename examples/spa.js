// A single-page app without a framework, so that every step is in sight. What to take from it:
//  - Keep the element beside what is rendered, and show and hide it with its view. A framework that
//    builds a view anew destroys what was in it; taken out, the frame ends, and the answers in it.
//  - Where a node must move, use `moveBefore`. It keeps the frame; `append` loads it anew.
const app = document.getElementById('app');
const kept = document.getElementById('kept');
const log = document.querySelector('.log');

// Made once. In JSX or a template of the app's outermost layout:
// <survey-frame survey="victim-voice" context-site="other"> … </survey-frame>
const survey = document.createElement('survey-frame');
survey.setAttribute('survey', 'victim-voice');
survey.setAttribute('context-site', 'other');
const fallback = document.createElement('p');
fallback.textContent = 'If no questions appear here, call Victim Support, free, day or night, on 08 08 16 89 111.';
survey.append(fallback);
const places = [document.createElement('div'), document.createElement('div')];
places[0].append(survey);
kept.className = 'views';
kept.setAttribute('role', 'region');
kept.setAttribute('aria-label', 'Your views');
kept.append(...places);

// Views are components: built when they are mounted, destroyed when they are not.
const views = {
  contact: {
    render() {
      const section = document.createElement('section');
      const heading = document.createElement('h2');
      heading.textContent = 'Contact us';
      const text = document.createElement('p');
      text.textContent = 'Call 101 at any time. In danger now, call 999.';
      section.append(heading, text);
      return section;
    },
  },

  views: {
    // Effects, as frameworks call them: what happens when the component comes and goes.
    mounted: () => (kept.hidden = false),
    unmounted: () => (kept.hidden = true),
    render() {
      const section = document.createElement('section');
      const tools = document.createElement('div');
      tools.className = 'tools';
      tools.append(
        button('Render again', () => show('views')),
        button('Move it', () => {
          const target = places.find((place) => !place.contains(survey));
          if (target.moveBefore) target.moveBefore(survey, null);
          else log.textContent = 'This browser would load the questions anew, so they stay where they are.';
        }),
        button('Take it out', () => survey.remove()),
        button('Put it back', () => survey.isConnected || places[0].append(survey)),
      );
      section.append(tools);
      return section;
    },
  },
};

function button(label, action) {
  const node = document.createElement('button');
  node.type = 'button';
  node.textContent = label;
  node.addEventListener('click', action);
  return node;
}

let shown;
function show(name) {
  shown?.unmounted?.();
  shown = views[name];
  app.replaceChildren(shown.render());
  shown.mounted?.();
  for (const tab of document.querySelectorAll('[data-view]')) {
    if (tab.dataset.view === name) tab.setAttribute('aria-current', 'page');
    else tab.removeAttribute('aria-current');
  }
}

for (const tab of document.querySelectorAll('[data-view]')) tab.addEventListener('click', () => show(tab.dataset.view));

// The events bubble. They carry nothing: the page learns that the survey ended, never what was said.
for (const name of ['survey-ready', 'survey-started', 'survey-finished', 'survey-failed']) {
  document.addEventListener(name, () => (log.textContent = name));
}

show('views');
