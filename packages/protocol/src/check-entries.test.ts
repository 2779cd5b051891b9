import { expect, it } from 'vitest';
import { checkEntries } from './check-entries.ts';
import type { WriterId } from './ids.ts';

const writer = `b_${'x'.repeat(22)}` as WriterId;
const call = '5f0c1d3e-8a4b-4c6d-9e2f-000000000001';
const row = {
  entry_id: `${call}.item_1`,
  writer_id: writer,
  sequence: 1,
  revision: 0,
  role: 'candidate',
  text: 'Yes.',
  status: 'final',
  call_id: call,
  item_id: 'item_1',
  previous_item_id: null,
  position: 1024,
  started_ms: 0,
  ended_ms: 10,
  heard_ms: null,
  language: null,
};
const deep: unknown = JSON.parse('['.repeat(30_000) + ']'.repeat(30_000));

it('keeps what is a row, and nothing that is nested in it without being asked for', () => {
  const checked = checkEntries(
    [
      { ...row, odd: deep },
      { ...row, text: 'a\0b\ud83d' },
    ],
    writer,
  );
  expect(JSON.parse(JSON.stringify(checked))).toEqual([row, { ...row, text: 'a\uFFFDb\uFFFD' }]);
});

it('puts a tombstone in the place of what is none, however deep it is', () => {
  const entries = [{ ...row, text: deep }, { sequence: 7, writer_id: deep }, deep, 'nonsense'];
  const checked = checkEntries(entries, writer);
  expect(checked).toEqual([
    { writer_id: writer, sequence: 1, tombstone: 'not a row: text' },
    { writer_id: null, sequence: 7, tombstone: expect.stringMatching(/^not a row: /) as string },
    { writer_id: writer, sequence: null },
    { writer_id: writer, sequence: null },
  ]);
});

it('leaves what was checked as it is', () => {
  const once = checkEntries([row, { ...row, sequence: 2, role: 'x' }, { sequence: 3 }, 1], writer);
  expect(checkEntries(once, writer)).toEqual(once);
});
