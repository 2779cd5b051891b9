import { readFileSync } from 'node:fs';
import { Decoder } from '@evan/opus';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { phrases } from '../brain.ts';
import { divide, Recordings } from './recordings.ts';

const manifest = z
  .record(z.string(), z.string())
  .parse(JSON.parse(readFileSync(new URL('../../speech/manifest.json', import.meta.url), 'utf8')));
const recordings = new Recordings();

/** The plan of the demonstration interview, as it is seeded. */
function seededPlan(): Record<string, unknown> {
  const seed = readFileSync(new URL('../../../../supabase/seed.sql', import.meta.url), 'utf8');
  const texts = [...seed.matchAll(/\$json\$([\s\S]*?)\$json\$/g)].map((found) => found[1] ?? '');
  const plan = texts.find((text) => text.includes('"greeting"'));
  return z.record(z.string(), z.unknown()).parse(JSON.parse(plan ?? '{}'));
}

function samplesOf(frames: readonly Uint8Array[]): Float32Array {
  const decoder = new Decoder({ channels: 1, sample_rate: 16_000 });
  const parts = frames.map((frame) => Buffer.from(decoder.decode(frame)));
  const whole = Uint8Array.from(Buffer.concat(parts));
  return Float32Array.from(new Int16Array(whole.buffer), (sample) => sample / 32_768);
}

describe('the recordings', () => {
  it('hold every sentence of the demonstration interview', async () => {
    const plan = seededPlan();
    const questions = z.array(z.object({ text: z.string(), simpler_text: z.string() }));
    const spoken = [
      ...['greeting', 'candidate_qa_text', 'closing_text', 'time_up_text'].map((key) => plan[key]),
      ...questions
        .parse(plan['questions'])
        .flatMap((one) => [`${phrases.thanks} ${one.text}`, one.simpler_text]),
    ];
    expect(spoken).toHaveLength(14);
    for (const text of spoken)
      expect(await recordings.find(String(text)), String(text)).not.toBeNull();
  });

  it('hold every sentence of its own', async () => {
    for (const text of Object.values(phrases).flat()) {
      expect(await recordings.find(text), text).not.toBeNull();
    }
  });

  it.each(Object.keys(manifest))(
    'are equally loud, unclipped and of a natural length: %s',
    async (text) => {
      const samples = samplesOf((await recordings.find(text)) ?? []);
      const rms = Math.sqrt(samples.reduce((sum, one) => sum + one * one, 0) / samples.length);
      const peak = samples.reduce((most, one) => Math.max(most, Math.abs(one)), 0);
      expect(20 * Math.log10(rms)).toBeGreaterThan(-21.5);
      expect(20 * Math.log10(rms)).toBeLessThan(-18.5);
      expect(peak).toBeLessThan(0.98);
      const perSecond = text.length / (samples.length / 16_000);
      expect(perSecond).toBeGreaterThan(9);
      expect(perSecond).toBeLessThan(25);
    },
  );
});

describe('a text', () => {
  const known = { 'Thank you.': 'a', 'Thank you. Tell me more.': 'b', 'Go on.': 'c' };

  it.each([
    ['Go on.', ['c']],
    ['Thank you. Go on.', ['a', 'c']],
    ['Thank you. Tell me more.', ['b']],
    ['Thank you. Tell me less.', null],
    ['Nothing of it.', null],
  ])('«%s» is put together of what is recorded, or not at all', (text, files) => {
    expect(divide(text, known)).toEqual(files);
  });
});
