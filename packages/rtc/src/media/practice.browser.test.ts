import { expect } from 'chai';
import { Media } from './media.ts';
import { browserPorts, deafHandlers, until } from './testing/surroundings.ts';

const outcome = (work: Promise<unknown>): Promise<unknown> => work.catch((error: unknown) => error);

describe('a practice', () => {
  let media: Media;
  let audios: HTMLAudioElement[];
  let recorders: MediaRecorder[];
  let urls: Set<string>;
  const createObjectURL = URL.createObjectURL.bind(URL);
  const revokeObjectURL = URL.revokeObjectURL.bind(URL);

  beforeEach(() => {
    audios = [];
    recorders = [];
    urls = new Set();
    URL.createObjectURL = (blob) => {
      const url = createObjectURL(blob);
      urls.add(url);
      return url;
    };
    URL.revokeObjectURL = (url) => {
      urls.delete(url);
      revokeObjectURL(url);
    };
    media = new Media(
      browserPorts({
        createAudio: () => {
          const audio = new Audio();
          audios.push(audio);
          return audio;
        },
        createRecorder: (stream) => {
          const recorder = new MediaRecorder(stream);
          recorders.push(recorder);
          return recorder;
        },
      }),
      deafHandlers,
      false,
    );
  });
  afterEach(() => {
    media.destroy();
    Object.assign(URL, { createObjectURL, revokeObjectURL });
  });

  /** Resolves when the recorder has something to play. */
  const recorded = async (): Promise<void> => {
    const recorder = recorders.at(-1);
    const some = new Promise((resolve) => recorder?.addEventListener('dataavailable', resolve));
    // The fake microphone beeps once a second.
    await until(() => media.levels().candidate > 0.3);
    recorder?.requestData();
    await some;
  };

  it('records the microphone, plays it back and keeps nothing', async () => {
    const track = await media.openMicrophone();
    const practice = await media.practice();
    expect(practice.state).to.equal('recording');
    expect(recorders[0]?.stream.getAudioTracks()).to.deep.equal([track]);
    await recorded();
    practice.stop();
    await until(() => practice.state === 'playing');
    const player = audios.at(-1);
    expect([...urls]).to.deep.equal([player?.src]);
    await until(() => (player?.currentTime ?? 0) > 0);
    await practice.finished;
    expect(practice.state).to.equal('done');
    expect(urls.size).to.equal(0);
    expect(player?.getAttribute('src')).to.equal(null);
    expect([track.readyState, recorders[0]?.state]).to.deep.equal(['live', 'inactive']);
  });

  it('stops by itself after a minute', async () => {
    const late: (() => void)[] = [];
    const { setTimeout } = globalThis;
    await media.openMicrophone();
    const loaded = await media.practice();
    loaded.cancel();
    globalThis.setTimeout = ((work: () => void, ms: number) => {
      if (ms === 60_000) late.push(work);
      return setTimeout(work, ms);
    }) as typeof setTimeout;
    const practice = await media.practice();
    globalThis.setTimeout = setTimeout;
    expect(late).to.have.length(1);
    await recorded();
    late[0]?.();
    await until(() => practice.state !== 'recording');
    practice.cancel();
    await practice.finished;
  });

  for (const [way, giveUp] of [
    ['cancelled', (cancel) => cancel()],
    ['destroyed', () => media.destroy()],
    ['over, since the interview speaks', () => media.play(new MediaStream())],
    ['followed by another', () => media.practice()],
  ] as [string, (cancel: () => void) => unknown][]) {
    it(`plays nothing once it is ${way}`, async () => {
      await media.openMicrophone();
      const practice = await media.practice();
      await giveUp(() => practice.cancel());
      await practice.finished;
      expect([practice.state, recorders[0]?.state]).to.deep.equal(['done', 'inactive']);
      practice.stop();
      expect(urls.size).to.equal(0);
    });
  }

  it('falls silent when it is cancelled while it plays', async () => {
    await media.openMicrophone();
    const practice = await media.practice();
    await recorded();
    practice.stop();
    await until(() => practice.state === 'playing');
    practice.cancel();
    await practice.finished;
    expect([audios.at(-1)?.paused, urls.size]).to.deep.equal([true, 0]);
  });

  it('says when the browser will not play it', async () => {
    await media.openMicrophone();
    const practice = await media.practice();
    const player = audios.at(-1);
    if (player) {
      player.play = () => Promise.reject(new DOMException('Click.', 'NotAllowedError'));
    }
    await recorded();
    practice.stop();
    expect(await outcome(practice.finished)).to.have.property('code', 'playback_blocked');
    expect(urls.size).to.equal(0);
  });

  it('says when what was recorded cannot be played', async () => {
    await media.openMicrophone();
    const practice = await media.practice();
    const noise = new Blob(['noise'], { type: 'audio/webm' });
    recorders[0]?.dispatchEvent(Object.assign(new Event('dataavailable'), { data: noise }));
    await recorded();
    practice.stop();
    expect(await outcome(practice.finished)).to.have.property('code', 'unsupported');
    expect([practice.state, urls.size]).to.deep.equal(['done', 0]);
  });

  it('needs a microphone, and a browser that records', async () => {
    expect(await outcome(media.practice())).to.have.property('code', 'invalid_state');
    media.destroy();
    media = new Media(browserPorts({ createRecorder: null }), deafHandlers, false);
    await media.openMicrophone();
    expect(await outcome(media.practice())).to.have.property('code', 'unsupported');
  });
});
