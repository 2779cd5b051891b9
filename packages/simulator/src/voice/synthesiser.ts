import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { encodeFrames } from './opus-frames.ts';
import { readWave } from './wave.ts';

const run = promisify(execFile);
/** A sentence that takes longer is not worth waiting for, milliseconds. */
const TIMEOUT_MS = 10_000;
const RATE = 24_000;

/** Programs that write speech into a file, the best first. The text goes in as an argument, never through a shell. */
const programs: readonly {
  command: string;
  arguments: (text: string, file: string) => string[];
}[] = [
  { command: 'flite', arguments: (text, file) => ['-voice', 'slt', '-t', text, '-o', file] },
  { command: 'espeak-ng', arguments: (text, file) => ['-w', file, '--', text] },
  {
    command: 'say',
    arguments: (text, file) => ['-o', file, '--data-format=LEI16@24000', '--', text],
  },
];

/** Speaks any text by whatever synthesiser the machine has. */
export class Synthesiser {
  #missing = new Set<string>();

  /** Opus frames of `text`, or null where no synthesiser is on the path or each of them failed. */
  async speak(text: string): Promise<Uint8Array[] | null> {
    const folder = await mkdtemp(join(tmpdir(), 'interview-voice-'));
    try {
      const file = join(folder, 'speech.wav');
      for (const program of programs) {
        if (this.#missing.has(program.command)) continue;
        const made = await this.#try(program.command, program.arguments(text, file));
        if (made) return encodeFrames(readWave(await readFile(file), RATE), RATE);
      }
      return null;
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  async #try(command: string, parameters: string[]): Promise<boolean> {
    try {
      await run(command, parameters, { timeout: TIMEOUT_MS });
      return true;
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : null;
      if (code === 'ENOENT') this.#missing.add(command);
      return false;
    }
  }
}
