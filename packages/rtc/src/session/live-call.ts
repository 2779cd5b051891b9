import type { CallId, OfferReason, ServerMessage } from '@interview/protocol';
import type { Decoder } from '../conversation/decoder.ts';
import { turnAfter } from '../conversation/turn.ts';
import { InterviewError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import type { Ports } from '../options.ts';
import type { Signaller } from '../signalling/signaller.ts';
import type { Assembler } from '../transcript/assembler.ts';
import type { Row } from '../transcript/revisions.ts';
import type { Transport } from '../transport/transport.ts';
import type { Turn } from '../events.ts';

type Answer = Extract<ServerMessage, { type: 'answer' }>;

/** How long the proxy may take to answer an offer, milliseconds: the provider's time is in it. */
const ANSWER_MS = 25_000;
/** How often an offer whose reply was lost is repeated, under the same id. */
const OFFER_ATTEMPTS = 3;
/** How long a call waits for the connection to the proxy to come back, milliseconds. */
const SOCKET_MS = 45_000;
const TICK_MS = 1_000;
/** How long the end waits to be told how much of the last line was heard, milliseconds. */
const HEARD_MS = 1_000;

/** What a call tells. */
export interface LiveCallHandlers {
  /** Lines or turn may have changed; `rows` are to be stored. */
  onRows(rows: Row[]): void;
  onTurn(next: (turn: Turn) => Turn): void;
  onRaw(event: unknown): void;
  onStream(stream: MediaStream): void;
  onTrouble(hanging: boolean): void;
  /** A call that was connected is gone. */
  onLost(cause: string): void;
}

/** What a call needs. */
export interface LiveCallOptions {
  ports: Pick<Ports, 'connectTransport' | 'now'>;
  signaller: Signaller;
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
  #transport: Transport | null = null;
  #answer: Answer | null = null;
  #assembler: Assembler | null = null;
  #beganAt = 0;
  #ticker: ReturnType<typeof setInterval> | undefined;
  /** Looks whether what is waited for is there. */
  #onProgress: (() => void) | null = null;

  constructor(options: LiveCallOptions) {
    this.#options = options;
    this.#signal = AbortSignal.any([options.signal, this.#end.signal]);
  }

  /** Our id of the call; null until it was answered. */
  get id(): CallId | null {
    return this.#answer?.call_id ?? null;
  }

  /** What the other side can do; null until it answered. */
  get capabilities(): Answer['capabilities'] | null {
    return this.#answer?.capabilities ?? null;
  }

  /** Connects. @throws InterviewError of the step that failed */
  async connect(
    track: MediaStreamTrack | null,
    offer: { writer_id: string; reason: OfferReason },
  ): Promise<void> {
    const { handlers, ports } = this.#options;
    this.#transport = await ports.connectTransport({
      track,
      signal: this.#signal,
      exchange: (sdp) => this.#exchange(sdp, offer),
      handlers: {
        onMessage: (data) => this.#take(data),
        onStream: (stream) => handlers.onStream(stream),
        onTrouble: (hanging) => this.#trouble(hanging),
        onLost: (cause) => handlers.onLost(cause),
      },
    });
    this.#ticker = setInterval(() => this.#tick(), TICK_MS);
  }

  /** Tells the proxy that the candidate hears: the talk may begin. */
  async begin(): Promise<void> {
    const call_id = this.id;
    if (!call_id) throw new InterviewError('invalid_state', 'The call was not answered.');
    await this.#options.signaller.request({ type: 'connected', call_id }, ANSWER_MS);
  }

  /** Takes open speech as a turn, where nobody on the other side does. */
  commitSpeech(): void {
    this.#transport?.send(this.#options.decoder.commitSpeech);
  }

  /** Exchanges the microphone. */
  async replaceTrack(track: MediaStreamTrack | null): Promise<void> {
    await this.#transport?.replaceTrack(track);
  }

  /** Resolves when every utterance has its place and text, or at the deadline (milliseconds). */
  async settled(deadlineMs: number): Promise<void> {
    await this.#until(() => (this.#assembler?.open ?? 0) === 0, deadlineMs);
    // The cut of the last line comes over the call, and may be behind the word to end.
    await this.#until(() => this.#assembler?.isHeard !== true, HEARD_MS);
  }

  /** Hangs up and closes what is open. */
  close(): void {
    if (this.#end.signal.aborted) return;
    clearInterval(this.#ticker);
    this.#transport?.close();
    this.#end.abort();
    this.#onProgress?.();
    if (this.#assembler) this.#options.handlers.onRows(this.#assembler.close());
  }

  async #exchange(sdp: string, offer: { writer_id: string; reason: OfferReason }): Promise<string> {
    const { signaller, ports, openTranscript } = this.#options;
    const id = signaller.newId();
    await signaller.whenReady(SOCKET_MS);
    const reply = await this.#offer({ type: 'offer', sdp, ...offer } as Offer, id);
    if (reply.type !== 'answer') {
      throw new InterviewError('offer_refused', `The proxy replied «${reply.type}» to an offer.`);
    }
    this.#answer = reply;
    this.#beganAt = ports.now();
    this.#assembler = openTranscript(reply.call_id, this.#beganAt);
    return reply.sdp;
  }

  /** Repeats an offer whose reply was lost: the same id never makes a second call. */
  async #offer(offer: Offer, id: string): Promise<ServerMessage> {
    const { signaller } = this.#options;
    for (let attempt = 1; ; attempt++) {
      try {
        return await signaller.request(offer, ANSWER_MS, id);
      } catch (error) {
        const lost = error instanceof InterviewError && error.code === 'proxy_unreachable';
        if (!lost || attempt === OFFER_ATTEMPTS || this.#signal.aborted) throw error;
        await signaller.whenReady(SOCKET_MS);
      }
    }
  }

  #take(data: unknown): void {
    const { decoder, handlers, logger } = this.#options;
    const { changes, raw, problem } = decoder.decode(data);
    handlers.onRaw(raw);
    if (problem !== null) logger.warn('An event of the provider was not understood.', { problem });
    if (changes.length === 0 || !this.#assembler) return;
    for (const change of changes) {
      if (change.kind === 'trouble') logger.warn('The provider reports a problem.', { ...change });
      handlers.onTurn((turn) => turnAfter(turn, change));
    }
    handlers.onRows(this.#assembler.apply(changes, this.#sinceBegan()));
    this.#onProgress?.();
  }

  #tick(): void {
    const rows = this.#assembler?.tick(this.#sinceBegan()) ?? [];
    if (rows.length > 0) this.#options.handlers.onRows(rows);
    this.#onProgress?.();
  }

  #until(fits: () => boolean, deadlineMs: number): Promise<void> {
    if (fits() || this.#end.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const finish = (): void => {
        clearTimeout(timer);
        this.#onProgress = null;
        resolve();
      };
      const timer = setTimeout(finish, deadlineMs);
      this.#onProgress = () => {
        if (fits() || this.#end.signal.aborted) finish();
      };
    });
  }

  #trouble(hanging: boolean): void {
    const call_id = this.id;
    if (hanging && call_id) this.#options.signaller.notify({ type: 'trouble', call_id, since: 0 });
    this.#options.handlers.onTrouble(hanging);
  }

  #sinceBegan(): number {
    return this.#options.ports.now() - this.#beganAt;
  }
}

type Offer = Extract<Parameters<Signaller['request']>[0], { type: 'offer' }>;
