// Styles first and beside each other: so they are packed smaller.
import './tokens.ts';
import './room/room.styles.ts';
import './device-check/device-check.styles.ts';
import { InterviewError, interviewErrorCodes } from '@interview/rtc';
import { css, html, LitElement, nothing, render } from 'lit';
import { Localize } from './controllers/localize.ts';
import { defineInterviewRoom } from './room/define.ts';
import { AiInterviewRoom } from './room/room.ts';
import { base, controls, tokens } from './tokens.ts';
import { clockText } from './view-model.ts';

// What `<script src="…/ai-interview-room.js">` runs; the build puts in front that it returns at once where the room is defined already.
defineInterviewRoom();

// Elements that the build leaves out of this file come from beside it, and are made of the same parts.
if (!customElements.get('ai-interview-visualizer')) {
  const lit = { css, html, LitElement, nothing, render };
  const rtc = { InterviewError, interviewErrorCodes };
  const shared = { ...lit, ...rtc, base, clockText, controls, Localize, tokens };
  Object.assign(AiInterviewRoom, { shared });
  import('./room/define-late.ts').then(
    ({ defineLate }) => defineLate(),
    () => undefined,
  );
}
