/**
 * Reads a WAVE file of 16-bit PCM as one channel of samples (-1 to 1) at `rate`.
 *
 * @throws Error when it is something else.
 */
export function readWave(file: Uint8Array, rate: number): Float32Array {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (file.length < 12 || ascii(view, 0) !== 'RIFF' || ascii(view, 8) !== 'WAVE') {
    throw new Error('This is no WAVE file.');
  }
  let channels = 0;
  let fileRate = 0;
  for (let at = 12; at + 8 <= file.length;) {
    const name = ascii(view, at);
    const length = view.getUint32(at + 4, true);
    if (name === 'fmt ') {
      channels = view.getUint16(at + 10, true);
      fileRate = view.getUint32(at + 12, true);
      if (view.getUint16(at + 22, true) !== 16) throw new Error('Only 16-bit PCM is read.');
    }
    if (name === 'data') {
      if (channels === 0) throw new Error('The WAVE file has data before its format.');
      // A program that writes to a pipe leaves a length that the file does not have.
      const bytes = Math.min(length, file.length - at - 8);
      return resample(readSamples(view, at + 8, bytes, channels), fileRate, rate);
    }
    at += 8 + length + (length % 2);
  }
  throw new Error('The WAVE file has no data.');
}

function readSamples(view: DataView, from: number, bytes: number, channels: number): Float32Array {
  const step = 2 * channels;
  const length = Math.floor(bytes / step);
  return Float32Array.from({ length }, (_, index) => {
    return view.getInt16(from + index * step, true) / 32_768;
  });
}

/** Linear interpolation: enough for speech. */
function resample(samples: Float32Array, from: number, to: number): Float32Array {
  if (from === to) return samples;
  const length = Math.floor((samples.length * to) / from);
  return Float32Array.from({ length }, (_, index) => {
    const at = (index * from) / to;
    const left = Math.floor(at);
    const before = samples[left] ?? 0;
    const after = samples[left + 1] ?? before;
    return before + (after - before) * (at - left);
  });
}

function ascii(view: DataView, at: number): string {
  return String.fromCharCode(...Array.from({ length: 4 }, (_, index) => view.getUint8(at + index)));
}
