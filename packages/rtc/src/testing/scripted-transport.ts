import { InterviewError } from '../errors.ts';
import type { ConnectTransport, Transport, TransportOptions } from '../transport/transport.ts';

/** One call that a scripted transport made. */
export interface ScriptedCall {
  /** What the page sent to the provider. */
  readonly sent: object[];
  /** The microphone that the call has. */
  readonly track: MediaStreamTrack | null;
  /** The page hung up. */
  readonly closed: boolean;
  /** Says something as the provider: an event, as an object or as text. */
  say(event: object | string): void;
  /** What the call's `getStats` gives; empty until it is set. */
  stats: RTCStatsReport;
  /** Breaks the call off. */
  lose(cause?: string): void;
}

/** A transport without a network: the test is the provider. */
export interface ScriptedTransport {
  /** To be given as the port `connectTransport`. */
  readonly connect: ConnectTransport;
  /** Every call so far. */
  readonly calls: readonly ScriptedCall[];
  /** The call that was made last. @throws Error when there was none */
  readonly call: ScriptedCall;
  /** Lets the next attempts fail with this error; null lets them pass again. */
  failWith(error: Error | null): void;
}

/**
 * Makes calls that exchange offer and answer as real ones do, and then do what the test says.
 *
 * @example
 * const transport = scriptedTransport();
 * const session = new InterviewSession({ startUrl, invitation, ports: { connectTransport: transport.connect } });
 * await session.start({ consents: [] });
 * transport.call.say({ type: 'input_audio_buffer.speech_started', item_id: 'item_1', audio_start_ms: 0 });
 */
export function scriptedTransport(offer = 'v=0\r\nscripted offer\r\n'): ScriptedTransport {
  const calls: Call[] = [];
  let failure: Error | null = null;
  return {
    calls,
    get call(): ScriptedCall {
      const last = calls.at(-1);
      if (!last) throw new Error('No call was made.');
      return last;
    },
    failWith: (error) => {
      failure = error;
    },
    connect: async (options) => {
      await options.exchange(offer, options.signal).catch((error: unknown) => {
        // As a real attempt: once it was given up, that is what it tells.
        throw options.signal.aborted ? new InterviewError('aborted', 'Given up.') : error;
      });
      if (failure) throw failure;
      options.signal.throwIfAborted();
      const call = new Call(options);
      calls.push(call);
      return call;
    },
  };
}

class Call implements ScriptedCall, Transport {
  readonly sent: object[] = [];
  stats: RTCStatsReport = new Map();
  readonly #options: TransportOptions;
  #track: MediaStreamTrack | null;
  #over = false;

  constructor(options: TransportOptions) {
    this.#options = options;
    this.#track = options.track;
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

  lose(cause = 'channel closed'): void {
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

  close(): void {
    this.#over = true;
  }
}
