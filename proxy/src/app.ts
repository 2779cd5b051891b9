import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import Fastify, { LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import type { Config } from './config.ts';
import { Drain } from './drain.ts';
import { logging, type LogTarget } from './logging.ts';
import { measuredStorage, measuredUpstreams } from './metrics/measured.ts';
import { OutboxAge } from './metrics/outbox-age.ts';
import { Prometheus, type Readings } from './metrics/prometheus.ts';
import { UpstreamHealth } from './metrics/upstream-health.ts';
import { authPlugin } from './plugins/auth.ts';
import { corsPlugin } from './plugins/cors.ts';
import { drainPlugin } from './plugins/drain.ts';
import { errorsPlugin } from './plugins/errors.ts';
import { metricsPlugin } from './plugins/metrics.ts';
import { securityHeadersPlugin } from './plugins/security-headers.ts';
import { tickPlugin } from './plugins/tick.ts';
import { callRoutes } from './routes/calls.ts';
import { eventRoutes } from './routes/events.ts';
import { messageRoutes } from './routes/messages.ts';
import { socketRoute } from './routes/socket.ts';
import { statusRoutes } from './routes/status.ts';
import { tokenRoutes } from './routes/token.ts';
import { LiveSessions } from './sessions/live-sessions.ts';
import type { Upstreams } from './sessions/services.ts';
import type { Storage } from './storage/port.ts';
import { supabaseStorage } from './storage/supabase.ts';
import { openAiRealtime } from './upstream/openai-realtime.ts';

const BODY_LIMIT_BYTES = 64 * 1024;
const { version } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
) as { version: string };

export interface AppOptions {
  config: Config;
  /** For requests to the provider and to Supabase. */
  fetch?: typeof fetch;
  /** Instead of the Supabase project of the configuration. */
  storage?: Storage;
  /** Instead of standard output. */
  logTo?: LogTarget;
}

/** Builds the proxy without listening. */
export async function buildApp(options: AppOptions): Promise<FastifyInstance> {
  const { config } = options;
  const app = Fastify({
    logger: logging(config, options.logTo),
    genReqId: () => randomUUID(),
    logController: new LogController({ requestIdLogLabel: 'request_id' }),
    bodyLimit: BODY_LIMIT_BYTES,
    connectionTimeout: 60_000,
    requestTimeout: 30_000,
    keepAliveTimeout: 65_000,
    http: { headersTimeout: 10_000, connectionsCheckingInterval: 5_000 },
    forceCloseConnections: true,
  });
  const drain = new Drain();
  const { storage, upstreams, upstreamHealth, prometheus } = measured(options, drain, {
    sessions: () => sessions.size,
    calls: () => sessions.calls,
  });
  const log: FastifyBaseLogger = app.log;
  const sessions = new LiveSessions({ storage, upstreams, log, drain, holder: randomUUID() });

  await app.register(errorsPlugin);
  await app.register(metricsPlugin, { config, prometheus });
  await app.register(drainPlugin, { drain });
  await app.register(securityHeadersPlugin);
  await app.register(corsPlugin, { config });
  await app.register(authPlugin, { config });
  await app.register(socketRoute, { config, sessions });
  await app.register(callRoutes, { sessions });
  await app.register(messageRoutes, { sessions });
  await app.register(eventRoutes, { sessions });
  await app.register(tokenRoutes, { sessions });
  const status = { config, sessions, storage, drain, upstreamHealth, version };
  await app.register(statusRoutes, status);
  await app.register(tickPlugin, { config, storage });

  app.addHook('preClose', () => sessions.letGo());
  return app;
}

/** What the proxy asks of others, and what counts that. */
function measured(
  options: AppOptions,
  drain: Drain,
  readings: Pick<Readings, 'sessions' | 'calls'>,
) {
  const { config, fetch } = options;
  const outbox = new OutboxAge();
  const upstreamHealth = new UpstreamHealth();
  const prometheus = new Prometheus(version, {
    ...readings,
    outboxAgeMs: () => outbox.oldest(),
    draining: () => drain.begun,
  });
  const storage =
    options.storage ?? supabaseStorage({ ...config.supabase, ...(fetch ? { fetch } : {}) });
  return {
    storage: measuredStorage(storage, prometheus, outbox),
    upstreams: measuredUpstreams(chooseUpstreams(options), prometheus, upstreamHealth),
    upstreamHealth,
    prometheus,
  };
}

function chooseUpstreams({ config, fetch }: AppOptions): Upstreams {
  const { model, transcriptionModel, voice, baseUrl, apiKey } = config.openai;
  const common = { model, transcriptionModel, voice, ...(fetch ? { fetch } : {}) };
  const simulator = openAiRealtime({
    ...common,
    name: 'simulator',
    apiKey: 'simulated',
    baseUrl: config.simulatorUrl,
  });
  if (config.simulation || apiKey === null) {
    return { choose: () => simulator, named: (name) => (name === 'simulator' ? simulator : null) };
  }
  const openai = openAiRealtime({ ...common, name: 'openai', apiKey, baseUrl });
  return {
    choose: (simulated) => (simulated ? simulator : openai),
    named: (name) => [openai, simulator].find((one) => one.name === name) ?? null,
  };
}
