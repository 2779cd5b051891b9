import { expect } from 'chai';
import { Media } from './media.ts';

/** A microphone that hums at will: the browser's fake one only beeps now and then. */
function hum(context: AudioContext): { stream: MediaStream; gain: GainNode } {
  const oscillator = new OscillatorNode(context, { frequency: 220 });
  const gain = new GainNode(context, { gain: 0 });
  const destination = context.createMediaStreamDestination();
  oscillator.connect(gain).connect(destination);
  oscillator.start();
  return { stream: destination.stream, gain };
}

function until(fits: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (fits()) resolve();
      else requestAnimationFrame(look);
    };
    look();
  });
}

const handlers = { onMicrophoneLost: (): void => undefined, onDevices: (): void => undefined };
const ports = {
  mediaDevices: navigator.mediaDevices,
  createAudioContext: () => new AudioContext(),
  createAudio: () => new Audio(),
};

describe('Media in a browser', () => {
  let media: Media;
  afterEach(() => media.destroy());

  it('opens the microphone, names its device and frees it', async () => {
    media = new Media(ports, handlers, false);
    const track = await media.openMicrophone();
    expect(track.readyState).to.equal('live');
    expect(media.microphoneId).to.be.a('string');
    expect(track.getSettings().echoCancellation).to.equal(true);
    const { microphones } = await media.devices();
    expect(microphones.map(({ deviceId }) => deviceId)).to.include(media.microphoneId);
    media.closeMicrophone();
    expect(track.readyState).to.equal('ended');
    expect(media.track).to.equal(null);
  });

  it('mutes by silence, and keeps the mute for the next microphone', async () => {
    media = new Media(ports, handlers, false);
    media.muted = true;
    const first = await media.openMicrophone();
    expect(first.enabled).to.equal(false);
    const second = await media.openMicrophone();
    expect(first.readyState).to.equal('ended');
    expect(second.enabled).to.equal(false);
    media.muted = false;
    expect(second.enabled).to.equal(true);
  });

  it('shows how loud the candidate is', async () => {
    const context = new AudioContext();
    const { stream, gain } = hum(context);
    const mediaDevices = Object.assign(new EventTarget(), {
      getUserMedia: () => Promise.resolve(stream),
      enumerateDevices: () => Promise.resolve([]),
    }) as unknown as MediaDevices;
    media = new Media({ ...ports, mediaDevices }, handlers, false);
    await media.openMicrophone();
    await until(() => media.levels().candidate === 0);
    gain.gain.value = 0.5;
    await until(() => media.levels().candidate > 0.6);
    gain.gain.value = 0.01;
    await until(() => media.levels().candidate < 0.4 && media.levels().candidate > 0.05);
    media.muted = true;
    expect(media.levels().candidate).to.equal(0);
    await context.close();
  });

  it('plays the interviewer and shows how loud the voice is', async () => {
    const context = new AudioContext();
    const { stream, gain } = hum(context);
    media = new Media(ports, handlers, false);
    await media.openMicrophone();
    media.play(stream);
    expect(await media.playbackAllowed()).to.equal(true);
    gain.gain.value = 0.5;
    await until(() => media.levels().interviewer > 0.6);
    media.stopPlayback();
    expect(media.levels().interviewer).to.equal(0);
    await context.close();
  });

  it('tells when the browser wants a gesture first, and plays within one', async () => {
    const audio = new Audio();
    let gesture = false;
    audio.play = () =>
      gesture ? Promise.resolve() : Promise.reject(new DOMException('Click.', 'NotAllowedError'));
    media = new Media({ ...ports, createAudio: () => audio }, handlers, false);
    media.play(new MediaStream());
    expect(await media.playbackAllowed()).to.equal(false);
    const refused = await media.resumePlayback().catch((error: unknown) => error);
    expect(refused).to.have.property('code', 'playback_blocked');
    gesture = true;
    await media.resumePlayback();
    expect(await media.playbackAllowed()).to.equal(true);
  });

  it('tells when the microphone is taken away, but not when it is freed', async () => {
    let lost = 0;
    media = new Media(ports, { ...handlers, onMicrophoneLost: () => (lost += 1) }, false);
    const track = await media.openMicrophone();
    track.dispatchEvent(new Event('ended'));
    expect(lost).to.equal(1);
    media.closeMicrophone();
    expect(lost).to.equal(1);
  });
});
