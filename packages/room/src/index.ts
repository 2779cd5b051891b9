import { defineInterviewRoom } from './room/define.ts';

export { AiInterviewRoom } from './room/room.ts';
export {
  AiInterviewDeviceCheck,
  MicrophoneChosenEvent,
  SpeakerChosenEvent,
} from './device-check/device-check.ts';
export { AiInterviewTranscript } from './transcript/transcript.ts';
export { AiInterviewVisualizer } from './visualizer/visualizer.ts';
export { defineInterviewRoom } from './room/define.ts';
export { registerTranslation, type Wording } from './controllers/localize.ts';
export type { SessionDoor, SessionFactory } from './controllers/session-controller.ts';
export type { Translation, CardWords } from './translations/en.ts';
export * from './events.ts';

defineInterviewRoom();
