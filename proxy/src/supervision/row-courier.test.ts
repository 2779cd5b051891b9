import { randomUUID } from 'node:crypto';
import { serverWriterId, type CallId, type TranscriptEntry } from '@interview/protocol';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import type { Utterance } from './utterance.ts';
import { RowCourier } from './row-courier.ts';

const call = randomUUID() as CallId;
const writer = serverWriterId(call, 1);

function utterance(itemId: string, text: string): Utterance {
  return {
    itemId,
    role: 'candidate',
    previousItemId: null,
    position: 1024,
    text,
    status: 'final',
    startedMs: 0,
    endedMs: 1,
    heardMs: null,
    language: null,
    written: false,
  };
}

function courier(failures = 0) {
  const held = new Map<number, TranscriptEntry>();
  const batches: TranscriptEntry[][] = [];
  let left = failures;
  const made = new RowCourier({
    writer,
    call,
    log: pino({ level: 'silent' }),
    store: (entries) => {
      batches.push(entries);
      for (const entry of entries) held.set(entry.sequence, entry);
      // Stored, and yet the answer is lost: the worst moment for a fault.
      if (left-- > 0) return Promise.reject(new Error('the answer was lost'));
      return Promise.resolve({
        writer_id: writer,
        last_sequence: held.size,
        stored: entries.length,
        duplicates: 0,
        refused: [],
      });
    },
  });
  return { made, held, batches };
}

describe('RowCourier', () => {
  it('numbers rows without a gap, and raises the revision of a row that is told again', async () => {
    const { made, held } = courier();
    made.add([utterance('a', 'One'), utterance('b', 'Two')]);
    made.add([utterance('a', 'One, mended')]);
    await made.drain(1000);
    expect(
      [...held.values()].map((row) => [row.sequence, row.entry_id, row.revision, row.text]),
    ).toEqual([
      [1, `${call}.a`, 0, 'One'],
      [2, `${call}.b`, 0, 'Two'],
      [3, `${call}.a`, 1, 'One, mended'],
    ]);
    expect(made.mark).toEqual({ writer, sequence: 3 });
  });

  it('sends the same again until it is acknowledged', async () => {
    const { made, batches } = courier(2);
    made.add([utterance('a', 'One')]);
    await made.drain(3000);
    expect(batches).toHaveLength(3);
    expect(batches[2]).toEqual(batches[0]);
  });

  it('keeps batches small and continues a line that is too long in further rows', async () => {
    const { made, held, batches } = courier();
    const long = 'ü'.repeat(40_000);
    made.add([utterance('a', long), utterance('b', 'x\0\ud800')]);
    await made.drain(3000);
    const rows = [...held.values()];
    expect(
      rows
        .slice(0, -1)
        .map((row) => row.text)
        .join(''),
    ).toBe(long);
    expect(rows.map((row) => row.item_id)).toEqual(['a', 'a~2', 'a~3', 'b']);
    expect(rows.at(-1)?.text).toBe('x\ufffd\ufffd');
    for (const batch of batches) {
      expect(Buffer.byteLength(JSON.stringify(batch))).toBeLessThanOrEqual(48 * 1024);
    }
  });

  it('does not wait for ever', async () => {
    const { made } = courier(1000);
    made.add([utterance('a', 'One')]);
    await made.drain(50);
    expect(made.mark.sequence).toBe(1);
    made.stop();
  });
});
