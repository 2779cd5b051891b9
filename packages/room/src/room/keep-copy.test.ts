import type { TranscriptLine } from '@interview/rtc';
import { expect, it } from 'vitest';
import { en } from '../translations/en.ts';
import { copyText } from './keep-copy.ts';

function line(id: string, said: Partial<TranscriptLine>): TranscriptLine {
  return { id, role: 'candidate', text: '', status: 'final', atMs: null, heardMs: null, ...said };
}

it('keeps who said what and when, with the candidate’s own wording beside it', () => {
  const lines = [
    line('1', { role: 'interviewer', text: 'What did you build?', atMs: 4_000 }),
    line('2', { text: 'A mop of the city.', atMs: 65_000 }),
    line('3', { text: 'And', status: 'partial' }),
    line('4', { status: 'inaudible' }),
  ];
  const text = copyText({
    title: 'Product designer',
    company: 'Northwind',
    lines,
    own: ({ id }) => (id === '2' ? 'A map of the city.' : null),
    words: en,
  });
  expect(text).toBe(
    'Product designer, Northwind\n\nInterviewer 0:04\nWhat did you build?\n\nYou 1:05\nA mop of the city.\n(Your words) A map of the city.\n',
  );
});
