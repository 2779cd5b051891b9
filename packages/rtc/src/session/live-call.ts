import type { CallId, OfferReason, WriterId } from '@interview/protocol';
import type { Decoder } from '../conversation/decoder.ts';
import { followTurn } from '../conversation/turn.ts';
import { InterviewError } from '../errors.ts';
import type { Turn } from '../events.ts';
import type { Logger } from '../logger.ts';
import type { Ports } from '../options.ts';
import type { Signaller } from '../signalling/signaller.ts';
import type { Assembler } from '../transcript/assembler.ts';
import type { Row } from '../transcript/revisions.ts';
import type { Transport, TransportOptions } from '../transport/transport.ts';
import { requestOffer, requestTalk, type Answer } from './offer.ts';
import { Watchdog } from './watchdog.ts';

const TICK_MS = 1_000;
/** How long the end waits to be told how much of the last line was heard, milliseconds. */
const HEARD_MS = 1_000;

/** Where a call is asked for. */
export interface Line {
  signaller: Signaller;
  reason: OfferReason;
}

/** What a call tells. */
export interface LiveCallHandlers {
  /** Lines may have changed; `rows` are to be stored. */
  onRows(rows: Row[]): void;
  onTurn(turn: Turn): void;
  onRaw(event: unknown): void;
  onStream(stream: MediaStream): void;
  /** The media hang (true) or came back (false). */
  onTrouble(hanging: boolean): void;
  /** A call that was connected is gone. */
  onLost(cause: string): void;
}

/** What a call needs. */
export interface LiveCallOptions {
  ports: Pick<Ports, 'connectTransport' | 'now'>;
  /** The offer is made meanwhile. */
  line: Promise<Line>;
  writerId: WriterId;
  decoder: Decoder;
  logger: Logger;
  /** Begins the transcript of the call. */
  openTranscript: (callId: CallId, beganAt: number) => Assembler;
  handlers: LiveCallHandlers;
  signal: AbortSignal;
}

/** One call to the interviewer, from the offer to the hang-up. A reconnect is a new one. */
export class LiveCall {
  readonly #options: LiveCallOptions;
  readonly #end = new AbortController();
  readonly #signal: AbortSignal;
  readonly #turnAfter = followTurn();
  readonly #watchdog: Watchdog;
  #signaller: Signaller | null = null;
  #transport: Transport | null = null;
  #answer: Answer | null = null;
  #assembler: Assembler | null = null;
  #beganAt = 0;
  #endsAtS: number | null = null;
  #ticker: ReturnType<typeof setInterval> | undefined;
  /** Looks whether what is waited for is there. */
  #onProgress: (() => void) | null = null;

  constructor(options: LiveCallOptions) {
    const { decoder, handlers, signal } = options;
    this.#options = options;
    this.#signal = AbortSignal.any([signal, this.#end.signal]);
    this.#watchdog = new Watchdog({
      probe: () => this.send(decoder.probe),
      onSilent: () => handlers.onLost('the provider is silent'),
    });
  }

  /** Aborted when the call is over. */
  get signal(): AbortSignal {
    return this.#signal;
  }

  /** Our id of the call; null until it was answered. */
  get id(): CallId | null {
    return this.#answer?.call_id ?? null;
  }

  /** What the other side can do; null until it answered. */
  get capabilities(): Answer['capabilities'] | null {
    return this.#answer?.capabilities ?? null;
  }

  /** The proxy has a channel of its own into the call; without one the page does what it would do. */
  get supervised(): boolean {
    return this.#answer?.capabilities.supervision !== 'none';
  }

  /** What the provider must be told of the session; null where the proxy has told it. */
  get providerSession(): Answer['session'] | null {
    return this.#answer?.session ?? null;
  }

  /** When the provider will end the call, Unix time in seconds; null where it does not tell. */
  get endsAtS(): number | null {
    return this.#endsAtS;
  }

  /** Connects. @throws InterviewError of the step that failed */
  async connect(track: TransportOptions['track']): Promise<void> {
    const { handlers, ports } = this.#options;
    this.#transport = await ports.connectTransport({
      track,
      signal: this.#signal,
      exchange: (sdp) => this.#exchange(sdp, track),
      handlers: { ...handlers, onMessage: (data) => this.#take(data) },
    });
    this.#ticker = setInterval(() => this.#tick(), TICK_MS);
    this.#watchdog.heard();
  }

  /** Tells the proxy that the candidate hears: the talk may begin, or go on. @throws InterviewError begin_timeout */
  async begin(): Promise<void> {
    this.#signal.throwIfAborted();
    if (!this.id || !this.#signaller) {
      throw new InterviewError('invalid_state');
    }
    await requestTalk(this.#signaller, this.id);
  }

  /** Sends events to the provider; false when they could not all be sent. */
  send(...events: object[]): boolean {
    return events.every((event) => this.#transport?.send(event) === true);
  }

  /** Makes sure that the other side still lives. @param withinMs milliseconds */
  check(withinMs: number): void {
    if (!this.#transport || this.#end.signal.aborted) return;
    this.#transport.networkChanged();
    this.#watchdog.check(withinMs);
  }

  /** Exchanges the microphone. */
  async replaceTrack(track: MediaStreamTrack | null): Promise<void> {
    await this.#transport?.replaceTrack(track);
  }

  /** The browser's figures; empty before it is connected. */
  getStats(): Promise<RTCStatsReport> {
    return this.#transport?.getStats() ?? Promise.resolve(new Map());
  }

  /** Resolves when every utterance has its place and text, or at the deadline (milliseconds). */
  async settled(deadlineMs: number): Promise<void> {
    await this.#until(() => !this.#assembler?.open, deadlineMs);
    // The cut of the last line comes over the call, and may be behind the word to end.
    await this.#until(() => !this.#assembler?.isHeard, HEARD_MS);
  }

  /** Hangs up and closes what is open. */
  close(): void {
    if (this.#end.signal.aborted) return;
    clearInterval(this.#ticker);
    this.#watchdog.stop();
    this.#transport?.close();
    this.#end.abort();
    this.#onProgress?.();
    if (this.#assembler) this.#options.handlers.onRows(this.#assembler.close());
  }

  async #exchange(sdp: string, track: TransportOptions['track']): Promise<string> {
    const { line, ports, openTranscript, writerId } = this.#options;
    // A call costs from its answer on, and the proxy does not wait long for a person who is asked for the microphone.
    const [{ signaller, reason }] = await Promise.all([line, track]);
    this.#signal.throwIfAborted();
    this.#signaller = signaller;
    const offer = { type: 'offer' as const, sdp, writer_id: writerId, reason };
    this.#answer = await requestOffer(signaller, offer, this.#signal);
    this.#beganAt = ports.now();
    this.#assembler = openTranscript(this.#answer.call_id, this.#beganAt);
    return this.#answer.sdp;
  }

  #take(data: unknown): void {
    const { decoder, handlers, logger } = this.#options;
    this.#watchdog.heard();
    const { changes, raw, problem } = decoder.decode(data);
    handlers.onRaw(raw);
    if (problem !== null) logger.warn('Event not understood.', { problem });
    if (changes.length === 0 || !this.#assembler) return;
    for (const change of changes) {
      if (change.kind === 'trouble') logger.warn('Provider error.', { ...change });
      if (change.kind === 'session') this.#endsAtS = change.endsAtS;
      handlers.onTurn(this.#turnAfter(change));
    }
    handlers.onRows(this.#assembler.apply(changes, this.#sinceBegan()));
    this.#onProgress?.();
  }

  #tick(): void {
    const rows = this.#assembler?.tick(this.#sinceBegan()) ?? [];
    if (rows.length > 0) this.#options.handlers.onRows(rows);
    this.#onProgress?.();
  }

  /** Looks after each event, and once a second, whether it fits. */
  #until(fits: () => boolean, deadlineMs: number): Promise<void> {
    const { now } = this.#options.ports;
    const until = now() + deadlineMs;
    return new Promise((resolve) => {
      this.#onProgress = () => {
        if (fits() || this.#end.signal.aborted || now() >= until) resolve();
      };
      this.#onProgress();
    });
  }

  #sinceBegan(): number {
    return this.#options.ports.now() - this.#beganAt;
  }
}
