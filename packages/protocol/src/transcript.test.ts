import { describe, expect, it } from 'vitest';
import { CallId, WriterId } from './ids.ts';
import { entryId, isHiddenItem, serverWriterId } from './items.ts';
import { storableText } from './storable-text.ts';
import { TranscriptEntry } from './transcript.ts';

const call = CallId.parse('5f0c1d3e-8a4b-4c6d-9e2f-0123456789ab');
const row = {
  entry_id: entryId(call, 'item_1'),
  writer_id: 'b_abcdefghijklmnop',
  sequence: 1,
  revision: 0,
  role: 'candidate',
  text: 'Hello',
  status: 'final',
  call_id: call,
  item_id: 'item_1',
  previous_item_id: null,
  position: 1024,
  started_ms: 0,
  ended_ms: 900,
  heard_ms: null,
  language: null,
};

describe('a transcript row', () => {
  it('passes when it is whole', () => {
    expect(TranscriptEntry.safeParse(row).success).toBe(true);
  });

  it('never carries its own source: that comes from the credential', () => {
    expect(TranscriptEntry.parse({ ...row, source: 'server' })).not.toHaveProperty('source');
  });

  it.each([
    ['sequence', 0],
    ['sequence', 1.5],
    ['revision', -1],
    ['role', 'assistant'],
    ['status', 'partial'],
    ['call_id', 'rtc_1'],
    ['writer_id', 'x_1'],
    ['entry_id', 'item_1'],
    ['text', null],
  ])('is refused with %s = %j', (key, value) => {
    expect(TranscriptEntry.safeParse({ ...row, [key]: value }).success).toBe(false);
  });
});

describe('ids', () => {
  it('names the supervisor of an epoch as a writer that the schema takes', () => {
    expect(WriterId.safeParse(serverWriterId(call, 3)).success).toBe(true);
  });

  it('hides replayed and steering items, but not what the candidate typed', () => {
    expect(isHiddenItem('ivr_r_1')).toBe(true);
    expect(isHiddenItem('ivr_s_1')).toBe(true);
    expect(isHiddenItem('ivr_t_1')).toBe(false);
    expect(isHiddenItem('item_1')).toBe(false);
  });
});

describe('storableText', () => {
  it('replaces what Postgres cannot store and keeps the rest byte for byte', () => {
    expect(storableText('a\0b\uD800c')).toBe('a\uFFFDb\uFFFDc');
    const naughty = "‮ «Ω≈ç» 👩‍👩‍👧 \u200B <script>alert(1)</script> '; drop table --";
    expect(storableText(naughty)).toBe(naughty);
  });
});
