// Styles first and beside each other: so they are packed smaller.
import './tokens.ts';
import './room/room.styles.ts';
import './transcript/transcript.styles.ts';
import './device-check/device-check.styles.ts';
import './visualizer/visualizer.styles.ts';
import { defineInterviewRoom } from './room/define.ts';

// What `<script src="…/ai-interview-room.js">` runs; the build puts in front that it returns at once where the room is defined already.
defineInterviewRoom();
