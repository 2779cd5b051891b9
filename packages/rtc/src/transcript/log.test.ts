import type { TranscriptRow } from '@interview/protocol';
import { describe, expect, it } from 'vitest';
import {
  callId,
  play,
  replyBegins,
  replyEnds,
  speech,
  transcription,
} from '../testing/conversation-events.ts';
import { TranscriptLog } from './log.ts';

const earlierCall = callId.replace('5f', '6f') as typeof callId;
const nextCall = callId.replace('5f', '7f') as typeof callId;
const greeting = [
  ...replyBegins('r1', 'a1', null, 'Hello.'),
  ...replyEnds('r1', 'a1', null, 'Hello.'),
];

const stored = (call: typeof callId, item: string, text: string): TranscriptRow =>
  ({
    entry_id: `${call}.${item}`,
    role: 'interviewer',
    text,
    status: 'final',
    call_id: call,
    call_ordinal: 1,
    source: 'server',
    started_ms: 300,
    ended_ms: null,
    heard_ms: null,
  }) as TranscriptRow;

const texts = (log: TranscriptLog): string[] => log.lines.map(({ text }) => text);

describe('TranscriptLog', () => {
  it('shows what was said before this page, then each of its calls', () => {
    const log = new TranscriptLog();
    log.restore([stored(earlierCall, 'a0', 'Good morning.')]);
    play(log.openCall(callId, 10_000), greeting);
    play(log.openCall(nextCall, 20_000), greeting);
    expect(texts(log)).toEqual(['Good morning.', 'Hello.', 'Hello.']);
  });

  it('shows a line of its own once, also when the server has it too', () => {
    const log = new TranscriptLog();
    play(log.openCall(callId, 0), greeting);
    log.restore([
      stored(callId, 'a1', 'Hello as the server has it.'),
      stored(callId, 'x', 'More.'),
    ]);
    expect(texts(log)).toEqual(['More.', 'Hello.']);
  });

  it('tells when a line was said from the beginning of the interview, once that is known', () => {
    const log = new TranscriptLog();
    log.restore([stored(earlierCall, 'a0', 'Good morning.')]);
    play(log.openCall(callId, 10_000), greeting, 0);
    expect(log.lines.map(({ atMs }) => atMs)).toEqual([300, null]);
    log.began(4_000);
    expect(log.lines.map(({ atMs }) => atMs)).toEqual([300, 6_000]);
  });

  it('gives the same list as long as nothing has changed, and the same line as long as that has not', () => {
    const log = new TranscriptLog();
    const assembler = log.openCall(callId, 0);
    play(assembler, [...greeting, ...speech('u1', 'a1')]);
    const before = log.lines;
    expect(log.lines).toBe(before);
    play(assembler, transcription('u1', 'Yes.'));
    const after = log.lines;
    expect(after).not.toBe(before);
    expect(after[0]).toBe(before[0]);
    expect(before.map(({ text }) => text)).toEqual(['Hello.', '']);
    expect(texts(log)).toEqual(['Hello.', 'Yes.']);
  });
});
