import { expect } from 'chai';
import { Media } from './media.ts';
import { browserPorts, deafHandlers, hum, until } from './testing/surroundings.ts';

/** Devices whose one microphone is `stream`. */
function devicesOf(stream: () => Promise<MediaStream>): MediaDevices {
  return Object.assign(new EventTarget(), {
    getUserMedia: stream,
    enumerateDevices: () => Promise.resolve([]),
  }) as unknown as MediaDevices;
}

describe('Media in a browser', () => {
  let media: Media;
  afterEach(() => media.destroy());

  it('touches nothing before it is used', () => {
    const refuse = (): never => {
      throw new Error('touched');
    };
    const ports = browserPorts({
      createAudio: refuse,
      createAudioContext: refuse,
      onPage: refuse,
      mediaDevices: new Proxy({} as MediaDevices, { get: refuse }),
    });
    media = new Media(ports, deafHandlers, false);
    expect(media.levels()).to.deep.equal({ candidate: 0, interviewer: 0 });
    expect([media.track, media.microphoneId, media.speakerId]).to.deep.equal([null, null, null]);
  });

  it('opens the microphone, names its device and frees it', async () => {
    media = new Media(browserPorts(), deafHandlers, false);
    const track = await media.openMicrophone();
    expect(track.readyState).to.equal('live');
    expect(media.microphoneId).to.be.a('string');
    const settings = track.getSettings();
    expect(settings.echoCancellation).to.equal(true);
    expect(settings.noiseSuppression).to.equal(true);
    expect(settings.autoGainControl).to.equal(true);
    const { microphones } = await media.devices();
    expect(microphones.map(({ deviceId }) => deviceId)).to.include(media.microphoneId);
    media.closeMicrophone();
    expect(track.readyState).to.equal('ended');
    expect(media.track).to.equal(null);
  });

  it('hears the browser’s own microphone', async () => {
    media = new Media(browserPorts(), deafHandlers, false);
    await media.openMicrophone();
    // The fake device beeps once a second.
    await until(() => media.levels().candidate > 0.3);
    await until(() => media.levels().candidate < 0.3);
  });

  it('takes the device that was chosen, and wishes for it later', async () => {
    const kept = new Map<string, string>();
    const localStorage = {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => kept.set(key, value),
    } as unknown as Storage;
    media = new Media(browserPorts({ localStorage }), deafHandlers, false);
    await media.openMicrophone();
    const { microphones } = await media.devices();
    const other = microphones.find(({ deviceId }) => deviceId !== media.microphoneId);
    expect(other, 'the fake device has several microphones').to.not.equal(undefined);
    await media.openMicrophone({ deviceId: other?.deviceId });
    expect(media.microphoneId).to.equal(other?.deviceId);
    media.destroy();
    media = new Media(browserPorts({ localStorage }), deafHandlers, false);
    await media.openMicrophone();
    expect(media.microphoneId).to.equal(other?.deviceId);
    media.destroy();
    kept.set('interview-room:microphone', 'a device that is gone');
    media = new Media(browserPorts({ localStorage }), deafHandlers, false);
    expect((await media.openMicrophone()).readyState).to.equal('live');
    const refused = await media
      .openMicrophone({ deviceId: 'a device that is gone' })
      .catch((error: unknown) => error);
    expect(refused).to.have.property('code', 'microphone_missing');
  });

  it('mutes by silence, and keeps the mute for the next microphone', async () => {
    media = new Media(browserPorts(), deafHandlers, false);
    media.muted = true;
    const first = await media.openMicrophone();
    expect(first.enabled).to.equal(false);
    const second = await media.openMicrophone();
    expect(first.readyState).to.equal('ended');
    expect(second.enabled).to.equal(false);
    media.muted = false;
    expect(second.enabled).to.equal(true);
    media.held = true;
    expect(second.enabled).to.equal(false);
  });

  it('shows how loud the candidate is', async () => {
    const context = new AudioContext();
    const { stream, gain } = hum(context);
    const mediaDevices = devicesOf(() => Promise.resolve(stream));
    media = new Media(browserPorts({ mediaDevices }), deafHandlers, false);
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

  it('tells when the microphone is taken away, but not when it is freed', async () => {
    let lost = 0;
    media = new Media(
      browserPorts(),
      { ...deafHandlers, onMicrophoneLost: () => (lost += 1) },
      false,
    );
    const track = await media.openMicrophone();
    track.dispatchEvent(new Event('ended'));
    expect(lost).to.equal(1);
    media.closeMicrophone();
    expect(lost).to.equal(1);
  });

  it('leaves no live track when it is given up while the browser asks', async () => {
    const given = await navigator.mediaDevices.getUserMedia({ audio: true });
    for (const giveUp of [
      (abort: AbortController) => abort.abort(),
      () => media.closeMicrophone(),
      () => media.release(),
      () => media.destroy(),
    ]) {
      const answer = Promise.withResolvers<MediaStream>();
      const mediaDevices = devicesOf(() => answer.promise);
      media = new Media(browserPorts({ mediaDevices }), deafHandlers, false);
      const abort = new AbortController();
      const opening = media.openMicrophone({ signal: abort.signal }).catch((e: unknown) => e);
      giveUp(abort);
      expect(await opening).to.have.property('code', 'aborted');
      const late = given.clone();
      answer.resolve(late);
      await answer.promise;
      await Promise.resolve();
      expect(media.track).to.equal(null);
      expect(late.getTracks()[0]?.readyState).to.equal('ended');
    }
    for (const track of given.getTracks()) track.stop();
  });

  for (const way of ['destroy', 'release'] as const) {
    it(`leaves no context, track, element or listener by ${way}`, async () => {
      const contexts: AudioContext[] = [];
      const audios: HTMLAudioElement[] = [];
      const signals: AbortSignal[] = [];
      const ports = browserPorts({
        createAudioContext: () => {
          const context = new AudioContext();
          contexts.push(context);
          return context;
        },
        createAudio: () => {
          const audio = new Audio();
          audios.push(audio);
          return audio;
        },
        onPage: (_signal, _listener, until) => signals.push(until),
      });
      media = new Media(ports, deafHandlers, false);
      media.unlock();
      const track = await media.openMicrophone();
      const remote = new AudioContext();
      media.play(hum(remote).stream);
      const testing = media.testSpeaker();
      await media.practice();
      media[way]();
      await testing;
      expect(track.readyState).to.equal('ended');
      await until(() => contexts.every(({ state }) => state === 'closed'));
      expect(contexts).to.have.length(1);
      expect(audios.map(({ srcObject }) => srcObject)).to.deep.equal(audios.map(() => null));
      expect(audios.map(({ paused }) => paused)).to.deep.equal(audios.map(() => true));
      expect(signals.filter(({ aborted }) => !aborted)).to.deep.equal([]);
      expect(media.levels()).to.deep.equal({ candidate: 0, interviewer: 0 });
      await remote.close();
      if (way === 'destroy') {
        const refused = await media.openMicrophone().catch((error: unknown) => error);
        expect(refused).to.have.property('code', 'aborted');
        media.unlock();
        expect(contexts).to.have.length(1);
      } else {
        expect((await media.openMicrophone()).readyState).to.equal('live');
        expect(contexts.map(({ state }) => state === 'closed')).to.deep.equal([true, false]);
      }
    });
  }
});
