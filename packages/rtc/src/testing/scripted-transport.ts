import { InterviewError, type InterviewErrorCode } from '../errors.ts';
import type { ConnectTransport, Transport, TransportOptions } from '../transport/transport.ts';

/**
 * Where an attempt to connect can fail, in their order.
 *
 * @example
 * transport.failAt('media');
 * await session.start({ consents: [] }); // throws media_timeout
 */
export type ScriptedStep = 'offer' | 'answer' | 'media' | 'channel';

/** What a real attempt tells when it fails there. */
const usualCodes: Readonly<Record<ScriptedStep, InterviewErrorCode>> = {
  offer: 'offer_timeout',
  answer: 'connection_failed',
  media: 'media_timeout',
  channel: 'channel_timeout',
};

/**
 * One call that a scripted transport made. Once it is over it tells the page nothing more, as a real one.
 *
 * @example
 * transport.call.say({ type: 'output_audio_buffer.started', response_id: 'r1' });
 */
export interface ScriptedCall {
  /** What the page sent to the provider. */
  readonly sent: object[];
  /** The microphone that the call has. */
  readonly track: MediaStreamTrack | null;
  /** The page hung up, or the call was lost. */
  readonly closed: boolean;
  /** Says something as the provider: an event, as an object or as text. @throws Error when the call is over */
  say(event: object | string): void;
  /** Lets the interviewer's voice come. */
  bringStream(stream: MediaStream): void;
  /** What the call's `getStats` gives; empty until it is set. */
  stats: RTCStatsReport;
  /** The connection hangs (true) or came back (false). While it hangs, another network means that it is lost. */
  trouble(hanging: boolean): void;
  /** Breaks the call off. */
  lose(cause?: string): void;
}

/**
 * A transport without a network: the test is the provider.
 *
 * @example
 * const transport = scriptedTransport();
 * new InterviewSession({ backend, ports: { connectTransport: transport.connect } });
 */
export interface ScriptedTransport {
  /** To be given as the port `connectTransport`. */
  readonly connect: ConnectTransport;
  /** Every call so far that was connected. */
  readonly calls: readonly ScriptedCall[];
  /** The call that was made last. @throws Error when there was none */
  readonly call: ScriptedCall;
  /** How often it was tried to connect, with or without success. */
  readonly attempts: number;
  /** Lets the next attempts fail with this error after the answer; null lets them pass again. */
  failWith(error: Error | null): void;
  /** Lets the next attempts fail in this step. @param error by default what a real attempt tells */
  failAt(step: ScriptedStep, error?: Error): void;
  /**
   * Keeps back the answers of this and the next attempts.
   *
   * @returns lets them through
   * @example
   * const release = transport.holdAnswer();
   * const starting = session.start({ consents: [] });
   * // Here the session is `connecting`.
   * release();
   * await starting;
   */
  holdAnswer(): () => void;
}

/**
 * Makes calls that exchange offer and answer as real ones do, and then do what the test says.
 *
 * @param offer the session description that is given to `exchange`
 * @example
 * const transport = scriptedTransport();
 * const session = new InterviewSession({ startUrl, invitation, ports: { connectTransport: transport.connect } });
 * await session.start({ consents: [] });
 * transport.call.say({ type: 'input_audio_buffer.speech_started', item_id: 'item_1', audio_start_ms: 0 });
 *
 * // What a lost call looks like, and a network that is not there yet:
 * transport.failAt('media');
 * transport.call.lose();
 */
export function scriptedTransport(offer = 'v=0\r\nscripted offer\r\n'): ScriptedTransport {
  const calls: Call[] = [];
  const script = new Script(offer);
  return {
    calls,
    get call(): ScriptedCall {
      const last = calls.at(-1);
      if (!last) throw new Error('No call was made.');
      return last;
    },
    get attempts(): number {
      return script.attempts;
    },
    failWith: (error) => {
      script.failure = error && { step: 'media', error };
    },
    failAt: (step, error = new InterviewError(usualCodes[step], `Scripted: no ${step}.`)) => {
      script.failure = { step, error };
    },
    holdAnswer: () => script.hold(),
    connect: async (options) => {
      const call = await script.play(options);
      calls.push(call);
      return call;
    },
  };
}

/** How attempts go. */
class Script {
  readonly #offer: string;
  attempts = 0;
  failure: { step: ScriptedStep; error: Error } | null = null;
  #answers: Promise<unknown> = Promise.resolve();

  constructor(offer: string) {
    this.#offer = offer;
  }

  hold(): () => void {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.#answers = promise;
    return () => resolve(undefined);
  }

  async play(options: TransportOptions): Promise<Call> {
    this.attempts += 1;
    const end = new AbortController();
    const signal = AbortSignal.any([options.signal, end.signal]);
    const over = Promise.withResolvers<never>();
    const giveUp = (): void => over.reject(new InterviewError('aborted', 'Given up.'));
    signal.addEventListener('abort', giveUp);
    if (signal.aborted) giveUp();
    const answered = async (): Promise<void> => {
      if (signal.aborted) return;
      this.#pass('offer');
      await options.exchange(this.#offer, signal);
      await this.#answers;
      for (const step of ['answer', 'media', 'channel'] as const) this.#pass(step);
    };
    try {
      const [track] = await Promise.race([over.promise, Promise.all([options.track, answered()])]);
      return new Call(options, track);
    } catch (error) {
      end.abort();
      throw error;
    }
  }

  #pass(step: ScriptedStep): void {
    if (this.failure?.step === step) throw this.failure.error;
  }
}

class Call implements ScriptedCall, Transport {
  readonly sent: object[] = [];
  stats: RTCStatsReport = new Map();
  readonly #options: TransportOptions;
  #track: MediaStreamTrack | null;
  #hanging = false;
  #over = false;

  constructor(options: TransportOptions, track: MediaStreamTrack | null) {
    this.#options = options;
    this.#track = track;
    options.signal.addEventListener('abort', () => this.close());
  }

  get track(): MediaStreamTrack | null {
    return this.#track;
  }

  get closed(): boolean {
    return this.#over;
  }

  say(event: object | string): void {
    if (this.#over) throw new Error('The call is over.');
    this.#options.handlers.onMessage(typeof event === 'string' ? event : JSON.stringify(event));
  }

  bringStream(stream: MediaStream): void {
    if (!this.#over) this.#options.handlers.onStream(stream);
  }

  trouble(hanging: boolean): void {
    this.#hanging = hanging;
    if (!this.#over) this.#options.handlers.onTrouble(hanging);
  }

  lose(cause = 'channel closed'): void {
    if (this.#over) return;
    this.#over = true;
    this.#options.handlers.onLost(cause);
  }

  send(event: object): boolean {
    if (!this.#over) this.sent.push(event);
    return !this.#over;
  }

  replaceTrack(track: MediaStreamTrack | null): Promise<void> {
    this.#track = track;
    return Promise.resolve();
  }

  getStats(): Promise<RTCStatsReport> {
    return Promise.resolve(this.stats);
  }

  networkChanged(): void {
    if (this.#hanging) this.lose('network changed');
  }

  close(): void {
    this.#over = true;
  }
}
