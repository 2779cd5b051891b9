import { expect } from 'chai';
import { InterviewError } from '../errors.ts';
import type { Transport, TransportHandlers, TransportOptions } from './transport.ts';
import { webRtcTransport } from './webrtc.ts';

/** A peer in the same page that answers as the provider does: its candidates in the answer, no trickle. */
class Provider {
  readonly peer = new RTCPeerConnection();
  readonly heard: string[] = [];
  /** The channel that the offer had. */
  readonly channel = new Promise<RTCDataChannel>((resolve) => {
    this.peer.addEventListener('datachannel', ({ channel }) => {
      channel.addEventListener('message', ({ data }) => this.heard.push(String(data)));
      resolve(channel);
    });
  });
  offer = '';

  async answer(sdp: string): Promise<string> {
    this.offer = sdp;
    await this.peer.setRemoteDescription({ type: 'offer', sdp });
    const voice = new AudioContext().createMediaStreamDestination().stream;
    for (const track of voice.getTracks()) this.peer.addTrack(track, voice);
    await this.peer.setLocalDescription();
    if (this.peer.iceGatheringState !== 'complete') {
      await new Promise<void>((resolve) => {
        this.peer.addEventListener('icegatheringstatechange', () => {
          if (this.peer.iceGatheringState === 'complete') resolve();
        });
      });
    }
    return this.peer.localDescription?.sdp ?? '';
  }

  async say(text: string): Promise<void> {
    (await this.channel).send(text);
  }

  async hangUp(): Promise<void> {
    (await this.channel).close();
  }
}

class Told implements TransportHandlers {
  readonly messages: unknown[] = [];
  readonly streams: MediaStream[] = [];
  readonly lost: string[] = [];
  #waiting: (() => void)[] = [];

  onMessage(data: unknown): void {
    this.messages.push(data);
    this.#wake();
  }
  onStream(stream: MediaStream): void {
    this.streams.push(stream);
    this.#wake();
  }
  onTrouble(): void {
    this.#wake();
  }
  onLost(cause: string): void {
    this.lost.push(cause);
    this.#wake();
  }

  async until(fits: () => boolean): Promise<void> {
    while (!fits()) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }
}

/** Waits until the call has sent packets of this track. */
async function untilSent(transport: Transport, id: string): Promise<void> {
  for (;;) {
    const stats = [...((await transport.getStats()) as Iterable<[string, RTCStats]> & object)];
    const all = stats.map(([, stat]) => stat as RTCStats & Record<string, unknown>);
    const source = all.find(
      (stat) => stat['trackIdentifier'] === id && stat.type === 'media-source',
    );
    if (
      source &&
      all.some((stat) => stat.type === 'outbound-rtp' && Number(stat['packetsSent']) > 5)
    )
      return;
  }
}

describe('webRtcTransport', () => {
  const usual = { offer: 5_000, media: 15_000, channel: 5_000 };
  let provider: Provider;
  let told: Told;
  let track: MediaStreamTrack;
  let abort: AbortController;
  let peers: RTCPeerConnection[];

  beforeEach(async () => {
    provider = new Provider();
    told = new Told();
    abort = new AbortController();
    peers = [];
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    const [first] = stream.getAudioTracks();
    if (!first) throw new Error('The browser has no fake microphone.');
    track = first;
  });
  afterEach(() => {
    abort.abort();
    provider.peer.close();
    track.stop();
  });

  const connect = (
    options: Partial<TransportOptions> = {},
    deadlines = usual,
  ): Promise<Transport> => {
    const attempt = webRtcTransport(() => {
      const peer = new RTCPeerConnection();
      peers.push(peer);
      return peer;
    }, deadlines);
    const exchange = (sdp: string): Promise<string> => provider.answer(sdp);
    return attempt({ track, exchange, handlers: told, signal: abort.signal, ...options });
  };

  const failure = async (attempt: Promise<Transport>): Promise<InterviewError> => {
    const error = await attempt.then(
      () => null,
      (reason: unknown) => reason,
    );
    if (error instanceof InterviewError) return error;
    throw new Error('The attempt did not fail as it should.');
  };

  it('connects, speaks both ways over a channel that was in the offer, and brings the voice', async () => {
    const transport = await connect();
    expect((await provider.channel).label).to.equal('oai-events');
    expect(provider.offer).to.match(/m=audio[\s\S]*a=sendrecv/);
    expect(provider.offer).to.contain('m=application');
    expect(transport.send({ type: 'response.create' })).to.equal(true);
    await provider.say('{"type":"session.created"}');
    await told.until(() => told.messages.length === 1 && told.streams.length === 1);
    expect(told.messages).to.deep.equal(['{"type":"session.created"}']);
    expect(told.streams[0]?.getAudioTracks()).to.have.length(1);
  });

  it('does not wait for candidates before it sends the offer', async () => {
    await connect();
    expect(provider.offer).not.to.contain('a=candidate');
  });

  it('asks for no microphone in a written interview, and takes one later without a new offer', async () => {
    const transport = await connect({ track: null });
    expect(provider.offer).to.match(/m=audio[\s\S]*a=sendrecv/);
    await transport.replaceTrack(track);
    const [peer] = peers;
    expect(peer?.getSenders().map((sender) => sender.track?.id)).to.include(track.id);
    expect(peer?.signalingState).to.equal('stable');
  });

  it('sends the voice of a microphone that came while the offer was on its way', async () => {
    const microphone = Promise.withResolvers<MediaStreamTrack>();
    const transport = await connect({
      track: microphone.promise,
      exchange: (sdp) => {
        expect(peers[0]?.signalingState).to.equal('have-local-offer');
        microphone.resolve(track);
        return provider.answer(sdp);
      },
    });
    expect(provider.offer).to.match(/m=audio[\s\S]*a=sendrecv/);
    await untilSent(transport, track.id);
  });

  it('sends the voice of a microphone that came after everything else, without a new offer', async () => {
    const microphone = Promise.withResolvers<MediaStreamTrack>();
    const connecting = connect({ track: microphone.promise });
    await provider.channel;
    microphone.resolve(track);
    await untilSent(await connecting, track.id);
    expect(peers[0]?.signalingState).to.equal('stable');
  });

  it('fails as the microphone did, and hangs up', async () => {
    const denied = new InterviewError('microphone_denied', 'No.');
    const error = await failure(connect({ track: Promise.reject(denied) }));
    expect(error).to.equal(denied);
    expect(peers[0]?.connectionState).to.equal('closed');
  });

  it('tells once that the provider hung up', async () => {
    await connect();
    await provider.hangUp();
    await told.until(() => told.lost.length > 0);
    expect(told.lost).to.deep.equal(['channel closed']);
  });

  it('hangs up without calling that a loss, leaves the microphone alone, and sends nothing more', async () => {
    const transport = await connect();
    transport.close();
    transport.close();
    expect(peers[0]?.connectionState).to.equal('closed');
    expect(transport.send({ type: 'response.create' })).to.equal(false);
    expect(track.readyState).to.equal('live');
    expect(told.lost).to.deep.equal([]);
  });

  it('fails with media_timeout when nobody is where the answer points to', async () => {
    const elsewhere = async (sdp: string): Promise<string> => {
      const answer = await provider.answer(sdp);
      provider.peer.close();
      return answer;
    };
    const error = await failure(connect({ exchange: elsewhere }, { ...usual, media: 300 }));
    expect(error.code).to.equal('media_timeout');
    expect(peers[0]?.connectionState).to.equal('closed');
  });

  it('fails with channel_timeout when media flow and nobody opens the channel', async () => {
    const onlyPromised = async (sdp: string): Promise<string> => {
      const answer = await provider.answer(sdp.replace('m=application 9', 'm=application 0'));
      const shared = answer.match(/a=(ice-ufrag|ice-pwd|fingerprint|setup):.*/g) ?? [];
      return answer
        .replace(/a=group:BUNDLE .*/, 'a=group:BUNDLE 0 1')
        .replace('m=application 0', 'm=application 9')
        .replace('a=mid:1', ['a=mid:1', ...shared, 'a=sctp-port:5000'].join('\r\n'));
    };
    const error = await failure(connect({ exchange: onlyPromised }, { ...usual, channel: 300 }));
    expect(error.code).to.equal('channel_timeout');
    expect(peers[0]?.connectionState).to.equal('closed');
  });

  it('hands on why the offer was refused', async () => {
    const refused = new InterviewError('offer_refused', 'No.');
    const error = await failure(connect({ exchange: () => Promise.reject(refused) }));
    expect(error).to.equal(refused);
    expect(peers[0]?.connectionState).to.equal('closed');
  });

  it('fails when the answer is none', async () => {
    const error = await failure(connect({ exchange: () => Promise.resolve('<html>') }));
    expect(error.code).to.equal('connection_failed');
    expect(error.cause).to.be.instanceOf(Error);
  });

  it('is no part of the attempt that follows it', async () => {
    const old = await connect();
    const [oldProvider, oldTold] = [provider, told];
    provider = new Provider();
    told = new Told();
    old.close();
    await connect();
    await provider.say('new');
    await told.until(() => told.messages.length > 0 && told.streams.length > 0);
    await oldProvider.say('late').catch(() => undefined);
    oldProvider.peer.close();
    expect(oldTold.messages).to.deep.equal([]);
    expect([...oldTold.lost, ...told.lost]).to.deep.equal([]);
    expect(told.messages).to.deep.equal(['new']);
  });

  it('stops in any step when it is given up', async () => {
    const never = (): Promise<string> => {
      queueMicrotask(() => abort.abort());
      return new Promise<string>(() => undefined);
    };
    const error = await failure(connect({ exchange: never }));
    expect(error.code).to.equal('aborted');
    expect(peers[0]?.connectionState).to.equal('closed');
  });
});
