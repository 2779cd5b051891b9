import type { Beside } from './playback.ts';

/** Two notes that rise by a fifth, C5 and G5, hertz. */
const NOTES = [523.25, 783.99];
/** From one note to the next, seconds. */
const STEP_S = 0.2;
/** How long a note fades, seconds. */
const FADE_S = 0.7;

/**
 * Plays a short chime through an audio element, since the speaker is chosen there; resolves when it was played or cut
 * short.
 *
 * @throws InterviewError playback_blocked outside a gesture, unsupported without an audio context
 */
export async function chime({
  context,
  audio,
  routed,
  failure,
  signal,
}: Beside & { context: AudioContext | null }): Promise<void> {
  if (!context) throw failure('unsupported', 'This browser makes no sounds.');
  if (signal.aborted) return;
  const destination = context.createMediaStreamDestination();
  audio.srcObject = destination.stream;
  const cut = new Promise<unknown>((resolve) => {
    signal.addEventListener('abort', resolve);
  });
  const played = Promise.all([audio.play(), routed]).then(() => ring(context, destination));
  try {
    await Promise.race([cut, played]);
  } catch (error) {
    throw failure('playback_blocked', error);
  } finally {
    audio.pause();
    audio.srcObject = null;
    for (const track of destination.stream.getTracks()) track.stop();
  }
}

async function ring(context: AudioContext, destination: AudioNode): Promise<void> {
  const fading = NOTES.map((hertz, index) => {
    const at = context.currentTime + index * STEP_S;
    const note = new OscillatorNode(context, { frequency: hertz });
    const volume = new GainNode(context, { gain: 0 });
    // A quick start without a click, then a bell's decay.
    volume.gain.setValueAtTime(0, at).linearRampToValueAtTime(0.3, at + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.001, at + FADE_S);
    note.connect(volume).connect(destination);
    note.start(at);
    note.stop(at + FADE_S);
    return new Promise((resolve) => note.addEventListener('ended', resolve));
  });
  await Promise.all(fading);
}
