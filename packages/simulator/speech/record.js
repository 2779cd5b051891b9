// Makes every recording that manifest.json names. See README.md.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Loudness of all recordings, dBFS (root mean square). */
const LEVEL = -20;
/** No sample is louder than this, full scale is 1. */
const PEAK = 0.9;
/** Silence at both ends goes; below this it is silence, dB. */
const SILENCE = -50;

const folder = fileURLToPath(new URL('.', import.meta.url));
const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
/** Files to make; all of them where none is named. */
const wanted = process.argv.slice(2);
const work = mkdtempSync(join(tmpdir(), 'interview-speech-'));
const raw = join(work, 'raw.wav');
const trimmed = join(work, 'trimmed.wav');
const ffmpeg = (...parameters) =>
  execFileSync('ffmpeg', ['-hide_banner', '-y', ...parameters], { stdio: 'pipe' });

const trim = `silenceremove=start_periods=1:start_threshold=${SILENCE}dB`;
const fades = 'afade=t=in:d=0.02,areverse,afade=t=in:d=0.03';
for (const [text, file] of Object.entries(manifest)) {
  if (wanted.length > 0 && !wanted.includes(file)) continue;
  const input = join(work, 'text.txt');
  // Two words that the voice knows; the name it would have to guess.
  writeFileSync(input, text.replaceAll('Northwind', 'North wind'));
  execFileSync('text2wave', ['-eval', '(voice_cmu_us_slt_arctic_hts)', input, '-o', raw]);
  ffmpeg('-i', raw, '-af', `highpass=f=70,${trim},areverse,${trim},${fades},areverse`, trimmed);
  const gain = LEVEL - rms(trimmed);
  const filters = `volume=${gain.toFixed(2)}dB,alimiter=level=disabled:limit=${PEAK}`;
  const opus = '-ar 48000 -ac 1 -c:a libopus -b:a 28k -application voip -frame_duration 20';
  ffmpeg(
    '-i',
    trimmed,
    '-af',
    filters,
    ...opus.split(' '),
    '-map_metadata',
    '-1',
    join(folder, file),
  );
  console.log(`${file}: ${gain.toFixed(1)} dB`);
}
rmSync(work, { recursive: true });

/** Root mean square of a 16-bit WAVE file that ffmpeg wrote, dBFS. */
function rms(file) {
  const bytes = readFileSync(file);
  const start = bytes.indexOf('data') + 8;
  let squares = 0;
  for (let at = start; at + 1 < bytes.length; at += 2)
    squares += (bytes.readInt16LE(at) / 32768) ** 2;
  return 10 * Math.log10(squares / ((bytes.length - start) / 2));
}
