import { setImmediate } from 'node:timers/promises';
import {
  CONNECTED_DEADLINE_MS,
  type CallId,
  type EndReason,
  type ServerMessage,
  type WriterId,
} from '@interview/protocol';
import { asProxyError, errorMessage, ProxyError } from '../proxy-error.ts';
import type { SessionBrief } from '../storage/port.ts';
import { specOf } from './call-spec.ts';
import { hangUp } from './hang-up.ts';
import { CLOSE_IN_MS } from '../supervision/announcer.ts';
import type { Loss } from '../supervision/lease.ts';
import type { Supervision } from '../supervision/supervision.ts';
import { Supervisor } from '../supervision/supervisor.ts';
import { Unsupervised } from '../supervision/unsupervised.ts';
import type { CallSpec, Upstream } from '../upstream/port.ts';
import type { Services } from './services.ts';

/** The page may be slow to say that it is done; then the call is hung up all the same. */
const HANGUP_GRACE_MS = 5_000;

export interface LiveCallOptions {
  services: Services;
  upstream: Upstream;
  call: { id: CallId; ordinal: number; providerCallId: string; startedAt: number };
  /** The page load that made the offer; null where this process did not see it. */
  writer: WriterId | null;
  brief: SessionBrief;
  /** What the provider was asked for; null where this process did not ask. */
  spec: CallSpec | null;
  /** Begun by another process: it is taken over when that one is gone, or at once. */
  adopted: false | 'when_free' | 'by_force';
  /** The candidate's media were there before. */
  connected: boolean;
  tell: (message: ServerMessage) => void;
  present: () => boolean;
  /** The interview is over. */
  left: (reason: EndReason) => void;
  /** Another process has the call, or a newer call the session. */
  lost: (loss: Loss) => void;
  /** This object is of no more use. */
  closed: () => void;
}

/** One answered call that this process looks after, from its answer to its hang-up. */
export class LiveCall {
  readonly id: CallId;
  readonly ordinal: number;
  readonly writer: WriterId | null;
  readonly supervisor: Supervision;
  readonly #options: LiveCallOptions;
  /** Hangs up a call whose media never came. */
  #unconnected: NodeJS.Timeout | undefined;
  /** Hangs up a call whose interview is over. */
  #ending: NodeJS.Timeout | undefined;
  #connected: boolean;
  #over = false;

  constructor(options: LiveCallOptions) {
    this.#options = options;
    this.id = options.call.id;
    this.ordinal = options.call.ordinal;
    this.writer = options.writer;
    this.#connected = options.connected;
    const { storage, log, holder, silence } = options.services;
    const spec = options.spec ?? specOf(options.brief, { supervised: true, ownPage: true });
    const Kind = options.upstream.supervised === false ? Unsupervised : Supervisor;
    this.supervisor = new Kind({
      call: options.call,
      brief: options.brief,
      session: options.upstream.session?.(spec) ?? null,
      adopted: options.adopted,
      holder,
      silence,
      storage,
      upstream: options.upstream,
      log: log.child({ call: options.call.id }),
      tell: options.tell,
      present: options.present,
      reached: () => void this.#reached(),
      left: (reason) => this.#left(reason),
      lost: (why) => void this.#lost(why),
      fenced: (loss) => {
        this.#release();
        // Whoever closed it may have died before it was hung up.
        if (loss.closed) void this.#hangUpThere();
        options.lost(loss);
      },
    });
  }

  /** Attaches the supervisor; the answer is on its way meanwhile. */
  start(): void {
    if (!this.#connected) {
      const never = (): void => void this.hangUp('never_connected');
      this.#unconnected = setTimeout(never, CONNECTED_DEADLINE_MS).unref();
    }
    this.#attach().catch((error: unknown) => {
      if (this.#over) return;
      const { cause } = error as Error;
      // Without a lease it is the database that has closed the call, with one the provider has none of that name. Of one
      // that it has just answered that is a fault.
      const unleased = this.supervisor.epoch === null;
      const isGone = cause instanceof ProxyError && cause.code === 'call_not_found';
      if (isGone && (unleased || this.#options.adopted)) {
        void this.hangUp(unleased ? 'superseded' : 'upstream_closed');
        return;
      }
      this.#options.services.log.error({ err: error, call: this.id }, 'not supervised');
      if (this.#options.adopted && cause instanceof ProxyError) {
        // Somebody else has it, or nobody can tell.
        void this.letGo();
        return;
      }
      this.#options.tell(errorMessage(asProxyError(error)));
      void this.hangUp('supervision_unavailable');
    });
  }

  async #attach(): Promise<void> {
    await this.#options.services.answersFirst.turn();
    if (!this.#over) await this.supervisor.attach();
  }

  /**
   * The candidate's media is there: the first time starts the session's clock. The first words do not wait for the
   * database: the deadline is reckoned here as it is there, a few milliseconds apart. A page says it again when its
   * media are back.
   *
   * @throws {ProxyError} `call_not_found` once the call is over, `storage_unavailable`, `session_ended`
   */
  async connected(): Promise<void> {
    this.#mustLive();
    const first = !this.#connected;
    this.#connected = true;
    clearTimeout(this.#unconnected);
    const { session, interview } = this.#options.brief;
    const planned = Date.now() + interview.duration_s * 1000;
    const deadline = session.deadline_at === null ? planned : Date.parse(session.deadline_at);
    this.supervisor.connected(deadline);
    // What the supervisor saves before it speaks is asked for first.
    await setImmediate();
    this.#mustLive();
    try {
      await this.#options.services.storage.callConnected(this.id);
    } catch (error) {
      // Without its clock an interview does not begin; one that runs goes on.
      if (first) void this.hangUp('not_connected');
      throw error;
    }
  }

  get over(): boolean {
    return this.#over;
  }

  /** Ends the call for good: in the database, at the provider and here. Not where another process has it by now. */
  async hangUp(reason: string): Promise<void> {
    if (this.#over) return;
    this.#release();
    await this.#options.services.drain.during(() => this.#end(reason));
  }

  async #end(reason: string): Promise<void> {
    const { services, upstream, call } = this.#options;
    const { lapsed } = this.supervisor;
    const stopped = this.supervisor.stop();
    const closed = services.storage.closeCall(call.id, reason, this.supervisor.epoch);
    // Where nobody can tell, it is another's once our lease may have lapsed: that one, or the next, hangs up.
    const ours = await closed.catch(() => !lapsed);
    const results = await Promise.allSettled([
      stopped,
      closed,
      ...(ours ? [hangUp(services, upstream, call)] : []),
    ]);
    for (const result of results) {
      if (result.status === 'fulfilled') continue;
      services.log.warn(
        { err: result.reason as unknown, call: call.id },
        'call not closed cleanly',
      );
    }
  }

  /** The database has closed it already. What is gone there too is no fault. */
  async #hangUpThere(): Promise<void> {
    const { services, upstream, call } = this.#options;
    try {
      await hangUp(services, upstream, call);
    } catch (error) {
      services.log.warn({ err: error, call: call.id }, 'closed call not hung up');
    }
  }

  /** Leaves the call to another process. */
  async letGo(): Promise<void> {
    // Nobody brings such a call along, and whoever looks for it takes connected ones.
    if (this.#options.spec?.ownPage === false) await this.#reached();
    this.#release();
    await this.supervisor.stop();
  }

  /** Clients that can't say that they are connected show it: the talk need not wait any longer. */
  async #reached(): Promise<void> {
    if (this.#connected || this.#over) return;
    await this.connected().catch((error: unknown) => {
      this.#options.services.log.error({ err: error, call: this.id }, 'talk not started');
    });
  }

  #left(reason: EndReason): void {
    const end = (): void => void this.hangUp(reason);
    this.#ending = setTimeout(end, CLOSE_IN_MS + HANGUP_GRACE_MS).unref();
    this.#options.left(reason);
  }

  async #lost(why: 'absent' | 'upstream_closed' | 'tampered'): Promise<void> {
    if (this.#over) return;
    if (why === 'tampered') this.#options.tell(errorMessage(tampered()));
    // Whoever is cut off in the farewell has finished the interview all the same.
    const { endReason } = this.supervisor;
    if (endReason !== null) this.#options.left(endReason);
    await this.hangUp(why);
  }

  #release(): void {
    if (this.#over) return;
    this.#over = true;
    clearTimeout(this.#unconnected);
    clearTimeout(this.#ending);
    this.#options.closed();
  }

  /** A call that is over starts no clock. */
  #mustLive(): void {
    if (this.#over) throw new ProxyError('call_not_found', 'This call is over. Connect anew.');
  }
}

function tampered(): ProxyError {
  return new ProxyError(
    'forbidden',
    'The call was ended: this page changed what only the server may change.',
  );
}
