import { AiInterviewVisualizer } from './visualizer.ts';

/** Registers the visualizer by itself. Harmless when it is done twice. */
export function defineVisualizer(): void {
  const name = 'ai-interview-visualizer';
  if (!customElements.get(name)) customElements.define(name, AiInterviewVisualizer);
}
