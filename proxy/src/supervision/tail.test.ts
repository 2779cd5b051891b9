import { parseServerEvent, type RealtimeClientEvent } from '@interview/protocol';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { OwnItems } from './own-items.ts';
import { Tail, type Last } from './tail.ts';

let sent: RealtimeClientEvent[];
let found: (Last | null)[];
let opened: string[];
let tail: Tail;

beforeEach(() => {
  vi.useFakeTimers();
  sent = [];
  found = [];
  opened = [];
  const own = new OwnItems();
  own.signWith('secret');
  tail = new Tail({ own, send: (event) => sent.push(event) });
});
afterEach(() => {
  tail.stop();
  vi.useRealTimers();
});

const look = (): void =>
  tail.look(
    (last) => found.push(last),
    (item) => opened.push(item.id),
  );
function tell(event: object): void {
  const parsed = parseServerEvent(event);
  if (parsed.kind !== 'known') throw new Error('not an event');
  tail.handle(parsed.event);
}
/** Notes that were put at the end, in order. */
const notes = (): string[] =>
  sent.flatMap((event) => (event.type === 'conversation.item.create' ? [event.item.id ?? ''] : []));
const deleted = (): string[] =>
  sent.flatMap((event) => (event.type === 'conversation.item.delete' ? [event.item_id] : []));
const retrieved = (): string[] =>
  sent.flatMap((event) => (event.type === 'conversation.item.retrieve' ? [event.item_id] : []));
const message = (id: string, role = 'user') => ({ id, type: 'message', role, content: [] });
const added = (id: string, previous: string | null, role?: string): void =>
  tell({ type: 'conversation.item.added', previous_item_id: previous, item: message(id, role) });
const noted = (index: number, previous: string | null): void =>
  added(notes()[index] ?? '', previous, 'system');
const last = (): unknown => found.map((one) => one && { id: one.item?.id, isNew: one.isNew });

describe('what stands last', () => {
  it('is what the note was put behind; the note is taken away again', () => {
    added('u1', null);
    look();
    noted(0, 'u1');
    expect(last()).toEqual([{ id: 'u1', isNew: false }]);
    expect(deleted()).toEqual(notes());
    expect(retrieved()).toEqual([]);
  });

  it('is asked for where nothing was heard of it', () => {
    look();
    noted(0, 'u1');
    expect(found).toEqual([]);
    expect(retrieved()).toEqual(['u1']);
    tell({ type: 'conversation.item.retrieved', item: message('u1') });
    expect(last()).toEqual([{ id: 'u1', isNew: true }]);
  });

  it('may be nothing', () => {
    look();
    noted(0, null);
    expect(found).toEqual([{ item: null, isNew: false }]);
  });

  it('is not told by everybody: after three seconds nobody waits for it', () => {
    look();
    vi.advanceTimersByTime(2_999);
    expect(found).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(found).toEqual([null]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is never the note of a look of before, whose coming was missed in a second gap', () => {
    look();
    look();
    expect(found).toEqual([null]);
    noted(1, notes()[0] ?? '');
    expect(deleted()).toEqual([notes()[1], notes()[0]]);
    expect(found).toEqual([null]);
    noted(2, 'u1');
    tell({ type: 'conversation.item.retrieved', item: message('u1') });
    expect(last()).toEqual([null, { id: 'u1', isNew: true }]);
    expect(deleted()).toHaveLength(3);
  });

  it('leaves no note behind that comes too late', () => {
    look();
    vi.advanceTimersByTime(3_000);
    noted(0, 'u1');
    expect(deleted()).toEqual(notes());
    expect(found).toEqual([null]);
  });
});

describe('before the last', () => {
  it('a call of a tool and words that were missed are asked for', () => {
    tell({
      type: 'response.output_item.added',
      response_id: 'r',
      output_index: 0,
      item: { id: 'f', type: 'function_call', call_id: 'c', status: 'in_progress' },
    });
    tell({ type: 'input_audio_buffer.committed', item_id: 'u', previous_item_id: null });
    look();
    expect(retrieved()).toEqual(['f', 'u']);
    const item = { id: 'f', type: 'function_call', call_id: 'c', status: 'completed' };
    tell({ type: 'conversation.item.retrieved', item });
    expect(opened).toEqual(['f']);
  });
});
