import { randomInt } from 'node:crypto';
import { networkInterfaces } from 'node:os';
import { DATA_CHANNEL_LABEL } from '@interview/protocol';
import {
  Audio,
  PeerConnection,
  RtcpReceivingSession,
  type DataChannel,
  type RtcConfig,
  type Track,
} from 'node-datachannel';
import { RequestError } from '../request-error.ts';
import { invalidOffer, type Offer } from './offer.ts';
import { readRtp, RtpWriter, type RtpPacket } from './rtp.ts';

/** How long a peer may be unreachable before its call ends, milliseconds. */
const LOST_AFTER_MS = 20_000;
/** Gathering host candidates takes milliseconds; longer means that something is wrong. */
const GATHERING_DEADLINE_MS = 5_000;
/** Events kept for a channel that is not open yet. */
const MAX_KEPT_EVENTS = 1_000;

/** What a peer tells. */
export interface PeerEvents {
  channelOpen(): void;
  message(text: string): void;
  audio(packet: RtpPacket): void;
  /** Audio can be sent from now on. */
  audioOpen(): void;
  /** It is gone for good; once. */
  closed(): void;
}

/** The other end of a browser's peer connection. */
export class Peer {
  readonly #connection: PeerConnection;
  readonly #events: PeerEvents;
  readonly #track: Track;
  readonly #writer: RtpWriter;
  #channel: DataChannel | null = null;
  #kept: string[] = [];
  #lost: NodeJS.Timeout | null = null;
  #closed = false;

  constructor(offer: Offer, events: PeerEvents, config: { bindAddress?: string } = {}) {
    this.#events = events;
    const ssrc = randomInt(1, 0xffff_ffff);
    this.#writer = new RtpWriter(offer.opusPayloadType, ssrc);
    this.#connection = new PeerConnection('simulator', configure(config.bindAddress));
    this.#connection.onDataChannel(fromNative((channel) => this.#takeChannel(channel)));
    this.#connection.onStateChange(fromNative((state) => this.#stateChanged(state)));
    this.#takeOffer(offer.sdp);
    const audio = new Audio(offer.mid, offer.direction);
    audio.addOpusCodec(offer.opusPayloadType, 'minptime=10;useinbandfec=1');
    audio.addSSRC(ssrc, 'realtimeapi', 'realtimeapi', 'audio');
    this.#track = this.#connection.addTrack(audio);
    // Answers sender reports, so that the browser can tell its round-trip time and loss.
    this.#track.setMediaHandler(new RtcpReceivingSession());
    this.#track.onOpen(fromNative(() => events.audioOpen()));
    this.#track.onMessage(
      fromNative((bytes) => {
        const packet = readRtp(bytes);
        if (packet?.payloadType === offer.opusPayloadType) events.audio(packet);
      }),
    );
  }

  /** The answer, with its candidates. */
  async answer(): Promise<string> {
    const gathered = new Promise<void>((resolve, reject) => {
      const deadline = setTimeout(
        () => reject(new RequestError('server_error', 'No candidates.', { status: 500 })),
        GATHERING_DEADLINE_MS,
      );
      this.#connection.onGatheringStateChange((state) => {
        if (state !== 'complete') return;
        clearTimeout(deadline);
        resolve();
      });
    });
    this.#connection.setLocalDescription('answer');
    await gathered;
    const answer = this.#connection.localDescription();
    if (!answer) throw new RequestError('server_error', 'No answer.', { status: 500 });
    return answer.sdp;
  }

  /** Sends an event; before the channel opens it waits. */
  send(text: string): void {
    if (this.#closed) return;
    const channel = this.#channel;
    if (channel?.isOpen()) unlessGone(() => channel.sendMessage(text));
    else if (!channel && this.#kept.length < MAX_KEPT_EVENTS) this.#kept.push(text);
  }

  /** Sends 20 ms of sound. */
  sendAudio(frame: Uint8Array, marker: boolean): void {
    if (!this.#track.isOpen()) return;
    unlessGone(() => this.#track.sendMessageBinary(this.#writer.write(frame, marker)));
  }

  /** Closes the channel and leaves the media. */
  closeChannel(): void {
    this.#channel?.close();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    if (this.#lost) clearTimeout(this.#lost);
    this.#connection.close();
    this.#events.closed();
  }

  #takeOffer(sdp: string): void {
    try {
      this.#connection.setRemoteDescription(sdp, 'offer');
    } catch (error) {
      this.#closed = true;
      this.#connection.close();
      throw invalidOffer(error instanceof Error ? error.message : 'it could not be read.');
    }
  }

  #takeChannel(channel: DataChannel): void {
    if (channel.getLabel() !== DATA_CHANNEL_LABEL) return;
    channel.onMessage(
      fromNative((data) => this.#events.message(typeof data === 'string' ? data : '')),
    );
    const opened = (): void => {
      if (this.#channel) return;
      this.#channel = channel;
      this.#events.channelOpen();
      for (const text of this.#kept.splice(0)) this.send(text);
    };
    channel.onOpen(fromNative(opened));
    if (channel.isOpen()) opened();
  }

  #stateChanged(state: string): void {
    if (this.#lost) clearTimeout(this.#lost);
    this.#lost = null;
    if (this.#closed) return;
    if (state === 'closed' || state === 'failed') this.close();
    else if (state === 'disconnected') this.#lost = setTimeout(() => this.close(), LOST_AFTER_MS);
  }
}

/** What is thrown into native code aborts the process without a word; this way it is an uncaught error like any. */
function fromNative<T extends unknown[]>(callback: (...values: T) => void): (...values: T) => void {
  return (...values) => {
    try {
      callback(...values);
    } catch (error) {
      queueMicrotask(() => {
        throw error;
      });
    }
  };
}

/** Another thread may close what was open a moment ago; then there is no one to send to. */
function unlessGone(send: () => void): void {
  try {
    send();
  } catch {
    // The close is told by the connection's state.
  }
}

function configure(bindAddress = onlyLoopback() ? '127.0.0.1' : undefined): RtcConfig {
  return {
    iceServers: [],
    disableAutoNegotiation: true,
    ...(bindAddress === undefined ? {} : { bindAddress }),
  };
}

/** Host candidates leave loopback out, so a machine that has nothing else must be told to use it. */
function onlyLoopback(): boolean {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .every((address) => address.internal);
}
