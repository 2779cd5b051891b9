import { Audio, PeerConnection, type DataChannel, type Track } from 'node-datachannel';
import { RtpWriter, readRtp } from '../peer/rtp.ts';
import { SILENCE_FRAME } from '../voice/opus-frames.ts';

const SSRC = 4711;
const PAYLOAD_TYPE = 111;

/** An event as it came. */
export interface ReceivedEvent {
  type: string;
  [field: string]: unknown;
}

/** Collects events and lets a test wait for one of them. */
export class EventLog {
  readonly all: ReceivedEvent[] = [];
  readonly #waiting = new Set<() => void>();

  take(text: string): void {
    this.all.push(JSON.parse(text) as ReceivedEvent);
    for (const look of this.#waiting) look();
  }

  get types(): string[] {
    return this.all.map((event) => event.type);
  }

  /** The first event at or after `from` that fits; `from` is an index in `all`. */
  next(
    type: string,
    from = 0,
    fits: (event: ReceivedEvent) => boolean = () => true,
  ): Promise<ReceivedEvent> {
    return new Promise((resolve, reject) => {
      const deadline = setTimeout(() => {
        this.#waiting.delete(look);
        reject(new Error(`No ${type} came; seen: ${this.types.slice(from).join(', ')}`));
      }, 12_000);
      const look = (): void => {
        const found = this.all.slice(from).find((event) => event.type === type && fits(event));
        if (!found) return;
        clearTimeout(deadline);
        this.#waiting.delete(look);
        resolve(found);
      };
      this.#waiting.add(look);
      look();
    });
  }
}

/** A candidate's browser, played by a second node-datachannel peer: real ICE, DTLS, SRTP and SCTP. */
export class Candidate {
  readonly events = new EventLog();
  /** Is told every message of the channel. */
  listener: (text: string) => void = () => undefined;
  readonly heard: Uint8Array[] = [];
  /** Settles when the other side closes the channel. */
  readonly channelClosed: Promise<void>;
  readonly #connection = new PeerConnection('candidate', {
    iceServers: [],
    disableAutoNegotiation: true,
  });
  readonly #track: Track;
  readonly #channel: DataChannel;
  readonly #writer = new RtpWriter(PAYLOAD_TYPE, SSRC);
  #speech: Uint8Array[] = [];
  readonly #listening = new Set<() => void>();
  #timer: NodeJS.Timeout | null = null;
  callId = '';

  constructor() {
    const audio = new Audio('0', 'SendRecv');
    audio.addOpusCodec(PAYLOAD_TYPE);
    audio.addSSRC(SSRC, 'candidate', 'microphone', 'audio');
    this.#track = this.#connection.addTrack(audio);
    this.#track.onMessage((bytes) => {
      const packet = readRtp(bytes);
      if (packet) this.heard.push(Uint8Array.from(packet.payload));
      for (const look of this.#listening) look();
    });
    this.#channel = this.#connection.createDataChannel('oai-events');
    this.channelClosed = new Promise((resolve) => this.#channel.onClosed(resolve));
    this.#channel.onMessage((data) => {
      const text = typeof data === 'string' ? data : '';
      this.events.take(text);
      this.listener(text);
    });
  }

  /** Offers, takes the answer and waits until both media and channel are open. */
  async join(url: string, session: Record<string, unknown>): Promise<void> {
    const form = new FormData();
    form.append('sdp', new Blob([await this.#offer()], { type: 'application/sdp' }));
    form.append('session', new Blob([JSON.stringify(session)], { type: 'application/json' }));
    const response = await fetch(`${url}/realtime/calls`, {
      method: 'POST',
      headers: { authorization: 'Bearer test' },
      body: form,
    });
    if (response.status !== 201) throw new Error(await response.text());
    this.callId = response.headers.get('location')?.split('/').at(-1) ?? '';
    const opened = new Promise<void>((resolve) => this.#channel.onOpen(resolve));
    this.#connection.setRemoteDescription(await response.text(), 'answer');
    await opened;
    await this.events.next('session.created');
    this.#startMicrophone();
  }

  send(event: Record<string, unknown>): void {
    this.#channel.sendMessage(JSON.stringify(event));
  }

  /** Says these frames after what is being said. */
  speak(frames: readonly Uint8Array[]): void {
    this.#speech.push(...frames);
  }

  /** Waits until so many packets of sound were heard in all. */
  hears(packets: number): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (this.heard.length < packets) return;
        this.#listening.delete(look);
        resolve();
      };
      this.#listening.add(look);
      look();
    });
  }

  leave(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
    this.#connection.close();
  }

  /**
   * Without candidates, as a browser that posts at once or hides its addresses. It must be so here: libdatachannel
   * fails the handshake now and then when checks reach it before it has stored the answer's fingerprint.
   */
  async #offer(): Promise<string> {
    const gathered = new Promise<void>((resolve) =>
      this.#connection.onGatheringStateChange((state) => {
        if (state === 'complete') resolve();
      }),
    );
    this.#connection.setLocalDescription('offer');
    await gathered;
    return (this.#connection.localDescription()?.sdp ?? '').replace(/^a=candidate:.*\r?\n/gm, '');
  }

  #startMicrophone(): void {
    const beganAt = performance.now();
    let sent = 0;
    this.#timer = setInterval(() => {
      while (sent * 20 <= performance.now() - beganAt && this.#track.isOpen()) {
        sent += 1;
        this.#track.sendMessageBinary(
          this.#writer.write(this.#speech.shift() ?? SILENCE_FRAME, false),
        );
      }
    }, 10);
  }
}
