import { describe, expect, it } from 'vitest';
import { VoiceActivity, type VoiceEvent } from './voice-activity.ts';

const FRAME = 20;
const HANGOVER = 800;

/** Feeds levels, each for so many milliseconds, and gives back what was told. */
function listen(
  activity: VoiceActivity,
  parts: readonly [level: number, ms: number][],
): VoiceEvent[] {
  return parts.flatMap(([level, ms]) =>
    Array.from({ length: ms / FRAME }, () => activity.push(level, FRAME)).filter(
      (event) => event !== null,
    ),
  );
}

function activity(): VoiceActivity {
  return new VoiceActivity(() => HANGOVER);
}

describe('voice activity', () => {
  it('tells beginning and end on the clock of the audio, the end with its hangover', () => {
    const events = listen(activity(), [
      [0, 1000],
      [0.1, 2000],
      [0, 2000],
    ]);
    expect(events).toEqual([
      { kind: 'started', atMs: 1000 },
      { kind: 'stopped', atMs: 3000 + HANGOVER },
    ]);
  });

  it('takes a pause shorter than the hangover as part of the turn', () => {
    const ear = activity();
    const events = listen(ear, [
      [0, 200],
      [0.1, 1000],
      [0, HANGOVER - FRAME],
      [0.1, 1000],
      [0, HANGOVER],
    ]);
    expect(events.map((event) => event.kind)).toEqual(['started', 'stopped']);
    expect(ear.take().speechMs).toBe(1000 + HANGOVER - FRAME + 1000);
  });

  it('leaves a click and the beeps of a fake microphone alone', () => {
    const beep: [number, number][] = [0.16, 0.42, 0.09, 0.03, 0.012, 0.008].map((level) => [
      level,
      FRAME,
    ]);
    const second: [number, number][] = [...beep, [0, 380], ...beep, [0, 380]];
    expect(listen(activity(), [...second, ...second, ...second])).toEqual([]);
  });

  it('gets used to noise and still hears speech above it', () => {
    const ear = activity();
    const noise = listen(ear, [[0.012, 8000]]);
    expect(noise.at(-1)?.kind).toBe('stopped');
    expect(listen(ear, [[0.012, 4000]])).toEqual([]);
    expect(listen(ear, [[0.1, 500]]).map((event) => event.kind)).toEqual(['started']);
  });

  it('does not take a long steady voice for noise', () => {
    const events = listen(activity(), [
      [0, 500],
      [0.15, 20_000],
    ]);
    expect(events.map((event) => event.kind)).toEqual(['started']);
  });

  it('forgets what was taken, and the turn with it', () => {
    const ear = activity();
    listen(ear, [
      [0, 200],
      [0.1, 1000],
    ]);
    expect(ear.take()).toEqual({ bufferedMs: 1200, speechMs: 1000 });
    expect(ear.speaking).toBe(false);
    expect(listen(ear, [[0, 2000]])).toEqual([]);
    expect(ear.take()).toEqual({ bufferedMs: 2000, speechMs: 0 });
  });
});
