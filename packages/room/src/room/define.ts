import { AiInterviewDeviceCheck } from '../device-check/device-check.ts';
import { AiInterviewTranscript } from '../transcript/transcript.ts';
import { AiInterviewVisualizer } from '../visualizer/visualizer.ts';
import { AiInterviewRoom } from './room.ts';

const elements: Record<string, CustomElementConstructor | null> = {
  'ai-interview-visualizer': AiInterviewVisualizer,
  'ai-interview-transcript': AiInterviewTranscript,
  'ai-interview-device-check': AiInterviewDeviceCheck,
  'ai-interview-room': AiInterviewRoom,
};

/** Registers the room and its parts. Harmless when it is done twice, by two scripts or outside a browser. */
export function defineInterviewRoom(): void {
  if (!('customElements' in globalThis)) return;
  for (const [name, element] of Object.entries(elements)) {
    if (element && !customElements.get(name)) customElements.define(name, element);
  }
}
