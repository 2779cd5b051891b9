import { randomUUID } from 'node:crypto';
import type { CallId, InterviewPhase, WriterId } from '@interview/protocol';
import { ProxyError } from '../proxy-error.ts';
import type { OpenedCall, Standing, Storage, StoredCall } from '../storage/port.ts';
import { MemoryTranscript } from './memory-transcript.ts';

export interface MemoryCall extends StoredCall {
  offerId: string;
  closeReason: string | null;
  openedAt: number;
  /** From when somebody may hang it up for whoever closed it; null once it was. */
  hangupDue: number | null;
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

/** Who closed a call has so long to hang it up, milliseconds. */
const HANGUP_MS = 30_000;
/** Who claimed a hang-up has so long to do it, milliseconds. */
const CLAIMED_MS = 60_000;

/** Calls of one session in memory, who supervises them, and what that one saves, by the rules of the database. */
export abstract class MemoryCalls extends MemoryTranscript {
  readonly calls: MemoryCall[] = [];
  phase: InterviewPhase = 'opening';
  deadline: number | null = null;
  reducer: unknown = null;
  durationS = 1200;
  timeLeftS: number | null = null;
  /** The tenant takes interviews that nobody supervises. */
  unsupervisedAllowed = false;
  readonly unsupervised: CallId[] = [];
  #startedAt: number | null = null;

  protected override finish(): void {
    for (const call of this.calls) close(call, 'session_ended');
  }

  #call(id: CallId): MemoryCall {
    this.reach();
    const call = this.calls.find((one) => one.id === id);
    if (!call) throw new ProxyError('call_not_found', 'There is no such call.');
    return call;
  }

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
    const call: MemoryCall = {
      id: randomUUID() as CallId,
      ordinal: this.calls.length + 1,
      offerId: wanted.offerId,
      provider: wanted.provider,
      provider_call_id: null,
      connected_at: null,
      closed_at: null,
      closeReason: null,
      openedAt: Date.now(),
      hangupDue: Infinity,
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
    call.provider_call_id = providerCallId;
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

  callHungUp: Storage['callHungUp'] = async (id) => {
    this.#call(id).hangupDue = null;
    return Promise.resolve();
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

  claimHangups: Storage['claimHangups'] = async ({ session, held }) => {
    this.reach();
    const wanted = session === null || session === this.session;
    const now = Date.now();
    for (const call of wanted ? this.calls : []) {
      const forsaken = call.closed_at === null && this.#forsakenSince(call) <= now;
      if (!forsaken || held.includes(call.id)) continue;
      close(call, call.connected_at === null ? 'never_connected' : 'forsaken');
      if (call.hangupDue !== null) call.hangupDue = now;
    }
    const owed = this.calls.filter((call) => wanted && (call.hangupDue ?? Infinity) <= now);
    return Promise.resolve(
      owed.flatMap((call) => {
        call.hangupDue = now + CLAIMED_MS;
        const { id, provider, provider_call_id: name } = call;
        return name === null ? [] : [{ call_id: id, provider, provider_call_id: name }];
      }),
    );
  };

  #forsakenSince({ lease, openedAt, connected_at: connected }: MemoryCall): number {
    const free = lease ? Math.max(lease.until, lease.leftAt ?? 0) : null;
    const begun = ['created', 'active'].includes(this.status);
    if (!begun) return free === null ? Infinity : free + 30_000;
    if (connected === null) return Math.max(openedAt + 120_000, free ?? 0);
    return (free ?? Date.parse(connected)) + 300_000;
  }

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

  /** Who supervises the live call. */
  protected get holder(): string | null {
    const call = this.calls.find((one) => one.closed_at === null);
    return call ? holderOf(call) : null;
  }

  get #actor(): WriterId | null {
    return this.calls.at(-1)?.writer_id ?? null;
  }
}

function close(call: MemoryCall, reason: string): void {
  if (call.hangupDue === Infinity) call.hangupDue = Date.now() + HANGUP_MS;
  call.closed_at ??= new Date().toISOString();
  call.closeReason ??= reason;
}

/** Who supervises it. */
export function holderOf({ lease }: MemoryCall): string | null {
  return lease && lease.until > Date.now() ? lease.holder : null;
}
