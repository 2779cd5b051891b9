// What the script-tag file lends to those beside it, and nothing else: the build reads this list.
export { css, html, LitElement, nothing, render, svg, unsafeCSS } from 'lit';
export { InterviewError, interviewErrorCodes, InterviewSession } from '@interview/rtc';
export { Localize } from './controllers/localize.ts';
export { Pulse } from './controllers/pulse.ts';
export { button, card, fact, primaryButton } from './room/card.ts';
export { icon } from './room/icons.ts';
export { base, controls, tokens } from './tokens.ts';
export { plural } from './translations/plurals.ts';
export { clockText, safeLink, savingOf } from './view-model.ts';
