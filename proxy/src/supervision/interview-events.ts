import type { EndReason } from '@interview/protocol';
import type { InterviewState } from './interview-state.ts';

/** Arguments of the tools, checked. */
export type ToolInput =
  | {
      type: 'next_question';
      from: string;
      reason: 'answered' | 'probes_used' | 'dont_know' | 'skip' | 'time';
    }
  | {
      type: 'end_interview';
      reason: 'completed' | 'candidate_ended' | 'withdrawn' | 'abuse';
      confirmed: boolean;
    }
  | { type: 'wait'; why: 'thinking' | 'break' | 'not_for_me'; hold_s: number }
  /** Whatever else the model calls. */
  | { type: 'invalid' };

/** Everything that may happen to an interview. */
export type Happening =
  /** The talk begins in this call, of the provider or the first. */
  | { type: 'began'; deadline: number; call?: string }
  | ({ toolCall: string } & ToolInput)
  /** A button; `step`: what the candidate saw as current when it was pressed. */
  | { type: 'action'; kind: 'skip' | 'repeat' | 'end' | 'withdraw'; step?: string }
  /** The candidate spoke while `step` was current; `words` may take back what was estimated before. */
  | { type: 'spoke'; step: string; ms: number; words: number }
  /** The interviewer's words that the candidate heard. */
  | { type: 'heard'; text: string }
  | { type: 'tick'; speaking: boolean }
  /** The candidate has been silent for so long that nobody can be there: they may come back. */
  | { type: 'absent' }
  | { type: 'pause' }
  /** `silent`: the candidate goes on by themselves, so nothing is said again. */
  | { type: 'unpause'; silent: boolean }
  /** The candidate's media have been gone since then, Unix time in milliseconds. */
  | { type: 'trouble'; since: number }
  /** They are back. */
  | { type: 'recovered' };

/** The same at its time. `now`: Unix time, milliseconds. */
export type InterviewInput = { now: number } & Happening;

/** What is to be done about it, in order. */
export type InterviewEffect =
  /** Stop the interviewer's speech. */
  | { type: 'cut' }
  /** Take what the candidate said so far as their turn. */
  | { type: 'commit' }
  /** Tell the model something that nobody hears. */
  | { type: 'steer'; text: string }
  /** Let these words be spoken exactly; `afterTurn`: nobody pressed for them, so not over what the candidate says. */
  | { type: 'say'; text: string; farewell: boolean; afterTurn?: true }
  /** Let the model say something of this kind, in its own words and without a tool. */
  | { type: 'prompt'; task: string }
  /** Answer a tool call; then the model speaks, at the end the exact last words. */
  | { type: 'reply'; toolCall: string; output: ToolOutput; speak: boolean; farewell: string | null }
  /** Hear nothing and say nothing of the model's own. */
  | { type: 'deafen' }
  /** Hear again, and nothing of what was said meanwhile. */
  | { type: 'listen' }
  | { type: 'progress' }
  /** Tell the time that is left, and whether the clock stands. */
  | { type: 'time' }
  | { type: 'leave'; reason: EndReason }
  /** Hang up; the interview can go on in another call. */
  | { type: 'hang_up' };

/** Answers to tool calls, as the model reads them. */
export type ToolOutput =
  | {
      ok: true;
      phase: 'question';
      question: { id: string; text: string; verbatim: true; probes: number };
      remaining_s: number;
    }
  | { ok: true; phase: 'candidate_qa'; say: string }
  | { ok: true; phase: 'closing' }
  | { ok: true; closing_text: string }
  /** Nothing is to be said. */
  | Record<string, never>
  | {
      ok: false;
      code: 'stale' | 'not_delivered' | 'no_answer_yet' | 'too_soon' | 'not_confirmed' | 'invalid';
      current: string;
    };

export interface Step {
  state: InterviewState;
  effects: InterviewEffect[];
}

/** A call of one of the tools. */
export type ToolCall<T extends ToolInput['type']> = Extract<InterviewInput, { type: T }>;
