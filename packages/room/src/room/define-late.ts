import { AiInterviewTranscript } from '../transcript/transcript.ts';
import { AiInterviewVisualizer } from '../visualizer/visualizer.ts';

const elements = {
  'ai-interview-visualizer': AiInterviewVisualizer,
  'ai-interview-transcript': AiInterviewTranscript,
};

/** Registers what the script-tag file leaves out. Harmless when it is done twice. */
export function defineLate(): void {
  for (const [name, element] of Object.entries(elements)) {
    if (!customElements.get(name)) customElements.define(name, element);
  }
}
