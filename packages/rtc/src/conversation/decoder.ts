import type { TranscriptLine } from '../events.ts';

type Speaking = 'candidate' | 'interviewer';

/**
 * What happened in a conversation, in no provider's words. `utterance` names one turn of speech; a provider without
 * items of its own has its decoder make the names up.
 */
export type ConversationChange =
  | { kind: 'speech_started'; utterance: string; atMs: number }
  | { kind: 'speech_stopped'; utterance: string; atMs: number }
  /** Whatever was heard and not yet taken as a turn is forgotten. */
  | { kind: 'speech_dropped' }
  /** An utterance exists in the conversation. `after`: its predecessor; null for the head; undefined where not told. */
  | {
      kind: 'placed';
      utterance: string;
      after: string | null | undefined;
      /** null for links of the chain that nobody says: tool calls, their outputs, instructions. */
      role: Speaking | null;
      /** Its text may still come. */
      open: boolean;
    }
  /** The provider forgot it; what was said stays said. */
  | { kind: 'removed'; utterance: string }
  /** Nobody spoke for so long that the provider takes the silence as a turn. */
  | { kind: 'silence'; utterance: string }
  | { kind: 'reply_started'; reply: string; inConversation: boolean }
  /** The interviewer begins an utterance, whose place is told by `placed`. `index` counts within the reply. */
  | { kind: 'reply_utterance'; reply: string; utterance: string; index: number }
  | { kind: 'reply_ended'; reply: string; outcome: 'completed' | 'cancelled' | 'failed' }
  /** A piece of the text of a part, or all of it where `final`. */
  | {
      kind: 'text';
      utterance: string;
      role: Speaking;
      part: number;
      text: string;
      final: boolean;
      language: string | null;
    }
  | { kind: 'text_failed'; utterance: string }
  /** No more text comes; `whole` is false where it was cut off. */
  | { kind: 'utterance_ended'; utterance: string; whole: boolean }
  /** The words of a reply are written and not spoken: they are heard as they come. */
  | { kind: 'writing'; reply: string }
  | { kind: 'playing'; reply: string }
  | { kind: 'played'; reply: string }
  /** What was still to be played is thrown away. */
  | { kind: 'silenced'; reply: string }
  | { kind: 'cut_short'; utterance: string; heardMs: number }
  /** `endsAtS`: when the provider ends the session, Unix time in seconds; null where it does not tell. */
  | { kind: 'session'; endsAtS: number | null }
  | { kind: 'trouble'; code: string | null; message: string };

/** What one message of a provider means. */
export interface Decoded {
  /** In order; empty for what says nothing about the conversation. */
  changes: ConversationChange[];
  /** The message as it came, parsed where it could be. */
  raw: unknown;
  /** Why it could not be read; null when it could, known or not. */
  problem: string | null;
}

/** What was said before the call, to be known by the interviewer. Lines of the transcript fit. */
export interface EarlierTurn {
  readonly role: Speaking;
  readonly text: string;
  /** `final` where not told. */
  readonly status?: TranscriptLine['status'];
  readonly heardMs?: number | null;
}

/** Reads one provider's messages, and knows those that every page sends. Holds no state that a reconnect would have to restore. */
export interface Decoder {
  decode(data: unknown): Decoded;
  /** The event that closes the candidate's open speech as a turn. */
  readonly commitSpeech: object;
  /**
   * An event that changes nothing and is answered: it shows that the other side lives. With OpenAI it asks for an item
   * that does not exist; the error that answers it, `item_retrieve_invalid_item_id` (pipecat-ai/pipecat waits for the
   * same, `services/openai/realtime/llm.py`), is no `trouble`.
   */
  readonly probe: object;
}

/** What a page says to a provider where no supervisor speaks for it. */
export interface Words {
  /** The event that asks for a reply. */
  readonly respond: object;
  /**
   * The event that hands on a line which the candidate typed.
   *
   * @param random at most 26 characters that no other line of the call has
   */
  typed(text: string, random: string): object;
  /** The events that tell a new call what was said before, in order. Lines without words, unfinished or unheard are left out. */
  replay(turns: readonly EarlierTurn[]): object[];
}
