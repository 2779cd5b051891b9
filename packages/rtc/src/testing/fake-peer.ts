/** A data channel without a network. It goes on telling after it was closed, as a late task of the browser would. */
export class FakeChannel extends EventTarget {
  readonly sent: string[] = [];
  readyState: RTCDataChannelState = 'connecting';

  send(text: string): void {
    this.sent.push(text);
  }

  /** The other side accepts it. */
  open(): void {
    this.readyState = 'open';
    this.dispatchEvent(new Event('open'));
  }

  say(data: unknown): void {
    this.dispatchEvent(Object.assign(new Event('message'), { data }));
  }

  /** The other side closes it. */
  close(): void {
    this.readyState = 'closed';
    this.dispatchEvent(new Event('close'));
  }
}

/** A peer connection without a network: the test says what its states are, also after it was closed. */
export class FakePeer extends EventTarget {
  readonly channel = new FakeChannel();
  /** The microphone that the transceiver was made with, and those that came later. */
  readonly tracks: unknown[] = [];
  connectionState: RTCPeerConnectionState = 'new';
  localDescription: { sdp: string } | null = null;
  remoteDescription: { sdp: string } | null = null;
  closed = false;
  /** Resolves when the browser has made the offer. */
  offered: Promise<void> = Promise.resolve();

  /** This, as what it stands for. */
  get asPeer(): RTCPeerConnection {
    return this as unknown as RTCPeerConnection;
  }

  get asChannel(): RTCDataChannel {
    return this.channel as unknown as RTCDataChannel;
  }

  addTransceiver(track: unknown): object {
    this.tracks.push(track);
    const replaceTrack = (next: unknown): Promise<void> => {
      this.tracks.push(next);
      return Promise.resolve();
    };
    return { sender: { replaceTrack } };
  }

  createDataChannel(): FakeChannel {
    return this.channel;
  }

  async setLocalDescription(): Promise<void> {
    await this.offered;
    this.localDescription = { sdp: 'offer' };
  }

  setRemoteDescription(answer: { sdp: string }): Promise<void> {
    this.remoteDescription = answer;
    return Promise.resolve();
  }

  become(state: RTCPeerConnectionState): void {
    this.connectionState = state;
    this.dispatchEvent(new Event('connectionstatechange'));
  }

  /** The interviewer's voice comes. */
  bringStream(stream: object): void {
    this.dispatchEvent(Object.assign(new Event('track'), { streams: [stream], track: {} }));
  }

  close(): void {
    this.closed = true;
  }
}
