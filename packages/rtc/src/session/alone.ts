import { openAiWords } from '../conversation/openai-words.ts';
import type { SessionContext } from './context.ts';
import { randomText } from './digest.ts';
import type { LiveCall } from './live-call.ts';

/*
 * A talk in which no supervisor has a channel into the call: the page says what a supervisor would. Loaded on demand,
 * since few installations hold interviews so.
 */

/** Tells the interviewer what it is, where nobody else can, and what was said before, and lets it speak. */
export function beginAlone({ log }: SessionContext, call: LiveCall): void {
  const { providerSession: session } = call;
  if (session) call.send({ type: 'session.update', session });
  call.send(...openAiWords.replay(log.lines), openAiWords.respond);
}

/** Takes the candidate's open speech as a turn. */
export function endTurnAlone({ decoder }: SessionContext, call: LiveCall): void {
  call.send(decoder.commitSpeech, openAiWords.respond);
}

/** Says something in writing. */
export function typeAlone(call: LiveCall, text: string): void {
  call.send(openAiWords.typed(text, randomText(9)), openAiWords.respond);
}
