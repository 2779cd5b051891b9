import {
  checkEntries,
  type Acknowledgement,
  type CallId,
  type CheckedEntry,
  type CompletionOutcome,
  type EndReason,
  type SessionId,
  type SessionStatus,
  type TranscriptEntry,
  type WriterId,
} from '@interview/protocol';
import { ProxyError } from '../proxy-error.ts';
import type { QualityReport, Storage } from '../storage/port.ts';

/** Rows, ends and notes of one session in memory, by the rules of the database as far as the proxy sees them. */
export abstract class MemoryTranscript {
  readonly session: SessionId;
  readonly rows = new Map<WriterId, Map<number, TranscriptEntry>>();
  readonly events: { kind: string; detail: Record<string, unknown> }[] = [];
  readonly completions: { reason: EndReason; force: boolean }[] = [];
  readonly asked: { kind: string; note: string }[] = [];
  /** Newest of each line. */
  readonly corrections = new Map<string, string>();
  readonly qualities: QualityReport[] = [];
  readonly troubles: { call: CallId; sinceMs: number }[] = [];
  readonly feedback: { rating: number | null; text: string | null }[] = [];
  status: SessionStatus = 'created';
  endReason: EndReason | null = null;
  /** While true nothing can be reached. */
  down = false;
  /** All that is held, by writer and sequence. */
  readonly #bodies = new Map<WriterId, Map<number, string>>();

  constructor(session: SessionId) {
    this.session = session;
  }

  /** Closes the calls of a session that is over. */
  protected abstract finish(): void;

  protected reach(session?: SessionId): void {
    if (this.down) throw new ProxyError('storage_unavailable', 'The test has it down.');
    if (session !== undefined && session !== this.session) {
      throw new ProxyError('not_found', 'There is no such session.');
    }
  }

  /** The highest sequence up to which all of a writer's are held. */
  protected mark(writer: WriterId): number {
    const bodies = this.#bodies.get(writer);
    let mark = 0;
    while (bodies?.has(mark + 1)) mark += 1;
    return mark;
  }

  storeEntries: Storage['storeEntries'] = async (session, writer, entries) => {
    this.reach(session);
    const ack: Acknowledgement = {
      writer_id: writer,
      last_sequence: 0,
      stored: 0,
      duplicates: 0,
      refused: [],
    };
    const conflicts: number[] = [];
    for (const entry of checkEntries(entries, writer)) {
      const outcome = this.#store(writer, entry);
      if (outcome === 'stored') ack.stored += 1;
      else if (outcome === 'duplicate') ack.duplicates += 1;
      else ack.refused.push({ sequence: entry.sequence ?? 0, code: outcome });
      if (outcome === 'conflict') conflicts.push(entry.sequence ?? 0);
    }
    if (conflicts.length > 0) {
      const detail = { writer_id: writer, sequences: conflicts };
      this.events.push({ kind: 'sequence_conflict', detail });
    }
    return Promise.resolve({ ...ack, last_sequence: this.mark(writer) });
  };

  #store(
    writer: WriterId,
    entry: CheckedEntry,
  ): 'stored' | 'duplicate' | Acknowledgement['refused'][number]['code'] {
    if (entry.sequence === null) return 'invalid';
    if (entry.writer_id !== writer) return 'wrong_writer';
    const bodies = this.#bodies.get(writer) ?? new Map<number, string>();
    this.#bodies.set(writer, bodies);
    const body = JSON.stringify(entry);
    const held = bodies.get(entry.sequence);
    if (held !== undefined) return held === body ? 'duplicate' : 'conflict';
    bodies.set(entry.sequence, body);
    if ('tombstone' in entry) return 'tombstone';
    const rows = this.rows.get(writer) ?? new Map<number, TranscriptEntry>();
    this.rows.set(writer, rows);
    rows.set(entry.sequence, entry);
    return 'stored';
  }

  completeSession: Storage['completeSession'] = async (wanted): Promise<CompletionOutcome> => {
    this.reach(wanted.session);
    this.completions.push({ reason: wanted.reason, force: wanted.force });
    if (!['created', 'active', 'ending'].includes(this.status)) {
      return Promise.resolve({ status: this.status, missing: [] });
    }
    this.status = 'ending';
    this.endReason ??= wanted.reason;
    const missing = Object.entries(wanted.writers).flatMap(([name, last]) => {
      const writer = name as WriterId;
      const mark = this.mark(writer);
      return mark < last ? [{ writer_id: writer, from: mark + 1, to: last }] : [];
    });
    if (missing.length > 0 && !wanted.force) return Promise.resolve({ status: 'ending', missing });
    this.status = 'completed';
    this.finish();
    return Promise.resolve({ status: 'completed', missing });
  };

  ask: Storage['ask'] = async (session, kind, note) => {
    this.reach(session);
    this.asked.push({ kind, note });
    return Promise.resolve();
  };

  storeCorrection: Storage['storeCorrection'] = async (session, entry, text) => {
    this.reach(session);
    const rows = [...this.rows.values()].flatMap((writer) => [...writer.values()]);
    const line = rows.find((row) => row.entry_id === entry);
    if (!line) throw new ProxyError('not_found', 'There is no such line.');
    if (line.role !== 'candidate') throw new ProxyError('forbidden', 'It is not theirs.');
    this.corrections.set(entry, text);
    return Promise.resolve();
  };

  storeFeedback: Storage['storeFeedback'] = async (session, feedback) => {
    this.reach(session);
    this.feedback.push(feedback);
    return Promise.resolve();
  };

  recordQuality: Storage['recordQuality'] = async (session, report) => {
    this.reach(session);
    this.qualities.push(report);
    return Promise.resolve();
  };

  recordTrouble: Storage['recordTrouble'] = async (call, sinceMs) => {
    this.reach();
    this.troubles.push({ call, sinceMs });
    return Promise.resolve();
  };

  /** The server's rows in reading order, newest revisions only. */
  serverRows(): TranscriptEntry[] {
    const newest = new Map<string, TranscriptEntry>();
    for (const [writer, rows] of this.rows) {
      if (!writer.startsWith('s_')) continue;
      for (const row of rows.values()) {
        if ((newest.get(row.entry_id)?.revision ?? -1) < row.revision)
          newest.set(row.entry_id, row);
      }
    }
    return [...newest.values()].sort((a, b) => a.position - b.position);
  }
}
