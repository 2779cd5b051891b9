import { expect } from 'chai';
import { silentLogger } from '../logger.ts';
import { LevelMeter } from '../media/level.ts';
import { Media } from '../media/media.ts';
import { browserPorts, deafHandlers, until } from '../media/testing/surroundings.ts';
import type { SessionContext } from './context.ts';
import { mute, replaceLostMicrophone, unmute, useMicrophone } from './devices.ts';
import { View } from './view.ts';

/** Two ends of one call inside this page, and what the far one hears. */
async function callItself(): Promise<{
  sender: RTCRtpSender;
  heard: LevelMeter;
  negotiations: () => number;
  close: () => void;
}> {
  const near = new RTCPeerConnection();
  const far = new RTCPeerConnection();
  let negotiations = 0;
  near.addEventListener('negotiationneeded', () => (negotiations += 1));
  near.addEventListener('icecandidate', ({ candidate }) => void far.addIceCandidate(candidate));
  far.addEventListener('icecandidate', ({ candidate }) => void near.addIceCandidate(candidate));
  const { sender } = near.addTransceiver('audio', { direction: 'sendrecv' });
  const stream = new Promise<MediaStream>((resolve) => {
    far.addEventListener('track', ({ track }) => resolve(new MediaStream([track])));
  });
  await near.setLocalDescription();
  await far.setRemoteDescription(near.localDescription as RTCSessionDescription);
  await far.setLocalDescription();
  await near.setRemoteDescription(far.localDescription as RTCSessionDescription);
  await until(() => near.connectionState === 'connected');
  const context = new AudioContext();
  const audio = new Audio();
  audio.srcObject = await stream;
  audio.muted = true;
  await audio.play();
  const heard = new LevelMeter(context, await stream);
  negotiations = 0;
  const close = (): void => {
    audio.srcObject = null;
    near.close();
    far.close();
    void context.close();
  };
  return { sender, heard, negotiations: () => negotiations, close };
}

describe('a microphone in a call', () => {
  let call: Awaited<ReturnType<typeof callItself>>;
  let media: Media;
  let context: SessionContext;
  let told: [string, unknown][];
  /** What getUserMedia fails with, as after a revoked permission. */
  let refusal: DOMException | null;

  beforeEach(async () => {
    call = await callItself();
    told = [];
    refusal = null;
    const devices = navigator.mediaDevices;
    const mediaDevices = Object.assign(new EventTarget(), {
      enumerateDevices: () => devices.enumerateDevices(),
      getUserMedia: (wanted: MediaStreamConstraints) =>
        refusal ? Promise.reject(refusal) : devices.getUserMedia(wanted),
    }) as unknown as MediaDevices;
    const tell = (name: string, payload: unknown): number => told.push([name, payload]);
    media = new Media(
      browserPorts({ mediaDevices }),
      {
        ...deafHandlers,
        onMicrophoneLost: () => void replaceLostMicrophone(context),
        onDevices: () => tell('devices', media.microphoneId),
      },
      false,
    );
    const replaceTrack = (track: MediaStreamTrack | null): Promise<void> =>
      call.sender.replaceTrack(track);
    context = {
      media,
      tell,
      logger: silentLogger,
      view: new View(tell, () => []),
      call: { replaceTrack },
    } as unknown as SessionContext;
  });
  afterEach(() => {
    media.destroy();
    call.close();
  });

  const beep = (): Promise<void> => until(() => call.heard.read() > 0.3);
  const of = (name: string): unknown[] => told.filter(([one]) => one === name).map(([, it]) => it);

  it('is exchanged without a new offer', async () => {
    await useMicrophone(context);
    await beep();
    const { microphones } = await media.devices();
    const other = microphones.find(({ deviceId }) => deviceId !== media.microphoneId);
    const first = media.track;
    await useMicrophone(context, other?.deviceId);
    expect(first?.readyState).to.equal('ended');
    expect(call.sender.track).to.equal(media.track);
    expect(media.microphoneId).to.equal(other?.deviceId);
    await beep();
    expect(call.negotiations()).to.equal(0);
  });

  it('is replaced when it is pulled out', async () => {
    await useMicrophone(context);
    const first = media.track;
    first?.dispatchEvent(new Event('ended'));
    await until(() => call.sender.track !== first);
    expect(call.sender.track?.readyState).to.equal('live');
    await until(() => of('devices').at(-1) === media.microphoneId);
    await beep();
  });

  it('leaves the call in silence when its permission is taken back, until it is given again', async () => {
    await useMicrophone(context);
    refusal = new DOMException('Permission denied', 'NotAllowedError');
    media.track?.dispatchEvent(new Event('ended'));
    await until(() => of('error').length > 0);
    expect(context.view.error).to.have.property('code', 'microphone_denied');
    expect(call.sender.track).to.equal(null);
    refusal = null;
    await useMicrophone(context);
    await beep();
    expect(context.view.error).to.equal(null);
  });

  it('is freed by a hard mute, and speaks again after it', async () => {
    await useMicrophone(context);
    const first = media.track;
    const device = media.microphoneId;
    const muting = mute(context, { release: true });
    expect(first?.readyState).to.equal('ended');
    await muting;
    expect(call.sender.track).to.equal(null);
    await unmute(context);
    expect(media.microphoneId).to.equal(device);
    await beep();
  });
});
