import { build } from 'esbuild';

/** OpenAI's own client on a data channel that it did not open itself. */
export interface OpenAiEvents {
  /** What its transport sends when the channel opens. */
  open: () => void;
  /** A message of the channel. */
  receive: (data: string) => void;
}

/** Its transport only makes the connection; the events, and what follows from them, are of this class. */
const code = `
import { OpenAIRealtimeBase } from '@openai/agents-realtime';
export class Client extends OpenAIRealtimeBase {
  constructor(send) {
    super();
    this.sendEvent = send;
  }
  open() {
    this.updateSessionConfig({ model: this.currentModel });
  }
  receive(data) {
    this._onMessage({ data });
    const event = JSON.parse(data);
    if (event.type !== 'session.created') return;
    this._tracingConfig = event.session.tracing;
    this._updateTracingConfig('auto');
  }
}`;

/**
 * The client of npm `@openai/agents-realtime`, whose events go to `send`. Bundled, since the sources that it comes
 * with are meant for no test runner.
 */
export async function openAiEvents(send: (event: object) => void): Promise<OpenAiEvents> {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: import.meta.dirname },
    bundle: true,
    format: 'esm',
    platform: 'browser',
    write: false,
    logLevel: 'error',
  });
  const url = `data:text/javascript;base64,${Buffer.from(outputFiles[0]?.contents ?? []).toString('base64')}`;
  const { Client } = (await import(/* @vite-ignore */ url)) as {
    Client: new (send: (event: object) => void) => OpenAiEvents;
  };
  return new Client(send);
}
