import { inject } from 'vitest';

/** One utterance as the simulator knows it to be true. */
export interface Utterance {
  item_id: string;
  role: 'candidate' | 'interviewer';
  text: string;
  status: string;
}

/** Quick speech and quick replies: the talk is the same, the waiting is not. */
const brisk = {
  speech: 'tone',
  tone_chars_per_s: 25,
  // The words are there before the reply is made, so that nobody is asked to say more.
  response_delay_ms: 400,
  transcription_delay_ms: 50,
  hangover_ms: 500,
};

function url(path: string): string {
  const { simulatorUrl } = inject('stack');
  if (simulatorUrl === null) throw new Error('The stack runs without a simulator.');
  return simulatorUrl + path;
}

/** Says what the candidate is heard to say in the calls to come, turn by turn. */
export async function play(...turns: string[]): Promise<void> {
  await playWith({}, ...turns);
}

/** The same with settings of the simulator's own beside it, such as `faults`. */
export async function playWith(settings: object, ...turns: string[]): Promise<void> {
  await put({ ...brisk, turns: turns.map((text) => ({ text })), ...settings });
}

/** The simulator's own pace and honest transcripts. */
export async function playUnscripted(): Promise<void> {
  await fetch(url('/simulator/scenario'), { method: 'DELETE' });
}

async function put(scenario: unknown): Promise<void> {
  const reply = await fetch(url('/simulator/scenario'), {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(scenario),
  });
  if (!reply.ok) throw new Error(`The scenario was refused: ${await reply.text()}`);
}

/** Provider ids of every call so far, oldest first. */
export async function calls(): Promise<string[]> {
  const reply = await fetch(url('/simulator/calls'));
  const all = (await reply.json()) as { call_id: string; created_at: string }[];
  return all.sort((a, b) => a.created_at.localeCompare(b.created_at)).map((call) => call.call_id);
}

/** What was truly said in a call. */
export async function record(
  callId: string,
): Promise<{ ended_at: string | null; utterances: Utterance[] }> {
  const reply = await fetch(url(`/simulator/calls/${callId}`));
  return (await reply.json()) as { ended_at: string | null; utterances: Utterance[] };
}
