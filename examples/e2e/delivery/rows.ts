import type { CallId, EntryId, EntryStatus } from '@interview/protocol';
import type { Row } from '../../../packages/rtc/src/delivery/outbox.ts';
import type { Random } from './random.ts';

const naughty = [
  '',
  'NUL \0 in the middle',
  'half a pair \ud83d and \udc00 the other way round',
  'quotes " and \\ and \\u0000 and \n\r\t\u0001',
  "'; drop table public.transcript_entries; --",
  '<script>alert(1)</script>',
  '__proto__',
  'رأيك ‮ مهم',
  'zero\u200bwidth \ufeff and a flag 🏳️‍🌈',
  '\u2028\u2029',
  '{"type":"ack","last_sequence":1000}',
] as const;

/** Makes what a conversation would: rows of one call in reading order, and later revisions of some. */
export class RowMaker {
  readonly #random: Random;
  readonly #call: CallId;
  /** Rows short enough to be revised: a long one is continued in others, which a revision does not know of. */
  readonly #short: Row[] = [];
  #count = 0;

  constructor(random: Random, call: string) {
    this.#random = random;
    this.#call = call as CallId;
  }

  next(): Row {
    const former = this.#random.chance(0.25) ? this.#short.pop() : undefined;
    const row = former ? this.#revise(former) : this.#make();
    if (row.text.length < 4_000 && row.revision < 3) this.#short.push(row);
    return row;
  }

  #make(): Row {
    const [random, n] = [this.#random, (this.#count += 1)];
    return {
      entry_id: `${this.#call}.item_${n}` as EntryId,
      revision: 0,
      role: random.pick(['candidate', 'interviewer']),
      text: this.#text(),
      status: this.#status(),
      call_id: this.#call,
      item_id: `item_${n}`,
      previous_item_id: n === 1 ? null : `item_${n - 1}`,
      position: n * 1024,
      started_ms: n * 1000,
      ended_ms: n * 1000 + random.between(0, 999),
      heard_ms: random.pick([null, random.between(0, 999)]),
      language: random.pick([null, 'en', 'pt-BR']),
    };
  }

  #revise(row: Row): Row {
    const revision = row.revision + 1;
    return { ...row, revision, text: `${row.text} (${revision})`, status: this.#status() };
  }

  #status(): EntryStatus {
    return this.#random.pick(['final', 'interrupted', 'failed', 'inaudible']);
  }

  #text(): string {
    const random = this.#random;
    const kind = random.next();
    if (kind < 0.55) return `Answer ${random.between(0, 1e9)}.`;
    if (kind < 0.87) return random.pick(naughty);
    // Batches are cut at 48 KiB; a row at 32.
    const length = kind < 0.98 ? random.between(2_000, 12_000) : random.between(33_000, 50_000);
    return random.pick(['word ', '"ä" ', '😀', '\u0001\n']).repeat(length).slice(0, length);
  }
}
