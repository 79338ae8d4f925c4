import survey from 'definition';

const answers = {};
window.__answers = () => answers;
window.formbricksSurveys.renderSurveyInline({
  survey,
  containerId: 'survey',
  brandColor: '#124',
  isBrandingEnabled: false,
  isRedirectDisabled: true,
  onResponse: ({ data, finished }) => {
    Object.assign(answers, data);
    if (finished) fetch('submit', { method: 'POST', body: JSON.stringify(answers) });
  },
});
