import type { EventLog } from '../../../packages/simulator/src/testing/candidate.ts';

/**
 * Waits until what the interviewer says next is written and played to its end: on a busy machine sound may end before
 * the text does, and whoever speaks then cuts it off. Returns the index behind both.
 */
export async function heardOut(events: EventLog, from = 0): Promise<number> {
  const played = await events.next('output_audio_buffer.stopped', from);
  const written = await events.next(
    'response.done',
    0,
    ({ response }) => (response as { id: string }).id === played['response_id'],
  );
  return Math.max(events.all.indexOf(played), events.all.indexOf(written)) + 1;
}
