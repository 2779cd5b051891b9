import { DATA_CHANNEL_LABEL } from '@interview/protocol';
import { InterviewError, type InterviewErrorCode } from '../errors.ts';
import { watchPeer } from './peer-health.ts';
import type { ConnectTransport, Transport, TransportOptions } from './transport.ts';

/** How long each step may take, milliseconds. The answer's deadline is that of `exchange`. */
export interface WebRtcDeadlines {
  /** Making the offer: `offer_timeout`. */
  offer: number;
  /** From the answer until ICE and DTLS are connected: `media_timeout`. */
  media: number;
  /** From there until the channel is open: `channel_timeout`. */
  channel: number;
}

const usualDeadlines: WebRtcDeadlines = { offer: 5_000, media: 15_000, channel: 5_000 };

/**
 * Connects over WebRTC: the channel exists before the offer, the offer is sent without waiting for candidates (the
 * other side has public ones and learns ours), and nothing is negotiated twice.
 *
 * @param createPeer makes the peer connection; replaced in tests
 */
export function webRtcTransport(
  createPeer: () => RTCPeerConnection,
  deadlines: WebRtcDeadlines = usualDeadlines,
): ConnectTransport {
  return async (options) => {
    if (options.signal.aborted) throw givenUp();
    return new WebRtcAttempt(createPeer(), options).connect(deadlines);
  };
}

/** One attempt: one peer connection that lives as long as its signal allows. A retry is a new one. */
class WebRtcAttempt implements Transport {
  readonly #peer: RTCPeerConnection;
  readonly #channel: RTCDataChannel;
  readonly #sender: RTCRtpSender;
  readonly #options: TransportOptions;
  readonly #end = new AbortController();
  readonly #signal: AbortSignal;
  readonly networkChanged: () => void;
  #connected = false;

  constructor(peer: RTCPeerConnection, options: TransportOptions) {
    const { track, handlers } = options;
    this.#peer = peer;
    this.#options = options;
    this.#signal = AbortSignal.any([options.signal, this.#end.signal]);
    this.#signal.addEventListener('abort', () => peer.close());
    const known = isPromise(track) ? null : track;
    this.#sender = peer.addTransceiver(known ?? 'audio', { direction: 'sendrecv' }).sender;
    this.#channel = peer.createDataChannel(DATA_CHANNEL_LABEL);
    const listen = { signal: this.#signal };
    this.#channel.addEventListener('message', ({ data }) => handlers.onMessage(data), listen);
    peer.addEventListener(
      'track',
      ({ streams, track }) => handlers.onStream(streams[0] ?? new MediaStream([track])),
      listen,
    );
    this.networkChanged = watchPeer(
      peer,
      this.#channel,
      {
        onTrouble: (hanging) => handlers.onTrouble(hanging),
        onLost: (cause) => this.#lose(cause),
      },
      this.#signal,
    );
  }

  async connect(deadlines: WebRtcDeadlines): Promise<Transport> {
    const { signal, track } = this.#options;
    try {
      await Promise.all([
        this.#reach(deadlines),
        isPromise(track) && this.#step(track.then((own) => this.replaceTrack(own))),
      ]);
      this.#connected = true;
      return this;
    } catch (error) {
      this.close();
      throw signal.aborted ? givenUp(error) : InterviewError.from(error, 'connection_failed');
    }
  }

  send(event: object): boolean {
    // The channel still says «open» for a while after the end.
    if (this.#signal.aborted || this.#channel.readyState !== 'open') return false;
    this.#channel.send(JSON.stringify(event));
    return true;
  }

  async replaceTrack(track: MediaStreamTrack | null): Promise<void> {
    await this.#sender.replaceTrack(track);
  }

  getStats(): Promise<RTCStatsReport> {
    return this.#peer.getStats();
  }

  close(): void {
    this.#end.abort();
  }

  async #reach({ offer, media, channel }: WebRtcDeadlines): Promise<void> {
    const peer = this.#peer;
    const sdp = await this.#step(this.#makeOffer(), offer, 'offer_timeout');
    this.#signal.throwIfAborted();
    const answer = await this.#step(this.#options.exchange(sdp, this.#signal));
    const taken = peer.setRemoteDescription({ type: 'answer', sdp: answer });
    const connected = this.#when(
      peer,
      'connectionstatechange',
      () => peer.connectionState === 'connected',
    );
    await this.#step(Promise.all([taken, connected]), media, 'media_timeout');
    const open = this.#when(this.#channel, 'open', () => this.#channel.readyState === 'open');
    await this.#step(open, channel, 'channel_timeout');
  }

  async #makeOffer(): Promise<string> {
    await this.#peer.setLocalDescription();
    const sdp = this.#peer.localDescription?.sdp;
    if (sdp === undefined)
      throw new InterviewError('connection_failed', 'The browser made no offer.');
    return sdp;
  }

  /** The end that the other side or the network made: nothing is told after it. */
  #lose(cause: string): void {
    this.#end.abort(new InterviewError('connection_failed', cause));
    // Before that it is the attempt's error.
    if (this.#connected) this.#options.handlers.onLost(cause);
  }

  #when(target: EventTarget, event: string, fits: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const check = (): void => {
        if (fits()) resolve();
      };
      target.addEventListener(event, check, { signal: this.#signal });
      check();
    });
  }

  /** Waits for `work`, its deadline (milliseconds; none where it has its own) or the end, whichever comes first. */
  #step<T>(work: Promise<T>, deadlineMs?: number, late?: InterviewErrorCode): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const abort = (): void => reject(this.#signal.reason);
    const timer =
      late && setTimeout(() => reject(new InterviewError(late, `${deadlineMs} ms.`)), deadlineMs);
    this.#signal.addEventListener('abort', abort);
    if (this.#signal.aborted) abort();
    work.then(resolve, reject);
    return promise.finally(() => {
      clearTimeout(timer);
      this.#signal.removeEventListener('abort', abort);
    });
  }
}

function isPromise(track: TransportOptions['track']): track is Promise<MediaStreamTrack | null> {
  return track !== null && 'then' in track;
}

function givenUp(cause?: unknown): InterviewError {
  return new InterviewError('aborted', 'The attempt to connect was given up.', { cause });
}
