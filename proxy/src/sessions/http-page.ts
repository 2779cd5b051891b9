import type { ServerMessage, SessionClaims, WriterId } from '@interview/protocol';
import { ProxyError } from '../proxy-error.ts';
import type { EventStream } from './event-stream.ts';
import type { LiveSession, Page } from './live-session.ts';

/** A page whose stream broke comes back by itself; until then it counts as present, milliseconds. */
const RETURN_MS = 5_000;
/** Pages that poll do so every 5 s; one that missed two polls is gone, milliseconds. */
const POLLED_MS = 15_000;
/**
 * A page that pings, and stops, is gone although its stream looks open: only this finds it, since nothing comes back on
 * a stream. Browsers run the timers of a hidden page once a minute at the least. Milliseconds.
 */
const SILENT_MS = 75_000;

/** A page without a socket: there while its event stream is open, and for a while after each poll. */
export class HttpPage implements Page {
  readonly writer: WriterId;
  claims: SessionClaims;
  simulation = false;
  readonly #session: LiveSession;
  readonly #leaveSeat: () => void;
  #stream: EventStream | null = null;
  #end: ServerMessage | null = null;
  #leaving: NodeJS.Timeout | undefined;
  #silence: NodeJS.Timeout | undefined;

  private constructor(session: LiveSession, writer: WriterId, claims: SessionClaims) {
    this.#leaveSeat = session.takeSeat();
    this.#session = session;
    this.writer = writer;
    this.claims = claims;
  }

  /**
   * The page of that name, known or new.
   *
   * @throws {ProxyError} `rate_limited` where the session has too many
   */
  static of(
    session: LiveSession,
    writer: WriterId,
    { claims, simulation }: Pick<Page, 'claims' | 'simulation'>,
  ): HttpPage {
    const page = session.httpPages.get(writer) ?? new HttpPage(session, writer, claims);
    session.httpPages.set(writer, page);
    page.claims = claims;
    page.simulation = simulation;
    // Whatever it came for may fail, or take its time.
    if (page.#stream === null) page.#stay(POLLED_MS);
    return page;
  }

  /** How the interview ended for this page; null while it goes on. */
  get end(): ServerMessage | null {
    return this.#end;
  }

  send(message: ServerMessage): void {
    if (message.type === 'end') this.#end = message;
    this.#stream?.send(message);
  }

  /** Is told what happens from now on. A former stream of the page ends. */
  listen(stream: EventStream): void {
    const former = this.#stream;
    this.#stream = stream;
    former?.end();
    clearTimeout(this.#leaving);
    this.#endWithToken();
    if (this.#end) stream.send(this.#end);
    else this.#session.join(this);
  }

  /** A stream ended or broke. */
  closed(stream: EventStream): void {
    if (this.#stream !== stream) return;
    this.#stream = null;
    clearTimeout(this.#silence);
    this.#stay(RETURN_MS);
  }

  /** Asked how the interview stands. */
  polled(): void {
    if (this.#stream) return;
    if (!this.#end && !this.#session.has(this)) this.#session.join(this);
    this.#stay(POLLED_MS);
  }

  /** Asks for a call: whatever it was told before, it is in the interview. */
  calls(): void {
    this.#end = null;
    this.polled();
  }

  /** Sent a ping. */
  heard(): void {
    if (!this.#stream) return;
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#stream?.end(), SILENT_MS).unref();
  }

  /** Its token was renewed: the stream may go on. */
  renewed(claims: SessionClaims): void {
    this.claims = claims;
    this.#endWithToken();
  }

  #endWithToken(): void {
    const why = new ProxyError('token_expired', 'The token has expired. Connect with a new one.');
    this.#stream?.endAt(this.claims.exp * 1000, why);
  }

  #stay(ms: number): void {
    clearTimeout(this.#leaving);
    this.#leaving = setTimeout(() => {
      if (this.#session.httpPages.get(this.writer) === this) {
        this.#session.httpPages.delete(this.writer);
      }
      this.#leaveSeat();
      this.#session.leave(this);
    }, ms).unref();
  }
}
