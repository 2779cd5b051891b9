import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

/** As much of OpenAI's own client as tests use. */
export interface OpenAiClient {
  readonly status: string;
  readonly callId: string | undefined;
  connect: (options: { apiKey: string }) => Promise<void>;
  close: () => void;
  on: (name: string, listener: (event: { type: string; transcript?: string }) => void) => void;
}

type OpenAiClientClass = new (options: Record<string, unknown>) => OpenAiClient;

/**
 * Loads `OpenAIRealtimeWebRTC` of `@openai/agents-realtime` as published. In one file, since our condition `source`
 * leads Node to TypeScript in a package below it.
 */
export async function loadOpenAiClient(): Promise<OpenAiClientClass> {
  const { outputFiles } = await build({
    stdin: {
      contents: `export { OpenAIRealtimeWebRTC } from '@openai/agents-realtime';`,
      resolveDir: import.meta.dirname,
    },
    bundle: true,
    platform: 'node',
    format: 'esm',
    // Parts of it are CommonJS, and ask for Node's own modules by `require`.
    banner: {
      js: `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);`,
    },
    write: false,
  });
  const folder = await mkdtemp(join(tmpdir(), 'openai-client-'));
  try {
    const file = join(folder, 'client.mjs');
    await writeFile(file, outputFiles[0]?.contents ?? '');
    const loaded = (await import(pathToFileURL(file).href)) as {
      OpenAIRealtimeWebRTC: OpenAiClientClass;
    };
    return loaded.OpenAIRealtimeWebRTC;
  } finally {
    await rm(folder, { recursive: true });
  }
}
