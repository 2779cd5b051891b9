import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import Fastify, { type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import type { Config } from './config.ts';
import { loggedRequest } from './logged-request.ts';
import { authPlugin } from './plugins/auth.ts';
import { corsPlugin } from './plugins/cors.ts';
import { errorsPlugin } from './plugins/errors.ts';
import { flyReplayPlugin } from './plugins/fly-replay.ts';
import { ownSessionPlugin } from './plugins/own-session.ts';
import { securityHeadersPlugin } from './plugins/security-headers.ts';
import { callRoutes } from './routes/calls.ts';
import { eventRoutes } from './routes/events.ts';
import { messageRoutes } from './routes/messages.ts';
import { socketRoute } from './routes/socket.ts';
import { statusRoutes } from './routes/status.ts';
import { tokenRoutes } from './routes/token.ts';
import { LiveSessions } from './sessions/live-sessions.ts';
import type { Storage } from './storage/port.ts';
import { supabaseStorage } from './storage/supabase.ts';
import { chooseUpstreams } from './upstream/choose-upstreams.ts';

const TICK_MS = 15_000;
const BODY_LIMIT_BYTES = 64 * 1024;

export interface AppOptions {
  config: Config;
  /** For requests to the provider and to Supabase. */
  fetch?: typeof fetch;
  /** Instead of the Supabase project of the configuration. */
  storage?: Storage;
  /** Ends the process of a machine whose session is over. */
  end?: () => void;
}

/** Builds the proxy without listening. */
export async function buildApp(options: AppOptions): Promise<FastifyInstance> {
  const { config } = options;
  const app = Fastify({
    // Requests are logged by address and outcome; headers, which hold tokens, and bodies are not.
    logger: { level: config.logLevel, serializers: { req: loggedRequest } },
    genReqId: () => randomUUID(),
    bodyLimit: BODY_LIMIT_BYTES,
    connectionTimeout: 60_000,
    requestTimeout: 30_000,
    keepAliveTimeout: 65_000,
    http: { headersTimeout: 10_000, connectionsCheckingInterval: 5_000 },
    forceCloseConnections: true,
  });
  const storage =
    options.storage ??
    supabaseStorage({ ...config.supabase, ...(options.fetch ? { fetch: options.fetch } : {}) });
  const log: FastifyBaseLogger = app.log;
  const upstreams = chooseUpstreams(config, log, options.fetch);
  const sessions = new LiveSessions({ storage, upstreams, log, holder: randomUUID() });

  await app.register(errorsPlugin);
  await app.register(securityHeadersPlugin);
  await app.register(corsPlugin, { config });
  await app.register(authPlugin, { config });
  await app.register(flyReplayPlugin, { config });
  await app.register(ownSessionPlugin, { config, sessions, storage, end: options.end });
  await app.register(socketRoute, { config, sessions });
  await app.register(callRoutes, { sessions });
  await app.register(messageRoutes, { sessions });
  await app.register(eventRoutes, { sessions });
  await app.register(tokenRoutes, { sessions });
  await app.register(statusRoutes, { config, sessions, storage, version: ownVersion() });

  app.addHook('preClose', () => sessions.letGo());
  tickWhileUp(app, storage);
  return app;
}

function ownVersion(): string {
  const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}

/** Every proxy works off what is due; hosted projects may have a scheduler besides. */
function tickWhileUp(app: FastifyInstance, storage: Storage): void {
  let running = false;
  const timer = setInterval(() => {
    if (running) return;
    running = true;
    storage
      .tick()
      .catch((error: unknown) => app.log.debug({ err: error }, 'tick failed'))
      .finally(() => (running = false));
  }, TICK_MS).unref();
  app.addHook('onClose', () => clearInterval(timer));
}
