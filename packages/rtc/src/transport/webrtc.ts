import { DATA_CHANNEL_LABEL } from '@interview/protocol';
import { InterviewError } from '../errors.ts';
import { within } from '../within.ts';
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
    const { track, signal } = options;
    const attempt = open(createPeer(), options);
    const { transport } = attempt;
    try {
      await Promise.all([
        reach(attempt, options, deadlines),
        isPromise(track) &&
          within(
            track.then((own) => transport.replaceTrack(own)),
            undefined,
            'aborted',
            attempt.signal,
          ),
      ]);
      attempt.connected = true;
      return transport;
    } catch (error) {
      transport.close();
      throw signal.aborted ? givenUp(error) : InterviewError.from(error, 'connection_failed');
    }
  };
}

/** One attempt: one peer connection that lives as long as its signal allows. A retry is a new one. */
interface Attempt {
  readonly peer: RTCPeerConnection;
  readonly channel: RTCDataChannel;
  readonly signal: AbortSignal;
  readonly transport: Transport;
  connected: boolean;
}

function open(peer: RTCPeerConnection, options: TransportOptions): Attempt {
  const { track, handlers } = options;
  const end = new AbortController();
  const signal = AbortSignal.any([options.signal, end.signal]);
  signal.addEventListener('abort', () => peer.close());
  const known = isPromise(track) ? null : track;
  const { sender } = peer.addTransceiver(known ?? 'audio', { direction: 'sendrecv' });
  const channel = peer.createDataChannel(DATA_CHANNEL_LABEL);
  channel.addEventListener('message', ({ data }) => handlers.onMessage(data), { signal });
  peer.addEventListener(
    'track',
    ({ streams, track }) => handlers.onStream(streams[0] ?? new MediaStream([track])),
    { signal },
  );
  const onLost = (cause: string): void => {
    end.abort(new InterviewError('connection_failed', cause));
    // Before that it is the attempt's error.
    if (attempt.connected) handlers.onLost(cause);
  };
  const onTrouble = (hanging: boolean): void => handlers.onTrouble(hanging);
  const transport: Transport = {
    send: (event) => {
      // The channel still says «open» for a while after the end.
      const sent = !signal.aborted && channel.readyState === 'open';
      if (sent) channel.send(JSON.stringify(event));
      return sent;
    },
    replaceTrack: (next) => sender.replaceTrack(next),
    getStats: () => peer.getStats(),
    networkChanged: watchPeer(peer, channel, { onTrouble, onLost }, signal),
    close: () => end.abort(),
  };
  const attempt: Attempt = { peer, channel, signal, transport, connected: false };
  return attempt;
}

async function reach(
  { peer, channel, signal }: Attempt,
  options: TransportOptions,
  deadlines: WebRtcDeadlines,
): Promise<void> {
  const when = (target: EventTarget, event: string, fits: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const check = (): void => {
        if (fits()) resolve();
      };
      target.addEventListener(event, check, { signal });
      check();
    });
  await within(peer.setLocalDescription(), deadlines.offer, 'offer_timeout', signal);
  signal.throwIfAborted();
  const asked = options.exchange(peer.localDescription?.sdp ?? '', signal);
  const sdp = await within(asked, undefined, 'answer_timeout', signal);
  const connected = Promise.all([
    peer.setRemoteDescription({ type: 'answer', sdp }),
    when(peer, 'connectionstatechange', () => peer.connectionState === 'connected'),
  ]);
  await within(connected, deadlines.media, 'media_timeout', signal);
  const opened = when(channel, 'open', () => channel.readyState === 'open');
  await within(opened, deadlines.channel, 'channel_timeout', signal);
}

function isPromise(track: TransportOptions['track']): track is Promise<MediaStreamTrack | null> {
  return track !== null && 'then' in track;
}

function givenUp(cause?: unknown): InterviewError {
  return new InterviewError('aborted', undefined, { cause });
}
