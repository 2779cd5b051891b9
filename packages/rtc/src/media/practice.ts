import type { Ports } from '../options.ts';
import type { Beside } from './playback.ts';

// Both are wanted on the same screen, and are loaded together when somebody tries the devices.
export { chime } from './speaker-test.ts';

/** The longest recording, milliseconds. */
const LONGEST_MS = 60_000;

/**
 * A rehearsal in front of one's own microphone. It stays in this page's memory and is gone afterwards.
 *
 * @example
 * const practice = await session.practice();
 * stopButton.onclick = () => practice.stop();
 * await practice.finished;
 */
export interface Practice {
  readonly state: 'recording' | 'playing' | 'done';
  /** Stops recording and plays it back. Call it in a user gesture. After a minute it happens by itself. */
  stop(): void;
  /** Stops at once and plays nothing. */
  cancel(): void;
  /**
   * Resolves when it was played to the end or cancelled.
   *
   * @throws InterviewError playback_blocked, unsupported where the browser can't play what it recorded
   */
  readonly finished: Promise<void>;
}

/** What a rehearsal needs. */
export interface PracticeParts extends Beside {
  track: MediaStreamTrack | null;
  createRecorder: Ports['createRecorder'];
}

/**
 * Records until told to stop, and plays it back.
 *
 * @throws InterviewError invalid_state without a microphone, unsupported where the browser can't record
 */
export function practise({
  track,
  createRecorder = browserRecorder(),
  audio,
  signal,
  failure,
}: PracticeParts): Practice {
  if (!track || signal.aborted) throw failure('invalid_state', 'No microphone is open.');
  if (!createRecorder) throw failure('unsupported', 'This browser records nothing.');
  const recorder = startRecorder(createRecorder, track, failure);
  const { promise: finished, resolve, reject } = Promise.withResolvers<undefined>();
  // Whoever only watches `state` has not to catch it.
  finished.catch(() => undefined);
  const chunks: Blob[] = [];
  let state: Practice['state'] = 'recording';
  let url = '';

  const finish = (error?: Error): void => {
    if (state === 'done') return;
    state = 'done';
    clearTimeout(timer);
    signal.removeEventListener('abort', cancel);
    if (recorder.state !== 'inactive') recorder.stop();
    audio.removeAttribute('src');
    // Falls silent and lets the recording go.
    audio.load();
    URL.revokeObjectURL(url);
    if (error) reject(error);
    else resolve(undefined);
  };
  const cancel = (): void => finish();
  const stop = (): void => {
    if (recorder.state === 'inactive') return;
    // Empty still, but played in the gesture: Safari lets it play later then.
    audio.play().catch(() => undefined);
    recorder.stop();
  };
  const playBack = (): void => {
    if (state !== 'recording') return;
    clearTimeout(timer);
    state = 'playing';
    url = URL.createObjectURL(new Blob(chunks, { type: recorder.mimeType }));
    audio.src = url;
    audio.play().catch((cause: unknown) => {
      const blocked = cause instanceof DOMException && cause.name === 'NotAllowedError';
      finish(failure(blocked ? 'playback_blocked' : 'unsupported', cause));
    });
  };

  const timer = setTimeout(stop, LONGEST_MS);
  signal.addEventListener('abort', cancel);
  recorder.addEventListener('dataavailable', ({ data }) => chunks.push(data));
  recorder.addEventListener('stop', playBack);
  recorder.addEventListener('error', (event) => finish(failure('unsupported', event)));
  audio.addEventListener('ended', cancel);
  audio.addEventListener('error', () => finish(failure('unsupported', audio.error?.message)));
  return {
    get state() {
      return state;
    },
    stop,
    cancel,
    finished,
  };
}

function startRecorder(
  create: (stream: MediaStream) => MediaRecorder,
  track: MediaStreamTrack,
  failure: Beside['failure'],
): MediaRecorder {
  try {
    const recorder = create(new MediaStream([track]));
    recorder.start();
    return recorder;
  } catch (error) {
    throw failure('unsupported', error);
  }
}

function browserRecorder(): Ports['createRecorder'] {
  return 'MediaRecorder' in globalThis ? (stream) => new MediaRecorder(stream) : null;
}
