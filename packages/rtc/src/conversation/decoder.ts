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
      /** The text comes by transcription, later; else it stands with the utterance. */
      spoken: boolean;
    }
  | { kind: 'reply_started'; reply: string; inConversation: boolean }
  /** The interviewer begins an utterance, whose place is told by `placed`. */
  | { kind: 'reply_utterance'; reply: string; utterance: string }
  | { kind: 'reply_ended'; reply: string; outcome: 'completed' | 'cancelled' | 'failed' }
  | { kind: 'text_added'; utterance: string; role: Speaking; part: number; text: string }
  | {
      kind: 'text_known';
      utterance: string;
      role: Speaking;
      part: number;
      text: string;
      language: string | null;
    }
  | { kind: 'text_failed'; utterance: string }
  /** No more text comes; `whole` is false where it was cut off. */
  | { kind: 'utterance_ended'; utterance: string; whole: boolean }
  | { kind: 'playing'; reply: string }
  | { kind: 'played'; reply: string }
  /** What was still to be played is thrown away. */
  | { kind: 'silenced'; reply: string }
  | { kind: 'cut_short'; utterance: string; heardMs: number }
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

/** Reads one provider's messages. Holds no state that a reconnect would have to restore. */
export interface Decoder {
  decode(data: unknown): Decoded;
  /** The event that closes the candidate's open speech as a turn. */
  readonly commitSpeech: object;
}
