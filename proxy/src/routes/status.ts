import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import type { Config } from '../config.ts';
import type { Drain } from '../drain.ts';
import type { LiveSessions } from '../sessions/live-sessions.ts';
import type { Storage } from '../storage/port.ts';

const publicFolder = fileURLToPath(new URL('../../public', import.meta.url));

/** What the status routes tell of. */
export interface StatusOptions {
  config: Config;
  sessions: LiveSessions;
  storage: Storage;
  drain: Drain;
  version: string;
}

/** `GET /`, `/healthz`, `/readyz` and the support page. None of them tells a secret. */
export async function statusRoutes(app: FastifyInstance, options: StatusOptions): Promise<void> {
  const { config, sessions, storage, drain, version } = options;
  const startedAt = Date.now();

  const readiness = async () => {
    const database = await storage.check().then(
      () => 'ok' as const,
      () => 'unavailable' as const,
    );
    // The provider is not asked: each question would be paid for, or counted against a limit.
    const upstream = config.simulation ? ('simulated' as const) : ('configured' as const);
    const draining = drain.begun;
    return { ready: database === 'ok' && !draining, checks: { database, upstream }, draining };
  };

  app.get('/healthz', () => ({ status: 'ok' }));

  app.get('/readyz', async (_request, reply) => {
    const found = await readiness();
    return reply.code(found.ready ? 200 : 503).send(found);
  });

  app.get('/', async (_request, reply) => {
    const { ready, checks } = await readiness();
    const rows: [string, string][] = [
      ['Version', version],
      ['Interviewer', config.simulation ? 'simulated (no key, no cost)' : config.openai.model],
      ['Database', checks.database],
      ['Up for', `${Math.floor((Date.now() - startedAt) / 1000)} s`],
      ['Calls here', String(sessions.calls)],
    ];
    return reply.type('text/html; charset=utf-8').send(statusPage(ready, rows));
  });

  await app.register(fastifyStatic, { root: publicFolder, wildcard: false, index: false });
}

function statusPage(ready: boolean, rows: readonly [string, string][]): string {
  const list = rows
    .map(([name, value]) => `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd>`)
    .join('');
  const word = ready ? 'Ready' : 'Not ready';
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Interview SDP proxy: ${word}</title>
<link rel="stylesheet" href="/pages.css">
</head>
<body>
<main>
<h1>Interview SDP proxy</h1>
<p class="state" data-ready="${ready}">${word}</p>
<dl>${list}</dl>
<p><a href="/realtime-test.html">Test a connection</a></p>
</main>
</body>
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
