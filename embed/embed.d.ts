// Types of the page's side of embed.js: one element, five events. Nothing here carries an answer.
//
// embed.js is a classic script and exports nothing. To have these types, copy this file into the
// project and name it under "include" (or "files") in tsconfig.json.

/**
 * `<survey-frame>`: a survey in a sandboxed frame of another origin.
 *
 * Its children are the fallback: they stand until the survey can be answered, and again if it fails.
 * Without children an English link and phone number stand there.
 *
 * Taking the element out of the document ends the survey in it, and so does moving it with
 * `append`, `insertBefore` or `replaceWith`. `moveBefore`, where the browser has it, does not.
 */
export interface SurveyFrameElement extends HTMLElement {}

/** Events of `<survey-frame>`. They bubble and say nothing but their name. */
export interface SurveyFrameEventMap {
  /** The first question stands; the fallback is hidden. Once, and again only after `survey-failed`. */
  'survey-ready': Event;
  /** Something was chosen or written for the first time. Once; not what, and not where. */
  'survey-started': Event;
  /** The answers were sent and their receipt was confirmed. */
  'survey-finished': Event;
  /** The survey does not work, even if it was ready before, or was not within 20 seconds; the fallback is shown. */
  'survey-failed': Event;
  /** Somebody leaves the page: the last moment before it is wiped. Do nothing that takes time. */
  'survey-left': Event;
}

/**
 * Attributes of `<survey-frame>`. All but `src` are also read with `data-` in front, which is how
 * the script tag writes them; where both stand, the `data-` one counts.
 */
export interface SurveyFrameAttributes {
  /** Name of the survey: small letters, digits and hyphens. Another value loads another survey. */
  survey?: string;
  /** Folder of embed.js, with a slash at the end. Default: where embed.js itself came from. */
  src?: string;
  /** Language of the survey (BCP 47, such as `"cy"`). Default, and if it has not got it: its own. */
  lang?: string;
  /** Where "Leave this page" goes: an https address. Default: a weather page. */
  exit?: string;
  /** `"1"`: one press of Escape leaves, as on sites that do so themselves. Otherwise three. */
  escape?: string;
  /** Accessible name of the frame. Default `"Your views"`. Keep it neutral. */
  'data-title'?: string;
  /** `"#id"` of an element of the page that is the fallback in place of the children. */
  fallback?: string;
  /** Context the survey allows, such as `context-site="met"`. The survey drops unknown values. */
  [context: `context-${string}`]: string | undefined;
  /** The same, as the script tag writes it. */
  [context: `data-context-${string}`]: string | undefined;
}

declare global {
  interface HTMLElementTagNameMap {
    'survey-frame': SurveyFrameElement;
  }
  interface GlobalEventHandlersEventMap extends SurveyFrameEventMap {}
}
