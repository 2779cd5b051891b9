import { expect } from 'chai';
import { LevelMeter } from './level.ts';
import { Media } from './media.ts';
import { browserPorts, deafHandlers, FakePage, hum, until } from './testing/surroundings.ts';

const outcome = (work: Promise<unknown>): Promise<unknown> => work.catch((error: unknown) => error);

describe('playback in a browser', () => {
  let media: Media;
  let audios: HTMLAudioElement[];
  let prepare: (audio: HTMLAudioElement) => void;
  const createAudio = (): HTMLAudioElement => {
    const audio = new Audio();
    prepare(audio);
    audios.push(audio);
    return audio;
  };
  beforeEach(() => {
    audios = [];
    prepare = () => undefined;
  });
  afterEach(() => media.destroy());

  it('plays the interviewer and shows how loud the voice is', async () => {
    const context = new AudioContext();
    const { stream, gain } = hum(context);
    media = new Media(browserPorts(), deafHandlers, false);
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
    let gesture = false;
    prepare = (audio) => {
      audio.play = () =>
        gesture ? Promise.resolve() : Promise.reject(new DOMException('Click.', 'NotAllowedError'));
    };
    media = new Media(browserPorts({ createAudio }), deafHandlers, false);
    media.play(new MediaStream());
    expect(await media.playbackAllowed()).to.equal(false);
    expect(await outcome(media.resumePlayback())).to.have.property('code', 'playback_blocked');
    gesture = true;
    await media.resumePlayback();
    expect(await media.playbackAllowed()).to.equal(true);
  });

  it('plays on after the system paused it, and not once it was stopped', async () => {
    const context = new AudioContext();
    const { stream } = hum(context);
    media = new Media(browserPorts({ createAudio }), deafHandlers, false);
    media.play(stream);
    await until(() => audios[0]?.paused === false);
    audios[0]?.pause();
    await until(() => audios[0]?.paused === false);
    media.stopPlayback();
    await until(() => audios[0]?.paused === true);
    expect(audios[0]?.srcObject).to.equal(null);
    await context.close();
  });

  it('tells when the system paused it and wants a gesture, and tries again when the page is seen', async () => {
    const page = new FakePage();
    const context = new AudioContext();
    const { stream } = hum(context);
    let blocked = 0;
    const onPlaybackBlocked = (): void => {
      blocked += 1;
    };
    const ports = browserPorts({ createAudio, onPage: page.onPage });
    media = new Media(ports, { ...deafHandlers, onPlaybackBlocked }, false);
    media.play(stream);
    const audio = audios[0] as HTMLAudioElement;
    await until(() => !audio.paused);
    const play = audio.play.bind(audio);
    audio.play = () => Promise.reject(new DOMException('Click.', 'NotAllowedError'));
    audio.pause();
    await until(() => blocked === 1);
    audio.play = play;
    page.tell('visible');
    await until(() => !audio.paused);
    expect(blocked).to.equal(1);
    await context.close();
  });

  it('plays silence in the gesture, at once, on the element that speaks later', async () => {
    const played: (MediaProvider | null)[] = [];
    prepare = (audio) => {
      const play = audio.play.bind(audio);
      audio.play = () => {
        played.push(audio.srcObject);
        return play();
      };
    };
    media = new Media(browserPorts({ createAudio }), deafHandlers, false);
    media.unlock();
    const [silence] = played;
    expect(silence).to.be.instanceOf(MediaStream);
    await until(() => audios[0]?.srcObject === null);
    expect((silence as MediaStream).getTracks()[0]?.readyState).to.equal('ended');
    const context = new AudioContext();
    const { stream } = hum(context);
    media.play(stream);
    media.unlock();
    expect([audios.length, audios[0]?.srcObject]).to.deep.equal([1, stream]);
    expect(played).to.deep.equal([silence, stream]);
    await context.close();
  });

  it('makes no sound for those who read captions', async () => {
    media = new Media(browserPorts({ createAudio }), deafHandlers, true);
    media.unlock();
    media.play(new MediaStream());
    expect(audios).to.deep.equal([]);
    expect(await media.playbackAllowed()).to.equal(true);
    expect(await outcome(media.testSpeaker())).to.have.property('code', 'unsupported');
  });

  it('plays a chime that is heard, and lets its stream go', async () => {
    const streams: MediaStream[] = [];
    prepare = (audio) => {
      audio.addEventListener('playing', () => {
        if (audio.srcObject instanceof MediaStream) streams.push(audio.srcObject);
      });
    };
    media = new Media(browserPorts({ createAudio }), deafHandlers, false);
    const testing = media.testSpeaker();
    await until(() => audios[1]?.srcObject instanceof MediaStream);
    const context = new AudioContext();
    const stream = audios[1]?.srcObject as MediaStream;
    const meter = new LevelMeter(context, stream);
    let loudest = 0;
    const listening = until(() => {
      loudest = Math.max(loudest, meter.read());
      return loudest > 0.7;
    });
    await Promise.all([listening, testing]);
    expect(streams).to.include(stream);
    expect(stream.getTracks()[0]?.readyState).to.equal('ended');
    expect(audios[1]?.srcObject).to.equal(null);
    meter.close();
    await context.close();
  });

  it('does not disturb the interviewer with a chime, and ends it with a newer one', async () => {
    const context = new AudioContext();
    const { stream } = hum(context);
    media = new Media(browserPorts({ createAudio }), deafHandlers, false);
    media.play(stream);
    const first = media.testSpeaker();
    await until(() => audios[1]?.srcObject instanceof MediaStream);
    const second = media.testSpeaker();
    await first;
    await until(() => audios[2]?.srcObject instanceof MediaStream);
    await second;
    expect(audios[0]?.srcObject).to.equal(stream);
    expect(audios[0]?.paused).to.equal(false);
    await context.close();
  });

  it('cuts a chime short when all is let go', async () => {
    media = new Media(browserPorts({ createAudio }), deafHandlers, false);
    const testing = media.testSpeaker();
    await until(() => audios[1]?.srcObject instanceof MediaStream);
    const playing = audios[1]?.srcObject as MediaStream;
    // A context that is closed never ends its notes.
    media.destroy();
    await testing;
    expect(playing.getTracks()[0]?.readyState).to.equal('ended');
    expect(audios[1]?.srcObject).to.equal(null);
  });

  it('says when a chime is refused', async () => {
    prepare = (audio) => {
      audio.play = () => Promise.reject(new DOMException('Click.', 'NotAllowedError'));
    };
    media = new Media(browserPorts({ createAudio }), deafHandlers, false);
    expect(await outcome(media.testSpeaker())).to.have.property('code', 'playback_blocked');
  });
});

describe('the speaker', () => {
  let media: Media;
  let kept: Map<string, string>;
  let speakers: string[];
  let sinks: string[];
  let mediaDevices: MediaDevices;
  let told: number;
  const localStorage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
  } as unknown as Storage;
  const newMedia = (): Media => {
    const createAudio = (): HTMLAudioElement => {
      const audio = new Audio();
      audio.setSinkId = (id) => {
        if (id !== '' && !speakers.includes(id)) {
          return Promise.reject(new DOMException('Gone.', 'NotFoundError'));
        }
        sinks.push(id);
        return Promise.resolve();
      };
      return audio;
    };
    const ports = browserPorts({ mediaDevices, createAudio, localStorage });
    return new Media(ports, { ...deafHandlers, onDevices: () => (told += 1) }, false);
  };
  beforeEach(() => {
    kept = new Map();
    speakers = ['desk', 'headset'];
    sinks = [];
    told = 0;
    mediaDevices = Object.assign(new EventTarget(), {
      getUserMedia: () => navigator.mediaDevices.getUserMedia({ audio: true }),
      enumerateDevices: () =>
        Promise.resolve(speakers.map((deviceId) => ({ kind: 'audiooutput', deviceId }))),
    }) as unknown as MediaDevices;
    media = newMedia();
  });
  afterEach(() => media.destroy());

  it('is the one that was chosen, in the next visit too', async () => {
    await media.setSpeaker('headset');
    expect([media.speakerId, sinks]).to.deep.equal(['headset', ['headset']]);
    expect(Object.fromEntries(kept)).to.deep.equal({ 'interview-room:speaker': 'headset' });
    media.destroy();
    media = newMedia();
    await media.openMicrophone();
    await until(() => media.speakerId === 'headset');
    await media.testSpeaker();
    expect(sinks).to.deep.equal(['headset', 'headset', 'headset']);
  });

  it('is the browser’s choice while the chosen one is unplugged', async () => {
    await media.openMicrophone();
    await media.setSpeaker('headset');
    speakers = ['desk'];
    mediaDevices.dispatchEvent(new Event('devicechange'));
    await until(() => media.speakerId === null);
    expect(sinks.at(-1)).to.equal('');
    speakers = ['desk', 'headset'];
    const before = told;
    mediaDevices.dispatchEvent(new Event('devicechange'));
    await until(() => media.speakerId === 'headset' && told > before);
  });

  it('is refused where it is gone or cannot be chosen', async () => {
    expect(await outcome(media.setSpeaker('gone'))).to.have.property('code', 'unsupported');
    expect([media.speakerId, kept.size]).to.deep.equal([null, 0]);
    media.destroy();
    const createAudio = (): HTMLAudioElement => new Proxy(new Audio(), withoutSinks);
    media = new Media(browserPorts({ createAudio }), deafHandlers, false);
    const refused = await outcome(media.setSpeaker('desk'));
    expect(refused).to.have.property('code', 'unsupported_browser');
  });
});

/** An element of a browser in which no speaker can be chosen. */
const withoutSinks: ProxyHandler<HTMLAudioElement> = {
  has: (audio, key) => key !== 'setSinkId' && key in audio,
  get: (audio, key) => {
    if (key === 'setSinkId') return undefined;
    const value: unknown = Reflect.get(audio, key);
    return typeof value === 'function' ? (value.bind(audio) as unknown) : value;
  },
  set: (audio, key, value) => Reflect.set(audio, key, value),
};
