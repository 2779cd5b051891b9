import type { RealtimeClientEvent } from '@interview/protocol';

/** What somebody else did to the call which only we may do. */
export interface Foreign {
  what: 'config' | 'item' | 'deletion' | 'truncation' | 'response';
  /** For people who review; nothing that anybody said. */
  detail: Record<string, unknown>;
}

/** What an event shows. */
export interface Finding {
  /** null where nothing is foreign. */
  foreign: Foreign | null;
  /** Puts right what can be, or finds out about what is not known. */
  undo: RealtimeClientEvent[];
}

/** Everything is as it should be. */
export const nothing: Finding = { foreign: null, undo: [] };
