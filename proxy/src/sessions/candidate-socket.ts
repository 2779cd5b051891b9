import {
  AUTHENTICATE_DEADLINE_MS,
  DELIVERY_GRACE_S,
  errorMeaning,
  type ClientMessage,
  type ServerMessage,
  type SessionClaims,
  type WriterId,
} from '@interview/protocol';
import type { WebSocket } from '@fastify/websocket';
import type { FastifyBaseLogger } from 'fastify';
import type { RawData } from 'ws';
import type { Drain } from '../drain.ts';
import { asProxyError, errorMessage, ProxyError } from '../proxy-error.ts';
import { ended, greet, takeUp } from './greeting.ts';
import type { LiveSession, Page } from './live-session.ts';
import type { LiveSessions } from './live-sessions.ts';
import { MessageRate } from './message-rate.ts';
import { answer, readMessage, UnreadableMessage } from './messages.ts';
import { renewToken } from './renew-token.ts';
import type { SessionTokens, VerifiedToken } from './session-token.ts';

/** Requests of one socket that are worked on at a time; an honest page has a handful. */
const MAX_IN_FLIGHT = 32;
const BUSY_RETRY_MS = 1_000;
/** A page that reads nothing is cut off before its answers fill the memory, bytes. */
const MAX_BUFFERED_BYTES = 4 * 1024 * 1024;

export interface CandidateSocketOptions {
  socket: WebSocket;
  tokens: SessionTokens;
  sessions: LiveSessions;
  /** Verified before the upgrade; null where the first message must bring it. */
  token: VerifiedToken | null;
  /** @throws {ProxyError} `origin_not_allowed` */
  checkOrigin: (claims: SessionClaims) => void;
  /** What the page calls itself; null where it does not say. */
  writer: WriterId | null;
  /** The page asked for the simulated interviewer. */
  wantsSimulation: boolean;
  log: FastifyBaseLogger;
  drain: Drain;
  /** Is told what the page is sent. */
  sent: (message: ServerMessage) => void;
}

/** Who is at the other end, once that is known. */
interface Known extends Page {
  claims: SessionClaims;
  session: LiveSession;
  expired: boolean;
}

/** One socket of a candidate: reads messages, answers each, and ends with its token. */
export class CandidateSocket {
  readonly #options: CandidateSocketOptions;
  readonly #socket: WebSocket;
  #known: Known | null = null;
  /** Settles when the page was told `ready`, or was refused. */
  #greeted: Promise<void> | null = null;
  /** Counts until it is known whose socket this is. */
  readonly #rate = new MessageRate();
  #leaveSeat: () => void = () => undefined;
  #inFlight = 0;
  #deadline: NodeJS.Timeout | undefined;

  constructor(options: CandidateSocketOptions) {
    this.#options = options;
    this.#socket = options.socket;
    this.#socket.on('message', (data, isBinary) => this.#receive(data, isBinary));
    this.#socket.on('close', () => this.#closed());
    if (options.token) this.#greeted = this.#greet(options.token);
    else this.#expectToken();
  }

  #expectToken(): void {
    this.#deadline = setTimeout(() => {
      this.#fail(new ProxyError('token_missing', 'Send authenticate with a token first.'));
    }, AUTHENTICATE_DEADLINE_MS);
  }

  /** Joins the session that the token names. */
  async #greet(token: VerifiedToken): Promise<void> {
    clearTimeout(this.#deadline);
    try {
      const { claims, expired } = token;
      this.#options.checkOrigin(claims);
      await this.#options.sessions.during(claims.sid, (session) =>
        this.#join(session, claims, expired),
      );
    } catch (error) {
      this.#known = null;
      this.#fail(asProxyError(error));
    }
  }

  async #join(session: LiveSession, claims: SessionClaims, expired: boolean): Promise<void> {
    // Whoever left while the token was verified gives no seat back.
    if (!this.#isOpen()) return;
    this.#leaveSeat = session.takeSeat();
    const { wantsSimulation, writer } = this.#options;
    const simulation = wantsSimulation && claims.sim === true;
    const send = (message: ServerMessage): void => this.#send(message);
    const greeted = greet(session);
    const brief = greeted.then(
      (greeting) => greeting.brief,
      () => null,
    );
    const known: Known = { claims, expired, session, simulation, writer, brief, send };
    this.#known = known;
    const greeting = await greeted;
    known.brief = undefined;
    if (!this.#isOpen()) return;
    this.#endWith(claims, expired);
    this.#send(greeting.ready);
    // Whoever may only deliver takes no part: nothing is shown to it, and nobody is there because of it.
    if (!expired) {
      takeUp(session, greeting, { writer, stays: true });
      session.join(known);
    }
    // Told to all: the completion that follows is a delivery.
    const end = ended(session, greeting);
    if (end) this.#send(end);
  }

  #receive(data: RawData, isBinary: boolean): void {
    // What was read together with the one that closed it.
    if (!this.#isOpen()) return;
    const now = Date.now();
    const rate = this.#known?.session.rate ?? this.#rate;
    const verdict = rate.next(now);
    if (verdict !== 'taken') {
      const retryAfterMs = rate.waitMs(now);
      const tooMany = new ProxyError('rate_limited', 'Too many messages.', { retryAfterMs });
      if (verdict === 'flood') this.#fail(tooMany);
      else this.#refuse(tooMany, undefined);
      return;
    }
    let message: ClientMessage;
    try {
      if (isBinary) throw new UnreadableMessage('invalid_json', 'Send JSON text, not binary data.');
      message = readMessage((data as Buffer).toString('utf8'));
    } catch (error) {
      this.#refuse(error, error instanceof UnreadableMessage ? error.id : undefined);
      return;
    }
    const id = 'id' in message ? message.id : undefined;
    if (this.#inFlight >= MAX_IN_FLIGHT) {
      const retryAfterMs = BUSY_RETRY_MS;
      const tooMany = new ProxyError('rate_limited', 'Too many at a time.', { retryAfterMs });
      this.#refuse(tooMany, id);
      return;
    }
    this.#inFlight += 1;
    this.#options.drain
      .during(() => this.#answer(message))
      .catch((error: unknown) => this.#refuse(error, id))
      .finally(() => (this.#inFlight -= 1));
  }

  async #answer(message: ClientMessage): Promise<void> {
    if (message.type === 'authenticate') return this.#authenticate(message.token);
    // Who calls at once need not wait for the greeting, only the answer comes after it.
    if (message.type !== 'offer' || !this.#known) await this.#greeted;
    const known = this.#known;
    if (!known) throw new ProxyError('token_missing', 'Send authenticate with a token first.');
    if (message.type === 'refresh') return this.#refresh(known);
    const answered = answer(known.session, known, message, known.expired);
    const [reply] = await Promise.all([answered, this.#greeted]);
    if (reply) this.#send(reply);
  }

  async #authenticate(token: string): Promise<void> {
    if (this.#greeted) throw new ProxyError('bad_request', 'The socket has its token already.');
    this.#greeted = this.#options.tokens.verify(token).then(
      (verified) => this.#greet(verified),
      (error: unknown) => this.#fail(asProxyError(error)),
    );
    await this.#greeted;
  }

  async #refresh(known: Known): Promise<void> {
    const { token, claims } = await renewToken(this.#options.tokens, known.session, known);
    known.claims = claims;
    // Nothing would clear the timer of one that closed meanwhile.
    if (this.#isOpen()) this.#endWith(claims, false);
    this.#send({ type: 'token', token, expires_at: claims.exp });
  }

  /** A socket does not outlive its token; one that came expired has the grace of deliveries. */
  #endWith(claims: SessionClaims, expired: boolean): void {
    clearTimeout(this.#deadline);
    const end = claims.exp + (expired ? DELIVERY_GRACE_S : 0);
    const ms = Math.max(end * 1000 - Date.now(), 0);
    this.#deadline = setTimeout(() => {
      this.#fail(new ProxyError('token_expired', 'The token has expired. Connect with a new one.'));
    }, ms);
  }

  #refuse(error: unknown, id: string | undefined): void {
    const refusal = asProxyError(error);
    if (errorMeaning(refusal.code).status >= 500) {
      this.#options.log.error({ err: error, cause: refusal.cause }, 'message not answered');
    }
    this.#send(errorMessage(refusal, id));
    if (refusal.code === 'token_missing') this.#close(refusal);
  }

  #fail(refusal: ProxyError): void {
    if (refusal.cause !== undefined) this.#options.log.info({ err: refusal.cause }, refusal.code);
    this.#send(errorMessage(refusal));
    this.#close(refusal);
  }

  #close(refusal: ProxyError): void {
    this.#socket.close(errorMeaning(refusal.code).close, refusal.code);
  }

  #isOpen(): boolean {
    return this.#socket.readyState === this.#socket.OPEN;
  }

  #send(message: ServerMessage): void {
    if (!this.#isOpen()) return;
    if (this.#socket.bufferedAmount > MAX_BUFFERED_BYTES) {
      this.#socket.terminate();
      return;
    }
    this.#socket.send(JSON.stringify(message));
    this.#options.sent(message);
  }

  #closed(): void {
    clearTimeout(this.#deadline);
    this.#leaveSeat();
    if (this.#known) this.#known.session.leave(this.#known);
  }
}
