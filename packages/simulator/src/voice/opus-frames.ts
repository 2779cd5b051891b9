import { Encoder } from '@evan/opus';

/** Length of every frame that is sent, milliseconds. */
export const FRAME_MS = 20;
/** A frame of silence: CELT, fullband, 20 ms, one channel, nothing coded (RFC 6716 §3.1). */
export const SILENCE_FRAME = Uint8Array.of(0xf8, 0xff, 0xfe);

/** Rates that Opus encodes without resampling, samples a second. */
export type OpusRate = 8000 | 12_000 | 16_000 | 24_000 | 48_000;

/** Encodes one channel of samples (-1 to 1) in frames of 20 ms; the last one is filled up with silence. */
export function encodeFrames(samples: Float32Array, rate: OpusRate): Uint8Array[] {
  const encoder = new Encoder({ channels: 1, sample_rate: rate, application: 'voip' });
  encoder.bitrate = 24_000;
  const size = (rate * FRAME_MS) / 1000;
  const frames: Uint8Array[] = [];
  for (let from = 0; from < samples.length; from += size) {
    const frame = new Int16Array(size);
    samples.subarray(from, from + size).forEach((sample, index) => {
      frame[index] = Math.round(Math.max(-1, Math.min(1, sample)) * 32_767);
    });
    frames.push(Uint8Array.from(encoder.encode(frame)));
  }
  return frames;
}
