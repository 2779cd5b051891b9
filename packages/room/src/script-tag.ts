// Styles first and beside each other: so they are packed smaller.
import './tokens.ts';
import './room/room.styles.ts';
import './transcript/transcript.styles.ts';
import './device-check/device-check.styles.ts';
import { css, html, LitElement } from 'lit';
import { defineInterviewRoom } from './room/define.ts';
import { AiInterviewRoom } from './room/room.ts';
import { base, tokens } from './tokens.ts';

// What `<script src="…/ai-interview-room.js">` runs; the build puts in front that it returns at once where the room is defined already.
defineInterviewRoom();

// Where the build leaves the visualizer out of this file, it comes from beside it and is made of the same parts.
if (!customElements.get('ai-interview-visualizer')) {
  Object.assign(AiInterviewRoom, { shared: { LitElement, css, html, base, tokens } });
  import('./visualizer/define-visualizer.ts').then(
    ({ defineVisualizer }) => defineVisualizer(),
    () => undefined,
  );
}
