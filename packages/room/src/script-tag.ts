import { defineInterviewRoom } from './room/define.ts';

// What `<script src="…/ai-interview-room.js">` runs; the build puts in front that it returns at once where the room is defined already.
defineInterviewRoom();
