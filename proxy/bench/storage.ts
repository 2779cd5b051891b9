import { randomUUID } from 'node:crypto';
import type { CallId, SessionId, WriterId } from '@interview/protocol';
import type { SessionBrief, Storage } from '../src/storage/port.ts';
import { plan } from '../src/testing/interview.ts';

const done = Promise.resolve();

/** Any number of sessions in memory: every session exists, nothing is refused, and rows are counted and not kept. */
export class ManySessions implements Storage {
  /** Highest number of each writer, as long as all before it came; rows that came out of turn stand beside it. */
  readonly marks = new Map<WriterId, number>();
  readonly #early = new Map<WriterId, Set<number>>();
  doubled = 0;

  sessionBrief = (session: SessionId): Promise<SessionBrief> =>
    Promise.resolve({
      session: {
        id: session,
        candidate_id: '9b2a3a4e-7a0e-4a0c-8f44-000000000001',
        status: 'created',
        phase: 'opening',
        deadline_at: null,
        mode: 'voice',
        end_reason: null,
        reducer: null,
      },
      tenant: { name: 'Northwind', tamper: 'enforce' },
      interview: { title: 'Product designer', language: 'en', duration_s: 1200, plan },
      calls: [],
      writers: {},
      transcript: [],
    });

  sessionGlance: Storage['sessionGlance'] = async (session) => ({
    ...(await this.sessionBrief(session)),
    connected: false,
  });

  openCall: Storage['openCall'] = () =>
    Promise.resolve({
      call_id: randomUUID() as CallId,
      ordinal: 1,
      repeated: false,
      former: [],
      time_left_s: null,
    });

  storeEntries: Storage['storeEntries'] = (_session, writer, entries) => {
    const early = this.#early.get(writer) ?? new Set<number>();
    let mark = this.marks.get(writer) ?? 0;
    let stored = 0;
    for (const { sequence } of entries as { sequence: number }[]) {
      if (sequence <= mark || early.has(sequence)) continue;
      early.add(sequence);
      stored += 1;
    }
    while (early.delete(mark + 1)) mark += 1;
    if (early.size > 0) this.#early.set(writer, early);
    else this.#early.delete(writer);
    this.marks.set(writer, mark);
    const duplicates = entries.length - stored;
    this.doubled += duplicates;
    return Promise.resolve({
      writer_id: writer,
      last_sequence: mark,
      stored,
      duplicates,
      refused: [],
    });
  };

  callAnswered = () => Promise.resolve({ ok: true, actor: null });
  allowUnsupervised = () => done;
  callConnected = () => Promise.resolve({ deadline: Date.now() + 1_200_000 });
  closeCall = () => Promise.resolve(true);
  takeLease: Storage['takeLease'] = () =>
    Promise.resolve({ epoch: 1, secret: randomUUID(), placed: [], reducer: null });
  callHungUp = () => done;
  claimCalls = () => Promise.resolve([]);
  claimHangups = () => Promise.resolve([]);
  sendCommand = () => Promise.resolve(null);
  takeCommands = () => Promise.resolve([]);
  answerCommand = () => done;
  commandReply = () => Promise.resolve(null);
  renewLease = () => Promise.resolve({ ok: true, actor: null, closed: false, claimed: false });
  releaseLease = () => done;
  saveReducer = () => Promise.resolve(true);
  recordEvent = () => done;
  completeSession: Storage['completeSession'] = () =>
    Promise.resolve({ status: 'completed', missing: [] });
  ask = () => done;
  storeCorrection = () => done;
  storeFeedback = () => done;
  recordQuality = () => done;
  recordTrouble = () => done;
  renewAllowed = () => Promise.resolve(true);
  tick = () => Promise.resolve({ processed: 0, failed: 0, remaining: 0, dead: 0 });
  check = () => done;
}
