import type { Turn } from '../events.ts';
import type { ConversationChange } from './decoder.ts';

/**
 * Follows whose turn it is in one call. Whoever is heard has it, and a candidate who speaks also against the
 * interviewer's voice. `thinking` lasts from the end of the candidate's speech, or the beginning of a reply, to the
 * first word.
 *
 * @example
 * const turnAfter = followTurn();
 * for (const change of changes) turn = turnAfter(change);
 */
export function followTurn(): (change: ConversationChange) => Turn {
  /** What the candidate is saying. */
  let speaking: string | null = null;
  /** The reply that is heard, or is read as it comes. */
  let voice: string | null = null;
  let written = false;
  /** The reply that is waited for; empty before one is begun. */
  let awaited: string | null = null;

  const take = (change: ConversationChange): void => {
    switch (change.kind) {
      case 'speech_started':
        speaking = change.utterance;
        return;
      case 'placed':
      case 'speech_stopped':
      case 'silence':
        // Of speech that is committed by hand nobody tells that it stopped, only its place.
        if (change.kind === 'placed' && speaking !== change.utterance) return;
        speaking = null;
        awaited = '';
        return;
      case 'speech_dropped':
        speaking = null;
        awaited ||= null;
        return;
      case 'reply_started':
        if (change.inConversation) awaited = change.reply;
        return;
      case 'writing':
        // A note that is no part of the conversation is written too.
        written = change.reply === awaited;
        if (written) voice = awaited;
        if (written) awaited = null;
        return;
      case 'playing':
        written = false;
        voice = change.reply;
        awaited = null;
        return;
      case 'played':
      case 'silenced':
        if (voice === change.reply) voice = null;
        return;
      case 'reply_ended':
        if (written && voice === change.reply) voice = null;
        // One that was completed without a word called a tool, and another follows.
        if (change.outcome !== 'completed' && awaited === change.reply) awaited = null;
    }
  };
  return (change) => {
    take(change);
    if (speaking !== null) return 'candidate';
    if (voice !== null) return 'interviewer';
    return awaited === null ? 'listening' : 'thinking';
  };
}
