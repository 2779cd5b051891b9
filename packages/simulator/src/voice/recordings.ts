import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { SILENCE_FRAME } from './opus-frames.ts';
import { readOggOpus } from './ogg.ts';

const folder = new URL('../../speech/', import.meta.url);
const Manifest = z.record(z.string(), z.string());
/** Silence between two recordings that follow each other: 12 frames, 240 ms. */
const GAP = Array.from({ length: 12 }, () => SILENCE_FRAME);

/** The recorded sentences that the package ships. */
export class Recordings {
  #manifest: Promise<Record<string, string>> | null = null;
  readonly #frames = new Map<string, Promise<Uint8Array[]>>();

  /** Frames of `text` where it is made of recorded sentences and nothing else, else null. */
  async find(text: string): Promise<Uint8Array[] | null> {
    this.#manifest ??= readManifest();
    const files = divide(text.trim(), await this.#manifest);
    if (!files) return null;
    const parts = await Promise.all(files.map((file) => this.#load(file)));
    return parts.flatMap((part, index) => (index === 0 ? part : [...GAP, ...part]));
  }

  #load(file: string): Promise<Uint8Array[]> {
    const loading =
      this.#frames.get(file) ?? readFile(new URL(file, folder)).then((bytes) => readOggOpus(bytes));
    this.#frames.set(file, loading);
    return loading;
  }
}

async function readManifest(): Promise<Record<string, string>> {
  return Manifest.parse(JSON.parse(await readFile(new URL('manifest.json', folder), 'utf8')));
}

/** Splits a text into recorded ones, the longest first, or null where a rest remains. */
export function divide(text: string, manifest: Record<string, string>): string[] | null {
  if (text === '') return [];
  const candidates = Object.entries(manifest)
    .filter(([sentence]) => text.startsWith(sentence))
    .toSorted(([a], [b]) => b.length - a.length);
  for (const [sentence, file] of candidates) {
    const rest = divide(text.slice(sentence.length).trimStart(), manifest);
    if (rest) return [file, ...rest];
  }
  return null;
}
