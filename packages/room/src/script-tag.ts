// Styles first and beside each other: so they are packed smaller.
import './tokens.ts';
import './room/room.styles.ts';
import { fetchLate } from './controllers/late.ts';
import { defineInterviewRoom } from './room/define.ts';
import { AiInterviewRoom } from './room/room.ts';
import * as shared from './shared.ts';

// What `<script src="…/ai-interview-room.js">` runs; the build puts in front that it returns at once where the room is defined already.
defineInterviewRoom();

// Elements that the build leaves out of this file come from beside it, and are made of the same parts.
if (!customElements.get('ai-interview-visualizer')) {
  Object.assign(AiInterviewRoom, { shared: { ...shared } });
  // A room asks for them again; elements that stand alone stay as empty as they are.
  fetchLate('elements').catch(() => undefined);
}
