import type { CallId, TranscriptRow } from '@interview/protocol';
import type { TranscriptLine } from '../events.ts';
import { Assembler } from './assembler.ts';

interface CallPart {
  assembler: Assembler;
  /** Wall clock when the call was connected, milliseconds. */
  beganAt: number;
}

/** The whole interview as a user interface reads it: what was said before this page, then each call of it. */
export class TranscriptLog {
  #earlier: TranscriptLine[] = [];
  readonly #calls: CallPart[] = [];
  /** Wall clock when the interview began, milliseconds; null until known. */
  #beganAt: number | null = null;
  /** What the lines were made of. */
  #versions: string | null = null;
  #lines: readonly TranscriptLine[] = [];

  /** Shows what the server holds of earlier calls. */
  restore(rows: readonly TranscriptRow[]): void {
    this.#versions = null;
    this.#earlier = rows.flatMap((row) => {
      if (row.role === 'system') return [];
      const atMs = row.call_ordinal === 1 ? row.started_ms : null;
      const { entry_id: id, role, text, status, heard_ms: heardMs } = row;
      return [{ id, role, text, status, atMs, heardMs }];
    });
  }

  /** Begins the transcript of a call. */
  openCall(callId: CallId, beganAt: number): Assembler {
    const assembler = new Assembler(callId);
    this.#calls.push({ assembler, beganAt });
    if (this.#earlier.length === 0) this.#beganAt ??= beganAt;
    return assembler;
  }

  /** Tells when the interview began, where the page does not know from its own first call. */
  began(at: number): void {
    this.#beganAt ??= at;
  }

  /** All lines in reading order: the same list as long as nothing has changed. */
  get lines(): readonly TranscriptLine[] {
    const versions = [
      this.#beganAt,
      ...this.#calls.map(({ assembler }) => assembler.version),
    ].join();
    if (versions === this.#versions) return this.#lines;
    this.#versions = versions;
    const own = this.#calls.map(({ assembler, beganAt }) =>
      assembler.lines(this.#beganAt === null ? null : beganAt - this.#beganAt),
    );
    const earlier = new Map(this.#earlier.map((line) => [line.id, line]));
    for (const { id } of earlier.size > 0 ? own.flat() : []) earlier.delete(id);
    const [only, another] = own;
    // Mostly there is one call and nothing before it: its list need not be copied.
    this.#lines =
      only && !another && earlier.size === 0 ? only : [...earlier.values()].concat(...own);
    return this.#lines;
  }
}
