import type { Wire } from './conversation-events.ts';

/** One exchange of a talk: the candidate's turn and the reply to it. */
export interface Exchange {
  /** Spoken, typed, or a silence that was taken as a turn. */
  turn: 'spoken' | 'typed' | 'silence';
  /** What becomes of the transcription of a spoken turn. */
  transcription: 'completed' | 'failed' | 'never' | 'empty';
  /** Speech before it that never becomes a turn. */
  coughs: number;
  /** Tools that the interviewer calls before the reply. */
  tools: number;
  /** Items of the reply. */
  items: number;
  /** The reply is written and not spoken. */
  written: boolean;
  /**
   * How the reply is interrupted: A generated and still playing, B while it is generated, C its item done and the
   * response open, D before anything was generated.
   */
  interrupted: 'A' | 'B' | 'C' | 'D' | null;
  /** Which of its items is cut short then. */
  cut: number;
  /** How much of that one is heard, milliseconds. */
  heardMs: number;
  /** Beside the talk: an instruction of ours, a response outside the conversation, an event that nobody knows. */
  aside: 'steering' | 'note' | 'unknown' | null;
  /** A typed line is put in after this message of the conversation. */
  insertedAfter: number | null;
  /** The provider forgets the last item when the exchange is over. */
  forgotten: boolean;
}

/** Something is asked and answered, and nothing goes wrong. */
export const plain: Exchange = {
  turn: 'spoken',
  transcription: 'completed',
  coughs: 0,
  tools: 0,
  items: 1,
  written: false,
  interrupted: null,
  cut: 0,
  heardMs: 0,
  aside: null,
  insertedAfter: null,
  forgotten: false,
};

/** A row as it should be in the end. */
export interface Told {
  item: string;
  role: 'candidate' | 'interviewer';
  status: 'final' | 'interrupted' | 'failed' | 'inaudible';
  text: string;
  heardMs: number | null;
}

/** An event, and the lanes in which it stands: it comes after all that stand before it in one of them. */
export interface Step {
  wire: Wire;
  lanes: readonly string[];
}

/** The events of a talk in the order of the wire, and the rows that should come of them in any order that is legal. */
export interface Talk {
  steps: readonly Step[];
  told: readonly Told[];
}

/** An order of the steps that every lane allows; each pick says which of the steps that may come next does. */
export function interleave(steps: readonly Step[], picks: readonly number[]): Wire[] {
  const lanes = new Map<string, Step[]>();
  for (const step of steps) {
    for (const lane of step.lanes) lanes.set(lane, [...(lanes.get(lane) ?? []), step]);
  }
  const left = new Set(steps);
  const order: Wire[] = [];
  while (left.size > 0) {
    const next = [...left].filter(({ lanes: own }, index, all) =>
      own.every((lane) => lanes.get(lane)?.[0] === all[index]),
    );
    const step = next[(picks[order.length % picks.length] ?? 0) % next.length];
    if (!step) throw new Error('The lanes of these steps contradict each other.');
    left.delete(step);
    for (const lane of step.lanes) lanes.get(lane)?.shift();
    order.push(step.wire);
  }
  return order;
}

/** The same event as the API that was removed on 2026-05-12 had it; null where it had none. */
export function inBeta(event: Wire): Wire | null {
  if (event.type === 'conversation.item.done') return null;
  const renamed = JSON.stringify(event)
    .replace('conversation.item.added', 'conversation.item.created')
    .replace(/response\.output_(audio|text)/, 'response.$1')
    .replace(/"output_(audio|text)"/g, '"$1"');
  return JSON.parse(renamed) as Wire;
}
