import { Recordings } from './recordings.ts';
import { Synthesiser } from './synthesiser.ts';
import { toneFrames } from './tone.ts';

/** Texts that were made are kept, up to this many. */
const MAX_KEPT = 200;

/** Turns text into Opus frames of 20 ms. */
export interface Speech {
  frames(text: string): Promise<Uint8Array[]>;
}

/** Recordings, else a synthesiser of the machine, else a tone; shared by all calls. */
export function speechOfMachine(): Speech {
  const recordings = new Recordings();
  const synthesiser = new Synthesiser();
  const kept = new Map<string, Promise<Uint8Array[]>>();
  const make = async (text: string): Promise<Uint8Array[]> =>
    (await recordings.find(text)) ?? (await synthesiser.speak(text)) ?? tone(text, 14);
  return {
    frames(text) {
      const made = kept.get(text) ?? make(text).catch(() => tone(text, 14));
      if (kept.size >= MAX_KEPT) kept.clear();
      kept.set(text, made);
      return made;
    },
  };
}

/** Tones only: quick, and the same on every machine. */
export function speechOfTones(charactersPerSecond: number): Speech {
  return { frames: (text) => Promise.resolve(tone(text, charactersPerSecond)) };
}

function tone(text: string, charactersPerSecond: number): Uint8Array[] {
  return toneFrames(Math.max(0.1, text.length / charactersPerSecond));
}
