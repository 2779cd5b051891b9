import { renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const rate = 48_000;
const seconds = 4;
/** Syllables a second, as in unhurried speech. */
const syllables = 4;

/**
 * Writes what Chromium plays as the microphone, over and over: a voice with pitch, formants and syllables, since noise
 * suppression takes out anything steadier.
 *
 * @returns Path of a 48 kHz mono WAV.
 */
export function writeVoice(): string {
  const path = join(tmpdir(), 'interview-e2e-voice.wav');
  const samples = Int16Array.from({ length: rate * seconds }, (_, i) => 32_767 * voice(i / rate));
  // The same for every run, and put in place in one step, so that a browser never reads half of it.
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, Buffer.concat([header(samples.byteLength), Buffer.from(samples.buffer)]));
  renameSync(draft, path);
  return path;
}

/** The sample at `t` seconds, −1 to 1. */
function voice(t: number): number {
  const syllable = Math.floor(t * syllables);
  const pitch = 115 + 18 * Math.sin(2 * Math.PI * 0.7 * t) + 9 * ((syllable * 7) % 5);
  // Two resonances that move from syllable to syllable, as vowels do.
  const first = 400 + 110 * ((syllable * 3) % 4);
  const second = 1100 + 320 * ((syllable * 5) % 4);
  let sum = 0;
  for (let harmonic = 1; harmonic * pitch < 3400; harmonic += 1) {
    const frequency = harmonic * pitch;
    const near = (centre: number, width: number): number =>
      Math.exp(-(((frequency - centre) / width) ** 2));
    sum += (near(first, 160) + 0.6 * near(second, 220)) * Math.sin(2 * Math.PI * frequency * t);
  }
  const envelope = Math.sin(Math.PI * ((t * syllables) % 1)) ** 0.6;
  return Math.max(-0.95, Math.min(0.95, 0.28 * sum * envelope));
}

function header(bytes: number): Buffer {
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + bytes, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt32LE(rate * 2, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36);
  head.writeUInt32LE(bytes, 40);
  return head;
}
