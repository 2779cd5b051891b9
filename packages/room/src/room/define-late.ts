import { AiInterviewDeviceCheck } from '../device-check/device-check.ts';
import { AiInterviewTranscript } from '../transcript/transcript.ts';
import { live } from '../translations/en/live.ts';
import { AiInterviewVisualizer } from '../visualizer/visualizer.ts';

// Registers what the script-tag file leaves out; elsewhere all of it is there already.
const elements = {
  'ai-interview-device-check': AiInterviewDeviceCheck,
  'ai-interview-transcript': AiInterviewTranscript,
  'ai-interview-visualizer': AiInterviewVisualizer,
};
for (const [name, element] of Object.entries(elements)) {
  if (!customElements.get(name)) customElements.define(name, element);
}

/** The transcript says them too, also where a page has that element alone. */
export const english = live;
