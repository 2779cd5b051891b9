import { randomUUID } from 'node:crypto';
import {
  TranscriptEntry,
  type Acknowledgement,
  type CallId,
  type CompletionOutcome,
  type EndReason,
  type InterviewMode,
  type InterviewPhase,
  type SessionId,
  type SessionStatus,
  type WriterId,
} from '@interview/protocol';
import { ProxyError } from '../proxy-error.ts';
import type {
  Command,
  CommandReply,
  OpenedCall,
  SessionBrief,
  Standing,
  Storage,
  StoredCall,
} from '../storage/port.ts';
import { plan } from './interview.ts';

interface Call extends StoredCall {
  offerId: string;
  closeReason: string | null;
  lease: { holder: string; epoch: number; until: number } | null;
}

/** One session in memory, by the rules of the database as far as the proxy sees them. */
export class MemoryStorage implements Storage {
  readonly session: SessionId;
  readonly calls: Call[] = [];
  readonly rows = new Map<WriterId, Map<number, TranscriptEntry>>();
  readonly events: { kind: string; detail: Record<string, unknown> }[] = [];
  readonly completions: { reason: EndReason; force: boolean }[] = [];
  readonly asked: { kind: string; note: string }[] = [];
  /** Newest of each line. */
  readonly corrections = new Map<string, string>();
  readonly feedback: { rating: number | null; text: string | null }[] = [];
  status: SessionStatus = 'created';
  phase: InterviewPhase = 'opening';
  mode: InterviewMode = 'voice';
  tamper: 'record' | 'enforce' = 'enforce';
  endReason: EndReason | null = null;
  deadline: number | null = null;
  reducer: unknown = null;
  transcript: SessionBrief['transcript'] = [];
  durationS = 1200;
  timeLeftS: number | null = null;
  interviewPlan = plan;
  renewable = true;
  /** The tenant takes interviews that nobody supervises. */
  unsupervisedAllowed = false;
  readonly unsupervised: CallId[] = [];
  ticks = 0;
  readonly commands: (Command & {
    key: string | null;
    taken: boolean;
    reply: CommandReply | null;
  })[] = [];
  /** While true nothing can be reached. */
  down = false;

  constructor(session: SessionId) {
    this.session = session;
  }

  #reach(session?: SessionId): void {
    if (this.down) throw new ProxyError('storage_unavailable', 'The test has it down.');
    if (session !== undefined && session !== this.session) {
      throw new ProxyError('not_found', 'There is no such session.');
    }
  }

  #call(id: CallId): Call {
    this.#reach();
    const call = this.calls.find((one) => one.id === id);
    if (!call) throw new ProxyError('call_not_found', 'There is no such call.');
    return call;
  }

  sessionBrief = async (session: SessionId): Promise<SessionBrief | null> => {
    this.#reach();
    if (session !== this.session) return Promise.resolve(null);
    return Promise.resolve({
      session: {
        id: this.session,
        candidate_id: '9b2a3a4e-7a0e-4a0c-8f44-000000000001',
        status: this.status,
        phase: this.phase,
        deadline_at: this.deadline === null ? null : new Date(this.deadline).toISOString(),
        mode: this.mode,
        end_reason: this.endReason,
        reducer: structuredClone(this.reducer),
      },
      tenant: { name: 'Northwind', tamper: this.tamper },
      interview: {
        title: 'Product designer',
        language: 'en',
        duration_s: this.durationS,
        plan: this.interviewPlan,
      },
      calls: this.calls.map((call) => ({ ...call, holder: holderOf(call) })),
      writers: Object.fromEntries(
        [...this.rows.keys()].map((writer) => [writer, this.#mark(writer)]),
      ),
      transcript: this.transcript,
    });
  };

  sessionGlance: Storage['sessionGlance'] = async (session) => {
    const brief = await this.sessionBrief(session);
    if (!brief) return null;
    const { id, status, phase, end_reason } = brief.session;
    const connected = brief.calls.some((call) => call.connected_at && !call.closed_at);
    return { session: { id, status, phase, end_reason }, writers: brief.writers, connected };
  };

  openCall: Storage['openCall'] = async (wanted): Promise<OpenedCall> => {
    this.#reach(wanted.session);
    const known = this.calls.find((call) => call.offerId === wanted.offerId);
    if (known) {
      return Promise.resolve({
        call_id: known.id,
        ordinal: known.ordinal,
        repeated: true,
        former: [],
        time_left_s: null,
      });
    }
    if (!['created', 'active'].includes(this.status)) {
      throw new ProxyError('session_ended', 'It is over.');
    }
    const former = this.calls.filter((call) => call.closed_at === null);
    for (const call of former) close(call, 'superseded');
    const call: Call = {
      id: randomUUID() as CallId,
      ordinal: this.calls.length + 1,
      offerId: wanted.offerId,
      provider: wanted.provider,
      provider_call_id: null,
      connected_at: null,
      closed_at: null,
      closeReason: null,
      writer_id: wanted.writer,
      holder: null,
      lease: null,
    };
    this.calls.push(call);
    return Promise.resolve({
      call_id: call.id,
      ordinal: call.ordinal,
      repeated: false,
      former: former.map((one) => ({
        call_id: one.id,
        provider: one.provider,
        provider_call_id: one.provider_call_id,
      })),
      time_left_s: this.timeLeftS,
    });
  };

  callAnswered = async (id: CallId, providerCallId: string): Promise<Standing> => {
    const call = this.#call(id);
    const ok = call.closed_at === null;
    if (ok) call.provider_call_id = providerCallId;
    return Promise.resolve({ ok, actor: this.#actor });
  };

  allowUnsupervised = async (id: CallId): Promise<void> => {
    this.#call(id);
    if (!this.unsupervisedAllowed) {
      throw new ProxyError('supervision_unavailable', 'The tenant wants a supervisor.');
    }
    this.unsupervised.push(id);
    return Promise.resolve();
  };

  callConnected = async (id: CallId): Promise<{ deadline: number }> => {
    this.#call(id).connected_at ??= new Date().toISOString();
    this.status = 'active';
    this.deadline ??= Date.now() + this.durationS * 1000;
    return Promise.resolve({ deadline: this.deadline });
  };

  closeCall: Storage['closeCall'] = async (id, reason, epoch) => {
    const call = this.#call(id);
    const fenced = epoch !== null && (call.lease?.epoch ?? 0) > epoch;
    if (call.closed_at === null && fenced) return Promise.resolve(false);
    close(call, reason);
    return Promise.resolve(true);
  };

  takeLease: Storage['takeLease'] = async (id, holder, seconds, force) => {
    const call = this.#call(id);
    const { lease } = call;
    if (call.closed_at !== null) throw new ProxyError('call_not_found', 'It is closed.');
    if (!force && lease && lease.holder !== holder && lease.until > Date.now()) {
      throw new ProxyError('taken_over', 'Another holder lives.');
    }
    const kept = lease?.holder === holder && lease.until > 0;
    const epoch = kept ? lease.epoch : (lease?.epoch ?? 0) + 1;
    call.lease = { holder, epoch, until: Date.now() + seconds * 1000 };
    const placed = [...this.rows.entries()]
      .filter(([writer]) => writer.startsWith(`s_${id}`))
      .flatMap(([, rows]) => [...rows.values()])
      .map(({ item_id, position }) => ({ item_id, position }));
    return Promise.resolve({ epoch, secret: id, placed, reducer: structuredClone(this.reducer) });
  };

  claimCalls: Storage['claimCalls'] = async (holder, seconds) => {
    this.#reach();
    const call = this.calls.find((one) => one.closed_at === null);
    const { lease, connected_at: connected } = call ?? {};
    const free =
      this.status === 'active' && connected !== null && lease && lease.until <= Date.now();
    if (!call || !free) return [];
    call.lease = { holder, epoch: lease.epoch + 1, until: Date.now() + seconds * 1000 };
    return Promise.resolve([this.session]);
  };

  renewLease: Storage['renewLease'] = async (id, epoch, seconds) => {
    const { lease, closed_at: closed } = this.#call(id);
    const ok = lease?.epoch === epoch && lease.until > 0 && closed === null;
    if (ok) lease.until = Date.now() + seconds * 1000;
    return Promise.resolve({ ok, actor: this.#actor });
  };

  releaseLease: Storage['releaseLease'] = async (id, epoch) => {
    const { lease } = this.#call(id);
    if (lease?.epoch === epoch) lease.until = 0;
    return Promise.resolve();
  };

  callHolder: Storage['callHolder'] = async (session) => {
    this.#reach(session);
    const call = this.calls.find((one) => one.closed_at === null);
    const holder = call ? holderOf(call) : null;
    return Promise.resolve(call && holder !== null ? { call: call.id, holder } : null);
  };

  sendCommand: Storage['sendCommand'] = async (session, message, key) => {
    const known = this.commands.find((one) => key !== undefined && one.key === key);
    if (known) return known.id;
    if ((await this.callHolder(session)) === null) return null;
    const id = this.commands.length + 1;
    this.commands.push({ id, session, message, key: key ?? null, taken: false, reply: null });
    return id;
  };

  takeCommands: Storage['takeCommands'] = async (holder) => {
    if ((await this.callHolder(this.session))?.holder !== holder) return [];
    const due = this.commands.filter((one) => !one.taken);
    for (const one of due) one.taken = true;
    return due.map(({ id, session, message }) => ({ id, session, message }));
  };

  answerCommand: Storage['answerCommand'] = async (id, reply) => {
    this.#reach();
    const command = this.commands[id - 1];
    if (command) command.reply = reply;
    return Promise.resolve();
  };

  commandReply: Storage['commandReply'] = async (id, last) => {
    this.#reach();
    const command = this.commands[id - 1];
    if (!command) return null;
    if (last && !command.taken) {
      command.taken = true;
      command.key = null;
      return 'withdrawn';
    }
    return Promise.resolve(command.reply);
  };

  saveReducer: Storage['saveReducer'] = async (id, epoch, saved) => {
    const { lease, ordinal } = this.#call(id);
    const later = this.calls.some((call) => call.ordinal > ordinal);
    const held = lease?.epoch === epoch && lease.until > 0;
    if (!held || later) return Promise.resolve(false);
    this.reducer = structuredClone(saved.state);
    this.phase = saved.phase;
    if (this.deadline !== null) this.deadline = saved.deadline ?? this.deadline;
    return Promise.resolve(true);
  };

  recordEvent: Storage['recordEvent'] = async (session, _call, kind, detail) => {
    this.#reach(session);
    this.events.push({ kind, detail });
    return Promise.resolve();
  };

  storeEntries: Storage['storeEntries'] = async (session, writer, entries) => {
    this.#reach(session);
    const rows = this.rows.get(writer) ?? new Map<number, TranscriptEntry>();
    this.rows.set(writer, rows);
    const ack: Acknowledgement = {
      writer_id: writer,
      last_sequence: 0,
      stored: 0,
      duplicates: 0,
      refused: [],
    };
    for (const entry of entries) {
      const row = TranscriptEntry.parse(entry);
      if (rows.has(row.sequence)) ack.duplicates += 1;
      else ack.stored += 1;
      rows.set(row.sequence, row);
    }
    return Promise.resolve({ ...ack, last_sequence: this.#mark(writer) });
  };

  completeSession: Storage['completeSession'] = async (wanted): Promise<CompletionOutcome> => {
    this.#reach(wanted.session);
    this.completions.push({ reason: wanted.reason, force: wanted.force });
    if (this.status === 'completed') return Promise.resolve({ status: 'completed', missing: [] });
    this.status = 'ending';
    this.endReason ??= wanted.reason;
    const missing = Object.entries(wanted.writers).flatMap(([name, last]) => {
      const writer = name as WriterId;
      const mark = this.#mark(writer);
      return mark < last ? [{ writer_id: writer, from: mark + 1, to: last }] : [];
    });
    if (missing.length > 0 && !wanted.force) return Promise.resolve({ status: 'ending', missing });
    this.status = 'completed';
    return Promise.resolve({ status: 'completed', missing });
  };

  ask: Storage['ask'] = async (session, kind, note) => {
    this.#reach(session);
    this.asked.push({ kind, note });
    return Promise.resolve();
  };

  storeCorrection: Storage['storeCorrection'] = async (session, entry, text) => {
    this.#reach(session);
    const rows = [...this.rows.values()].flatMap((writer) => [...writer.values()]);
    const line = rows.find((row) => row.entry_id === entry);
    if (!line) throw new ProxyError('not_found', 'There is no such line.');
    if (line.role !== 'candidate') throw new ProxyError('forbidden', 'It is not theirs.');
    this.corrections.set(entry, text);
    return Promise.resolve();
  };

  storeFeedback: Storage['storeFeedback'] = async (session, feedback) => {
    this.#reach(session);
    this.feedback.push(feedback);
    return Promise.resolve();
  };

  renewAllowed = async (session: SessionId): Promise<boolean> => {
    this.#reach(session);
    return Promise.resolve(this.renewable);
  };

  tick: Storage['tick'] = async () => {
    this.#reach();
    this.ticks += 1;
    return Promise.resolve({ processed: 0, failed: 0, remaining: 0 });
  };

  check = async (): Promise<void> => {
    this.#reach();
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

  get #actor(): WriterId | null {
    return this.calls.at(-1)?.writer_id ?? null;
  }

  #mark(writer: WriterId): number {
    const rows = this.rows.get(writer);
    let mark = 0;
    while (rows?.has(mark + 1)) mark += 1;
    return mark;
  }
}

function close(call: Call, reason: string): void {
  call.closed_at ??= new Date().toISOString();
  call.closeReason ??= reason;
}

function holderOf({ lease }: Call): string | null {
  return lease && lease.until > Date.now() ? lease.holder : null;
}
