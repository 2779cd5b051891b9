import rateLimit, { normalizeIP } from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import type { Redis } from 'ioredis';
import type { Config } from '../config.ts';
import { ProxyError } from '../proxy-error.ts';
import { tokenOf } from './auth.ts';

const MINUTE_MS = 60_000;
/** Sessions, tenants or addresses that one process remembers at a time; the least recently seen are forgotten first. */
const MAX_COUNTED = 20_000;
/** Redis answers in a millisecond; a candidate does not wait for one that hangs. */
const REDIS_TIMEOUT_MS = 250;
const REDIS_RETRY_MS = 2_000;
/** Asked by what watches over this process, many times a minute from one address. */
const probes = new Set(['/healthz', '/readyz', '/metrics']);

/** Counts requests, and refuses those beyond what is allowed in a minute. */
export interface Limits {
  /**
   * Counts a request whose token was verified, for its session and its tenant.
   *
   * @throws {ProxyError} `rate_limited`
   */
  known: (request: FastifyRequest) => Promise<void>;
  /**
   * Counts a request without a token that holds, for the address at the other end of its connection: every header that
   * could name another can be forged.
   *
   * @throws {ProxyError} `rate_limited`
   */
  stranger: (request: FastifyRequest) => Promise<void>;
}

declare module 'fastify' {
  interface FastifyInstance {
    limits: Limits;
  }
}

type Counter = ReturnType<FastifyInstance['createRateLimit']>;
type Counters = Record<'session' | 'tenant' | 'address', Counter>;

/** Decorates the app with the limits of `config.limits`. */
export const limitsPlugin = fp<{ config: Config }>(
  async (app, { config }) => {
    const local = await countersIn(app, config, null);
    const redis = config.redisUrl === null ? null : await connect(app, config.redisUrl);
    const shared = redis ? await countersIn(app, config, redis) : null;

    const take = async (request: FastifyRequest, name: keyof Counters): Promise<void> => {
      // A store that is away neither lets a flood in nor anybody out: this process counts for itself meanwhile.
      const count =
        shared && redis?.status === 'ready'
          ? await shared[name](request).catch(() => local[name](request))
          : await local[name](request);
      if (count.isAllowed || !count.isExceeded) return;
      throw new ProxyError('rate_limited', 'Too many requests. Wait a moment and try again.', {
        retryAfterMs: Math.max(count.ttl, 1_000),
      });
    };

    app.decorate('limits', {
      known: async (request) => {
        await Promise.all([take(request, 'session'), take(request, 'tenant')]);
      },
      stranger: (request) => take(request, 'address'),
    } satisfies Limits);
    app.addHook('onRequest', async (request) => {
      const path = request.routeOptions.url ?? '';
      // A preflight carries no token, and costs nothing.
      if (probes.has(path) || request.method === 'OPTIONS') return;
      // Only these look at the token; elsewhere anything may stand in its place.
      const verifies = path === '/ws' || path.startsWith('/v1/');
      if (!verifies || tokenOf(request.headers) === null) await app.limits.stranger(request);
    });
  },
  { name: 'limits', dependencies: ['auth'] },
);

async function countersIn(
  app: FastifyInstance,
  { limits }: Config,
  redis: Redis | null,
): Promise<Counters> {
  const made = Promise.withResolvers<Counters>();
  // In a scope of its own, since an app can have one store only.
  await app.register(async (scope) => {
    await scope.register(rateLimit, {
      global: false,
      timeWindow: MINUTE_MS,
      cache: MAX_COUNTED,
      ...(redis ? { redis, nameSpace: 'interview-proxy-' } : {}),
    });
    const counter = (max: number, keyOf: (request: FastifyRequest) => string): Counter =>
      scope.createRateLimit({ max, keyGenerator: keyOf });
    made.resolve({
      session: counter(limits.perSession, ({ claims }) => `session:${claims?.sid ?? ''}`),
      tenant: counter(limits.perTenant, ({ claims }) => `tenant:${claims?.tid ?? ''}`),
      address: counter(limits.perAddress, (request) => `address:${addressOf(request)}`),
    });
  });
  return made.promise;
}

/** A whole /64 of IPv6 belongs to one household or server, which may use any address of it. */
function addressOf({ socket }: FastifyRequest): string {
  return socket.remoteAddress === undefined ? '' : normalizeIP(socket.remoteAddress);
}

async function connect(app: FastifyInstance, url: string): Promise<Redis> {
  // Most starts need none of it.
  const { Redis } = await import('ioredis');
  const redis = new Redis(url, {
    connectTimeout: REDIS_RETRY_MS,
    commandTimeout: REDIS_TIMEOUT_MS,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    retryStrategy: () => REDIS_RETRY_MS,
  });
  let away = false;
  redis.on('error', (error: Error) => {
    if (!away) app.log.warn({ err: error }, 'Redis is away; each process counts for itself');
    away = true;
  });
  redis.on('ready', () => {
    if (away) app.log.info('Redis is back');
    away = false;
  });
  app.addHook('onClose', () => redis.disconnect());
  return redis;
}
