import type { ServerMessage, SessionClaims, SessionId, WriterId } from '@interview/protocol';
import type { OpenedCall, SessionBrief } from '../storage/port.ts';
import { snapshotOf } from '../supervision/announcer.ts';
import { Completion } from './completion.ts';
import type { HttpPage } from './http-page.ts';
import type { LiveCall } from './live-call.ts';
import { MessageRate } from './message-rate.ts';
import type { PlacedCall } from './place-call.ts';
import { Seats } from './seats.ts';
import type { Services } from './services.ts';

/** A page that asks another process shows that the candidate is there, for so long, milliseconds. */
const HEARD_ELSEWHERE_MS = 15_000;

/** A candidate's page, as a session sees it. */
export interface Page {
  readonly claims: SessionClaims;
  /** The page load at the other end; null where it has not said. */
  readonly writer: WriterId | null;
  /** Has asked for the simulated interviewer. */
  readonly simulation: boolean;
  /** How the session stands, while it is being read for the page that has just come; null where that fails. */
  brief?: Promise<SessionBrief | null> | undefined;
  send: (message: ServerMessage) => void;
}

/** What this process knows of one session: its pages and the call that it supervises. */
export class LiveSession {
  readonly id: SessionId;
  readonly services: Services;
  readonly completion: Completion;
  /** Answers to recent offers, by offer: the same offer gets the same answer. */
  readonly offers = new Map<string, Promise<PlacedCall>>();
  /** Pages without a socket, by what they call themselves. */
  readonly httpPages = new Map<WriterId, HttpPage>();
  /** Of all that is connected, also of pages that take no part: with an expired token, or dismissed. */
  readonly #seats = new Seats();
  /** Of the messages of all its sockets. */
  readonly rate = new MessageRate();
  readonly #pages = new Set<Page>();
  /** Were told that another page has the interview, and are still connected. */
  readonly #dismissed = new Set<Page>();
  readonly #emptied: () => void;
  #actor: { page: Page | null; writer: WriterId } | null = null;
  #call: LiveCall | null = null;
  /** Ordinal of the newest call that was opened or taken up here. */
  #newest = 0;
  /** Openings that the database has not confirmed yet. */
  #openings = 0;
  #busy = 0;
  /** When a page last asked another process, Unix time in milliseconds. */
  #heardElsewhere = 0;

  constructor(id: SessionId, services: Services, emptied: () => void) {
    this.id = id;
    this.services = services;
    this.#emptied = emptied;
    this.completion = new Completion(this);
  }

  get call(): LiveCall | null {
    return this.#call;
  }

  get pages(): number {
    return this.#pages.size;
  }

  /** Requests that are being worked on and came without a socket. */
  get busy(): number {
    return this.#busy;
  }

  /** Does something in the name of the session, which is not forgotten meanwhile. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.#busy += 1;
    try {
      return await work();
    } finally {
      this.#busy -= 1;
      this.#sweep();
    }
  }

  /**
   * Makes room for a page that comes. Returns what gives it back.
   *
   * @throws {ProxyError} `rate_limited`
   */
  takeSeat(): () => void {
    const leave = this.#seats.take();
    return () => {
      leave();
      this.#sweep();
    };
  }

  join(page: Page): void {
    this.#pages.add(page);
    if (page.writer) this.recognize(page, page.writer);
    for (const message of this.snapshot()) page.send(message);
  }

  /** What a page that comes must know. `brief` tells it where another process supervises the call. */
  snapshot(brief?: SessionBrief): ServerMessage[] {
    return this.#call?.supervisor.snapshot() ?? (brief ? snapshotOf(brief) : []);
  }

  /** A page of this session asked something of another process, which handed it on. */
  heardElsewhere(): void {
    this.#heardElsewhere = Date.now();
  }

  /** The candidate is there, as far as pages tell. */
  get present(): boolean {
    return this.pages > 0 || Date.now() - this.#heardElsewhere < HEARD_ELSEWHERE_MS;
  }

  /** The page that talks is back, on another connection. */
  recognize(page: Page | null, writer: WriterId): void {
    if (this.#actor?.writer === writer) this.#actor = { page, writer };
  }

  leave(page: Page): void {
    this.#pages.delete(page);
    this.#dismissed.delete(page);
    if (this.#actor?.page === page) this.#actor = { ...this.#actor, page: null };
    this.#sweep();
  }

  tell(message: ServerMessage): void {
    for (const page of this.#pages) page.send(message);
  }

  /**
   * Makes `page` the one that talks. Another page that talked until now is told that it is taken over; the same page
   * on a new socket is not.
   */
  takeOver(page: Page | null, writer: WriterId): void {
    const former = this.#actor;
    if (former?.page && former.page !== page && former.writer !== writer) {
      this.#pages.delete(former.page);
      this.#dismissed.add(former.page);
      former.page.send({ type: 'end', reason: 'taken_over', close_in_ms: 0 });
    }
    if (page && this.#dismissed.delete(page)) this.#pages.add(page);
    this.#actor = { page, writer };
  }

  has(page: Page): boolean {
    return this.#pages.has(page);
  }

  /** Follows the opening of a call; the newest one counts, in whatever order they are answered. */
  async opening(call: Promise<OpenedCall>): Promise<OpenedCall> {
    this.#openings += 1;
    try {
      const opened = await call;
      this.#newest = Math.max(this.#newest, opened.ordinal);
      return opened;
    } finally {
      this.#openings -= 1;
    }
  }

  /** A later call than this was opened, or may be just now. */
  mayHaveNewer(ordinal: number): boolean {
    return this.#openings > 0 || this.hasNewer(ordinal);
  }

  /** A later call than this was opened, as far as is known here. */
  hasNewer(ordinal: number): boolean {
    return ordinal < this.#newest;
  }

  /** Looks after a call that was answered, instead of the one before. */
  carry(call: LiveCall): void {
    const former = this.#call;
    this.#call = call;
    call.start();
    if (former) void former.hangUp('superseded');
  }

  drop(call: LiveCall): void {
    if (this.#call === call) this.#call = null;
    this.#sweep();
  }

  /** Looks after a call that was begun elsewhere, instead of what is looked after here. */
  takeUp(call: LiveCall): void {
    void this.#call?.letGo();
    this.#call = call;
    // What is read or answered only now of an earlier one comes too late.
    this.#newest = Math.max(this.#newest, call.ordinal);
    call.start();
  }

  /** The call is another process's. Where a page has it that isn't ours, ours is told. */
  lost(successor: WriterId | null): void {
    if (successor !== null) this.takeOver(null, successor);
  }

  /** The page load is connected here, and was not told that another one has the interview. */
  hasPageOf(writer: WriterId): boolean {
    const { page, writer: talking } = this.#actor ?? { page: null, writer: null };
    if (page !== null && talking === writer && this.#pages.has(page)) return true;
    return [...this.#pages].some((one) => one.writer === writer);
  }

  /** An answer need not be remembered any more. */
  forget(offer: string): void {
    this.offers.delete(offer);
    this.#sweep();
  }

  #sweep(): void {
    const dismissed = this.#dismissed.size + this.#seats.taken;
    const pages = this.#pages.size + this.httpPages.size + dismissed;
    const needed = pages + this.offers.size + this.#busy;
    if (needed === 0 && this.#call === null && !this.completion.pending) this.#emptied();
  }

  /** The completion has nothing more to do. */
  settled(): void {
    this.#sweep();
  }
}
