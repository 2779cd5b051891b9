import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import type { Config } from '../config.ts';
import type { Drain } from '../drain.ts';
import type { UpstreamHealth } from '../metrics/upstream-health.ts';
import type { LiveSessions } from '../sessions/live-sessions.ts';
import type { Storage } from '../storage/port.ts';
import { hideSecretsModule } from './hide-secrets-module.ts';
import { ReadinessCheck } from './readiness.ts';
import { statusPage } from './status-page.ts';

const publicFolder = fileURLToPath(new URL('../../public', import.meta.url));
/** What asks every few seconds would fill the log. */
const quiet = { logLevel: 'warn' } as const;

/** What the status routes tell of. */
export interface StatusOptions {
  config: Config;
  sessions: LiveSessions;
  storage: Storage;
  drain: Drain;
  upstreamHealth: UpstreamHealth;
  version: string;
}

/** `GET /`, `/healthz`, `/readyz` and the support page. None of them tells a secret. */
export async function statusRoutes(app: FastifyInstance, options: StatusOptions): Promise<void> {
  const { config, sessions, storage, drain, upstreamHealth, version } = options;
  const startedAt = Date.now();
  const check = new ReadinessCheck(storage, upstreamHealth, drain);

  app.get('/healthz', quiet, () => ({ status: 'ok' }));

  app.get('/readyz', quiet, async (_request, reply) => {
    const found = await check.look();
    return reply.code(found.ready ? 200 : 503).send(found);
  });

  app.get('/', quiet, async (_request, reply) => {
    const readiness = await check.look();
    const page = statusPage({
      readiness,
      version,
      region: config.region,
      interviewer: config.simulation ? null : config.openai.model,
      upstream: upstreamHealth.report,
      startedAt,
      now: Date.now(),
      sessions: sessions.size,
      calls: sessions.calls,
    });
    return reply.type('text/html; charset=utf-8').send(page);
  });

  // The support page hides what logs hide, by the same list.
  app.get('/hide-secrets.js', quiet, (_request, reply) =>
    reply.type('text/javascript; charset=utf-8').send(hideSecretsModule),
  );
  await app.register(fastifyStatic, { root: publicFolder, wildcard: false, index: false });
}
