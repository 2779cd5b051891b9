import { expect, it } from 'vitest';
import { compareCopies, type Settled } from './compare-copies.ts';

const line = (entry_id: string, fields: Partial<Settled> = {}): Settled => ({
  entry_id,
  role: 'candidate',
  text: 'I built it.',
  status: 'final',
  call_ordinal: 1,
  source: 'server',
  ...fields,
});

it('copies that agree leave nothing to tell', () => {
  expect(compareCopies([line('a'), line('b')], [line('a'), line('b')])).toEqual([]);
});

it('tells each way in which a page says something else, and goes by the server', () => {
  const page = [line('a', { text: 'I led it.', role: 'interviewer', status: 'interrupted' })];
  expect(compareCopies([line('a')], page)).toEqual([
    { entry_id: 'a', kind: 'role', trusted: 'server', other: 'interviewer' },
    { entry_id: 'a', kind: 'text', trusted: 'server', other: 'I led it.' },
    { entry_id: 'a', kind: 'status', trusted: 'server', other: 'interrupted' },
  ]);
});

it('tells what only one side has', () => {
  expect(compareCopies([line('a'), line('b', { source: 'browser' })], [line('b')])).toEqual([
    { entry_id: 'a', kind: 'server_only', trusted: 'server', other: null },
    { entry_id: 'b', kind: 'browser_only', trusted: 'browser', other: null },
  ]);
});

it('has nothing to compare in a call that the server did not hear', () => {
  const unheard = line('b', { source: 'browser', call_ordinal: 2 });
  expect(compareCopies([line('a'), unheard], [line('a'), unheard])).toEqual([]);
});
