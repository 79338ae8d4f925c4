import { Model } from 'survey-core';
import { renderSurvey } from 'survey-js-ui';
import definition from 'definition';

const survey = new Model(definition);
survey.onComplete.add(({ data }) => fetch('submit', { method: 'POST', body: JSON.stringify(data) }));
window.__answers = () => survey.data;
renderSurvey(survey, document.getElementById('survey'));
