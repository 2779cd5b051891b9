import { randomUUID } from 'node:crypto';
import type {
  CallId,
  InterviewMode,
  InterviewPhase,
  SessionId,
  WriterId,
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
import { MemoryTranscript } from './memory-transcript.ts';

interface Call extends StoredCall {
  offerId: string;
  closeReason: string | null;
  /** `leftAt`: when its holder let go; `claimed`: it was taken up from one that could not renew it. */
  lease: {
    holder: string;
    epoch: number;
    until: number;
    leftAt?: number;
    claimed?: boolean;
  } | null;
}

/** How long all standstills may hold the clock, milliseconds. */
const STANDSTILL_MS = 15 * 60_000;
/** A call that its supervisor left is the page's to bring along for so long, milliseconds. */
const LEFT_MS = 3_000;
/** What waited so long is not done any more, milliseconds. */
const COMMAND_LIFE_MS = 10_000;

/** One session in memory, by the rules of the database as far as the proxy sees them. */
export class MemoryStorage extends MemoryTranscript implements Storage {
  readonly calls: Call[] = [];
  phase: InterviewPhase = 'opening';
  mode: InterviewMode = 'voice';
  tamper: 'record' | 'enforce' = 'enforce';
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
  #startedAt: number | null = null;
  readonly commands: (Command & {
    key: string | null;
    sentAt: number;
    taken: boolean;
    reply: CommandReply | null;
  })[] = [];

  protected override finish(): void {
    for (const call of this.calls) close(call, 'session_ended');
  }

  #call(id: CallId): Call {
    this.reach();
    const call = this.calls.find((one) => one.id === id);
    if (!call) throw new ProxyError('call_not_found', 'There is no such call.');
    return call;
  }

  sessionBrief = async (session: SessionId): Promise<SessionBrief | null> => {
    this.reach();
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
      calls: this.calls.map((call) => ({
        ...call,
        holder: holderOf(call),
        epoch: call.lease?.epoch ?? null,
      })),
      writers: Object.fromEntries(
        [...this.rows.keys()].map((writer) => [writer, this.mark(writer)]),
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
    this.reach(wanted.session);
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
      own_page: wanted.ownPage ?? true,
      holder: null,
      epoch: null,
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
    const call = this.#call(id);
    if (!['created', 'active'].includes(this.status)) {
      throw new ProxyError('session_ended', 'It is over.');
    }
    call.connected_at ??= new Date().toISOString();
    this.status = 'active';
    this.#startedAt ??= Date.now();
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
    const claimed = kept && (lease.claimed ?? false);
    call.lease = { holder, epoch, until: Date.now() + seconds * 1000, claimed };
    const placed = [...this.rows.entries()]
      .filter(([writer]) => writer.startsWith(`s_${id}`))
      .flatMap(([, rows]) => [...rows.values()])
      .map(({ item_id, position }) => ({ item_id, position }));
    return Promise.resolve({ epoch, secret: id, placed, reducer: structuredClone(this.reducer) });
  };

  claimCalls: Storage['claimCalls'] = async ({ holder, seconds, session, held }) => {
    this.reach();
    const call = this.calls.find((one) => one.closed_at === null);
    const { lease, connected_at: connected } = call ?? {};
    const lapsed =
      lease && lease.until <= Date.now() && (lease.leftAt ?? 0) <= Date.now() - LEFT_MS;
    const free = this.status === 'active' && connected !== null && lapsed;
    const wanted = session === null || session === this.session;
    if (!call || !free || !wanted || held.includes(call.id)) return [];
    const until = Date.now() + seconds * 1000;
    call.lease = { holder, epoch: lease.epoch + 1, until, claimed: true };
    return Promise.resolve([this.session]);
  };

  renewLease: Storage['renewLease'] = async (id, epoch, seconds) => {
    const { lease, closed_at: closed } = this.#call(id);
    const ok = lease?.epoch === epoch && lease.until > 0 && closed === null;
    if (ok) lease.until = Date.now() + seconds * 1000;
    return Promise.resolve({
      ok,
      actor: this.#actor,
      closed: closed !== null,
      claimed: lease !== null && lease.epoch > epoch && lease.claimed === true,
    });
  };

  releaseLease: Storage['releaseLease'] = async (id, epoch) => {
    const { lease } = this.#call(id);
    if (lease?.epoch === epoch && lease.until > 0) {
      lease.until = 0;
      lease.leftAt = Date.now();
    }
    return Promise.resolve();
  };

  sendCommand: Storage['sendCommand'] = async (session, message, key) => {
    this.reach(session);
    const known = this.commands.find((one) => key !== undefined && one.key === key);
    if (known?.taken) return known.id;
    if (this.#holder === null) return null;
    if (known) {
      known.sentAt = Date.now();
      return known.id;
    }
    const id = this.commands.length + 1;
    const sentAt = Date.now();
    const fresh = { sentAt, taken: false, reply: null };
    this.commands.push({ id, session, message, key: key ?? null, ...fresh });
    return Promise.resolve(id);
  };

  takeCommands: Storage['takeCommands'] = async (holder) => {
    this.reach();
    if (this.#holder !== holder) return Promise.resolve([]);
    const late = Date.now() - COMMAND_LIFE_MS;
    const due = this.commands.filter((one) => !one.taken && one.sentAt > late);
    for (const one of due) one.taken = true;
    return Promise.resolve(due.map(({ id, session, message }) => ({ id, session, message })));
  };

  answerCommand: Storage['answerCommand'] = async (id, reply) => {
    this.reach();
    const command = this.commands[id - 1];
    if (command?.taken) command.reply ??= reply;
    return Promise.resolve();
  };

  commandReply: Storage['commandReply'] = async (id, last) => {
    this.reach();
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
    if (this.deadline !== null && saved.deadline !== null) {
      const latest = (this.#startedAt ?? Date.now()) + this.durationS * 1000 + STANDSTILL_MS;
      this.deadline = Math.min(saved.deadline, latest);
    }
    return Promise.resolve(true);
  };

  recordEvent: Storage['recordEvent'] = async (session, _call, kind, detail) => {
    this.reach(session);
    this.events.push({ kind, detail });
    return Promise.resolve();
  };

  renewAllowed = async (session: SessionId): Promise<boolean> => {
    this.reach(session);
    return Promise.resolve(this.renewable);
  };

  tick: Storage['tick'] = async () => {
    this.reach();
    this.ticks += 1;
    return Promise.resolve({ processed: 0, failed: 0, remaining: 0, dead: 0 });
  };

  check = async (): Promise<void> => {
    this.reach();
    return Promise.resolve();
  };

  /** Who supervises the live call. */
  get #holder(): string | null {
    const call = this.calls.find((one) => one.closed_at === null);
    return call ? holderOf(call) : null;
  }

  get #actor(): WriterId | null {
    return this.calls.at(-1)?.writer_id ?? null;
  }
}

function close(call: Call, reason: string): void {
  call.closed_at ??= new Date().toISOString();
  call.closeReason ??= reason;
}

function holderOf({ lease }: Call): string | null {
  return lease && lease.until > Date.now() ? lease.holder : null;
}
