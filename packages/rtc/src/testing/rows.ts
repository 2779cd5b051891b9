import type { CallId, EntryId, WriterId } from '@interview/protocol';
import type { Row } from '../delivery/outbox.ts';

export const sessionId = '0b8f2a4c-1d3e-4f5a-8b6c-7d8e9f0a1b2c';
export const writerId = 'b_0123456789abcdefghijkl' as WriterId;
const call_id = '5f0c1d3e-8a4b-4c6d-9e2f-0123456789ab' as CallId;

/** A row with a text of one's own. */
export function row(item: string, text = item): Row {
  return {
    entry_id: `${call_id}.${item}` as EntryId,
    revision: 0,
    role: 'candidate',
    text,
    status: 'final',
    call_id,
    item_id: item,
    previous_item_id: null,
    position: 1024,
    started_ms: 0,
    ended_ms: 1,
    heard_ms: null,
    language: null,
  };
}
