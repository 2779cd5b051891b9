import type { EventLog } from '../../../packages/simulator/src/testing/candidate.ts';

/**
 * Waits until what the interviewer says next is written and played to its end: on a busy machine sound may end before
 * the text does, and whoever speaks then cuts it off. Returns the index behind both.
 */
export async function heardOut(events: EventLog, from = 0): Promise<number> {
  const played = await events.next('output_audio_buffer.stopped', from);
  return responseOver(events, played['response_id']);
}

/** The same for a response that is known. */
export async function responseOver(events: EventLog, responseId: unknown): Promise<number> {
  const played = await events.next(
    'output_audio_buffer.stopped',
    0,
    ({ response_id: id }) => id === responseId,
  );
  const written = await events.next(
    'response.done',
    0,
    ({ response }) => (response as { id: string }).id === responseId,
  );
  return Math.max(events.all.indexOf(played), events.all.indexOf(written)) + 1;
}
