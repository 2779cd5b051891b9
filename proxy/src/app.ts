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
import { plainFetch } from './plain-fetch.ts';
import { authPlugin } from './plugins/auth.ts';
import { corsPlugin } from './plugins/cors.ts';
import { drainPlugin } from './plugins/drain.ts';
import { errorsPlugin } from './plugins/errors.ts';
import { flyReplayPlugin } from './plugins/fly-replay.ts';
import { limitsPlugin } from './plugins/limits.ts';
import { malformedAddress, malformedRequest } from './plugins/malformed.ts';
import { metricsPlugin } from './plugins/metrics.ts';
import { ownSessionPlugin } from './plugins/own-session.ts';
import { securityHeadersPlugin } from './plugins/security-headers.ts';
import { tickPlugin } from './plugins/tick.ts';
import { callRoutes } from './routes/calls.ts';
import { eventRoutes } from './routes/events.ts';
import { messageRoutes } from './routes/messages.ts';
import { isForSocket, socketRoute } from './routes/socket.ts';
import { statusRoutes } from './routes/status.ts';
import { tokenRoutes } from './routes/token.ts';
import { AnswersFirst } from './sessions/answers-first.ts';
import { commandInbox } from './sessions/command-inbox.ts';
import { holderName } from './sessions/holder.ts';
import { orphanage } from './sessions/orphanage.ts';
import { LiveSessions } from './sessions/live-sessions.ts';
import { OffersInFlight } from './sessions/offers-in-flight.ts';
import type { Upstreams } from './sessions/services.ts';
import type { Storage } from './storage/port.ts';
import { supabaseStorage } from './storage/supabase.ts';
import type { SilenceLadder } from './supervision/silence.ts';
import { chooseUpstreams } from './upstream/choose-upstreams.ts';

const BODY_LIMIT_BYTES = 64 * 1024;
/** Apart from where it is used, since the types of Node do not know its `shouldUpgradeCallback` yet. */
const serverOptions = {
  // Who sends a header now and then holds a connection for 8 s at most.
  headersTimeout: 5_000,
  connectionsCheckingInterval: 2_500,
  // An upgrade that nobody answers as one would leave a connection behind that nothing ends.
  shouldUpgradeCallback: isForSocket,
};
const { version } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
) as { version: string };

export interface AppOptions {
  config: Config;
  /** For requests to the provider and to Supabase. */
  fetch?: typeof fetch;
  /** Instead of the Supabase project of the configuration. */
  storage?: Storage;
  /** Instead of what is done about a candidate's silence otherwise. */
  silence?: SilenceLadder;
  /** Instead of standard output. */
  logTo?: LogTarget;
  /** Instead of the providers of the configuration. */
  upstreams?: Upstreams;
  /** Ends the process of a machine whose session is over. */
  end?: () => void;
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
    http: serverOptions,
    frameworkErrors: malformedAddress,
    clientErrorHandler: malformedRequest,
    forceCloseConnections: true,
  });
  const drain = new Drain();
  const log: FastifyBaseLogger = app.log;
  const { storage, upstreams, upstreamHealth, prometheus } = measured(options, log, drain, {
    sessions: () => sessions.size,
    calls: () => sessions.calls,
  });
  const services = {
    storage,
    upstreams,
    offersInFlight: new OffersInFlight(config.limits.offersInFlight),
    answersFirst: new AnswersFirst(),
    log,
    drain,
    holder: holderName(config.machineId),
    silence: options.silence,
  };
  const sessions = new LiveSessions(services);

  await app.register(errorsPlugin);
  await app.register(metricsPlugin, { config, prometheus });
  await app.register(drainPlugin, { drain });
  await app.register(securityHeadersPlugin);
  await app.register(corsPlugin, { config });
  await app.register(authPlugin, { config });
  await app.register(limitsPlugin, { config });
  await app.register(flyReplayPlugin, { config });
  await app.register(ownSessionPlugin, { config, sessions, storage, end: options.end });
  await app.register(socketRoute, { config, sessions });
  await app.register(callRoutes, { sessions });
  await app.register(messageRoutes, { sessions });
  await app.register(eventRoutes, { sessions });
  await app.register(tokenRoutes, { sessions });
  const status = { config, sessions, storage, drain, upstreamHealth, version };
  await app.register(statusRoutes, status);
  await app.register(tickPlugin, { config, storage });

  commandInbox(app, { sessions, services });
  orphanage(app, { sessions, services, isolation: config.isolation });
  app.addHook('preClose', () => sessions.letGo());
  return app;
}

/** What the proxy asks of others, and what counts that. */
function measured(
  options: AppOptions,
  log: FastifyBaseLogger,
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
  const { region, machineId } = config;
  const origin = { model: config.openai.model, region, machineId };
  const storage =
    options.storage ??
    supabaseStorage({ ...config.supabase, ...(fetch ? { fetch } : {}), origin, log });
  const upstreams =
    options.upstreams ??
    chooseUpstreams(config, { log, drain, meter: prometheus, fetch: fetch ?? plainFetch });
  return {
    storage: measuredStorage(storage, prometheus, outbox),
    upstreams: measuredUpstreams(upstreams, prometheus, upstreamHealth),
    upstreamHealth,
    prometheus,
  };
}
