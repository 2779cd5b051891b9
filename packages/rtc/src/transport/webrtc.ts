import { DATA_CHANNEL_LABEL } from '@interview/protocol';
import { InterviewError } from '../errors.ts';
import { watchPeer } from './peer-health.ts';
import type { ConnectTransport, Transport, TransportOptions } from './transport.ts';

/** How long each step may take, milliseconds. */
export interface WebRtcDeadlines {
  /** Making the offer. */
  offer: number;
  /** From the answer until media and channel are open. */
  connect: number;
}

const usualDeadlines: WebRtcDeadlines = { offer: 5_000, connect: 15_000 };

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
    const attempt = new WebRtcAttempt(createPeer(), options, deadlines);
    return attempt.connect();
  };
}

/** One attempt: one peer connection that lives as long as its signal allows. A retry is a new one. */
class WebRtcAttempt implements Transport {
  readonly #peer: RTCPeerConnection;
  readonly #channel: RTCDataChannel;
  readonly #sender: RTCRtpSender;
  readonly #options: TransportOptions;
  readonly #deadlines: WebRtcDeadlines;
  readonly #end = new AbortController();
  readonly #signal: AbortSignal;

  constructor(peer: RTCPeerConnection, options: TransportOptions, deadlines: WebRtcDeadlines) {
    this.#peer = peer;
    this.#options = options;
    this.#deadlines = deadlines;
    this.#signal = AbortSignal.any([options.signal, this.#end.signal]);
    this.#signal.addEventListener('abort', () => peer.close());
    const { sender } = peer.addTransceiver(options.track ?? 'audio', { direction: 'sendrecv' });
    this.#sender = sender;
    this.#channel = peer.createDataChannel(DATA_CHANNEL_LABEL);
    const listen = { signal: this.#signal };
    const { handlers } = options;
    this.#channel.addEventListener('message', ({ data }) => handlers.onMessage(data), listen);
    peer.addEventListener(
      'track',
      ({ streams, track }) => handlers.onStream(streams[0] ?? new MediaStream([track])),
      listen,
    );
  }

  async connect(): Promise<Transport> {
    try {
      this.#options.signal.throwIfAborted();
      const sdp = await this.#step('offer', this.#deadlines.offer, this.#makeOffer());
      const exchanged = this.#options.exchange(sdp, this.#signal);
      const answer = await this.#step('answer', null, exchanged);
      await this.#step('connect', this.#deadlines.connect, this.#takeAnswer(answer));
      watchPeer(this.#peer, this.#channel, this.#options.handlers, this.#signal);
      return this;
    } catch (error) {
      const { aborted } = this.#options.signal;
      this.close();
      throw aborted
        ? new InterviewError('aborted', 'The attempt to connect was given up.', { cause: error })
        : InterviewError.from(error, 'connection_failed');
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

  async #makeOffer(): Promise<string> {
    await this.#peer.setLocalDescription();
    const sdp = this.#peer.localDescription?.sdp;
    if (sdp === undefined)
      throw new InterviewError('connection_failed', 'The browser made no offer.');
    return sdp;
  }

  async #takeAnswer(sdp: string): Promise<void> {
    const connected = new Promise<void>((resolve, reject) => {
      const listen = { signal: this.#signal };
      const check = (): void => {
        const { connectionState: state } = this.#peer;
        if (state === 'failed')
          reject(
            new InterviewError(
              'connection_failed',
              'No way was found to the interviewer: the network may block calls.',
            ),
          );
        if (state === 'connected' && this.#channel.readyState === 'open') resolve();
      };
      this.#peer.addEventListener('connectionstatechange', check, listen);
      this.#channel.addEventListener('open', check, listen);
      this.#channel.addEventListener(
        'close',
        () => reject(new InterviewError('connection_failed', 'The interviewer closed the call.')),
        listen,
      );
    });
    await Promise.all([this.#peer.setRemoteDescription({ type: 'answer', sdp }), connected]);
  }

  /** Waits for `work`, its deadline (null where it has its own) or the end, whichever comes first. */
  #step<T>(name: string, deadlineMs: number | null, work: Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const late = (): void =>
        reject(new InterviewError('connection_failed', `The step «${name}» took too long.`));
      const timer = deadlineMs === null ? undefined : setTimeout(late, deadlineMs);
      const abort = (): void => reject(new InterviewError('aborted', `Ended during «${name}».`));
      this.#signal.addEventListener('abort', abort);
      work.then(resolve, reject).finally(() => {
        clearTimeout(timer);
        this.#signal.removeEventListener('abort', abort);
      });
    });
  }
}
