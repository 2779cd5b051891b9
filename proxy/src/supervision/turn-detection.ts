import type { InterviewMode, TurnDetection } from '@interview/protocol';

/**
 * When a candidate's turn is taken as ended: late, so that nobody is cut off while thinking. In writing nobody speaks.
 *
 * `create_response: false`: the supervisor asks for every response itself, with a mark in its metadata, so that one
 * which a page asked for is known at once. It costs one round trip between proxy and provider: measured 0.9 ms where
 * there is no distance (95 % below 4 ms), 23 ms with 10 ms each way, 63 ms with 30 ms (`bench/turn-latency.ts`). A turn
 * ends up to 8 s after the last word, and a model thinks for some 500 ms more: nobody hears the difference.
 */
export function turnDetectionOf(mode: InterviewMode): TurnDetection | null {
  if (mode === 'text') return null;
  return {
    type: 'semantic_vad',
    eagerness: 'low',
    create_response: false,
    interrupt_response: true,
  };
}
