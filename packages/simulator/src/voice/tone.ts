import { encodeFrames } from './opus-frames.ts';

const RATE = 24_000;
/** Of the tone, hertz. */
const PITCH = 220;
/** Peak, full scale is 1: soft. */
const LEVEL = 0.12;
/** Of rise and fall, seconds. */
const FADE_S = 0.05;

/** A soft tone of `seconds`, faded at both ends, as Opus frames. */
export function toneFrames(seconds: number): Uint8Array[] {
  const length = Math.max(1, Math.round(seconds * RATE));
  const samples = Float32Array.from({ length }, (_, index) => {
    const at = index / RATE;
    const fade = Math.min(1, at / FADE_S, (seconds - at) / FADE_S);
    return LEVEL * fade * Math.sin(2 * Math.PI * PITCH * at);
  });
  return encodeFrames(samples, RATE);
}
