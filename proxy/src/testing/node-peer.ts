import { Audio, PeerConnection, type DataChannel, type Track } from 'node-datachannel';

const PAYLOAD_TYPE = 111;
const SSRC = 4712;

/** A data channel as browsers have them. */
class NodeChannel extends EventTarget {
  readyState: 'connecting' | 'open' | 'closed' = 'connecting';
  readonly #channel: DataChannel;

  constructor(channel: DataChannel) {
    super();
    this.#channel = channel;
    channel.onOpen(() => {
      this.readyState = 'open';
      this.dispatchEvent(new Event('open'));
    });
    channel.onMessage((data) => this.dispatchEvent(new MessageEvent('message', { data })));
    channel.onClosed(() => {
      this.readyState = 'closed';
      this.dispatchEvent(new Event('close'));
    });
  }

  send(text: string): void {
    this.#channel.sendMessage(text);
  }

  close(): void {
    this.#channel.close();
  }
}

/** As much of `RTCPeerConnection` as a client needs that sends a microphone and opens a channel: real ICE, DTLS, SCTP. */
export class NodePeer {
  onconnectionstatechange: (() => void) | null = null;
  ontrack: ((event: unknown) => void) | null = null;
  connectionState = 'new';
  readonly #peer = new PeerConnection('page', { iceServers: [], disableAutoNegotiation: true });

  /** Held, since a track that is collected before its connection is closed can end the process. */
  readonly #tracks: Track[] = [];
  #closed = false;

  constructor() {
    this.#peer.onStateChange((state) => {
      this.connectionState = state;
      this.onconnectionstatechange?.();
    });
  }

  createDataChannel(label: string): NodeChannel {
    return new NodeChannel(this.#peer.createDataChannel(label));
  }

  addTrack(): void {
    const audio = new Audio('0', 'SendRecv');
    audio.addOpusCodec(PAYLOAD_TYPE);
    audio.addSSRC(SSRC, 'page', 'microphone', 'audio');
    this.#tracks.push(this.#peer.addTrack(audio));
  }

  getSenders(): [] {
    return [];
  }

  /** Without candidates, as a browser that posts at once. */
  async createOffer(): Promise<{ type: 'offer'; sdp: string }> {
    const gathered = new Promise<void>((resolve) =>
      this.#peer.onGatheringStateChange((state) => {
        if (state === 'complete') resolve();
      }),
    );
    this.#peer.setLocalDescription('offer');
    await gathered;
    const sdp = this.#peer.localDescription()?.sdp ?? '';
    return { type: 'offer', sdp: sdp.replace(/^a=candidate:.*\r?\n/gm, '') };
  }

  /** Was done when the offer was made. */
  setLocalDescription(): Promise<void> {
    return Promise.resolve();
  }

  setRemoteDescription({ sdp }: { sdp: string }): Promise<void> {
    this.#peer.setRemoteDescription(sdp, 'answer');
    return Promise.resolve();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#peer.close();
  }
}
