import type { InterviewMode, TurnDetection } from '@interview/protocol';

/** When a candidate's turn is taken as ended: late, so that nobody is cut off while thinking. In writing nobody speaks. */
export function turnDetectionOf(mode: InterviewMode): TurnDetection | null {
  if (mode === 'text') return null;
  return {
    type: 'semantic_vad',
    eagerness: 'low',
    create_response: false,
    interrupt_response: true,
  };
}
