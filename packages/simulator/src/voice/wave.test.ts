import { expect, it } from 'vitest';
import { readWave } from './wave.ts';

/** A WAVE file of 16-bit samples; `length` may lie, as it does in files that were written to a pipe. */
function wave(samples: number[], rate: number, channels = 1, length = samples.length * 2): Buffer {
  const file = Buffer.alloc(44 + samples.length * 2);
  file.write('RIFF', 0);
  file.write('WAVEfmt ', 8);
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(channels, 22);
  file.writeUInt32LE(rate, 24);
  file.writeUInt16LE(16, 34);
  file.write('data', 36);
  file.writeUInt32LE(length, 40);
  samples.forEach((sample, index) => file.writeInt16LE(sample, 44 + 2 * index));
  return file;
}

it('reads one channel of 16-bit samples', () => {
  expect([...readWave(wave([16_384, 1, -16_384, 1], 24_000, 2), 24_000)]).toEqual([0.5, -0.5]);
});

it('doubles the rate by what lies between', () => {
  expect([...readWave(wave([0, 16_384], 12_000), 24_000)]).toEqual([0, 0.25, 0.5, 0.5]);
});

it('believes the file and not its header about the length', () => {
  expect(readWave(wave([1, 2, 3], 24_000, 1, 0x7fff_ffff), 24_000)).toHaveLength(3);
});

it.each([[Buffer.from('no wave file at all')], [wave([], 24_000).subarray(0, 36)]])(
  'refuses what is none',
  (file) => {
    expect(() => readWave(file, 24_000)).toThrow();
  },
);
