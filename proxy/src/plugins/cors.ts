import cors from '@fastify/cors';
import fp from 'fastify-plugin';
import type { Config } from '../config.ts';

const HOUR_S = 3600;

/**
 * Preflights carry no token, so they are answered for any https page (any loopback page in local mode); the request
 * itself is refused by the token's list of origins.
 */
export const corsPlugin = fp<{ config: Config }>(
  async (app, { config }) => {
    await app.register(cors, {
      origin: (origin, answer) => answer(null, mayAsk(origin, config)),
      methods: ['GET', 'POST', 'PATCH', 'DELETE'],
      allowedHeaders: [
        'authorization',
        'apikey',
        'x-client-info',
        'content-type',
        'x-openai-agents-sdk',
        'if-match',
      ],
      exposedHeaders: ['location', 'etag', 'retry-after', 'x-request-id'],
      maxAge: HOUR_S,
    });
  },
  { name: 'cors' },
);

function mayAsk(origin: string | undefined, config: Config): boolean {
  if (origin === undefined || !URL.canParse(origin)) return false;
  if (config.allowedOrigins.includes(origin)) return true;
  const url = new URL(origin);
  if (url.origin !== origin) return false;
  if (url.protocol === 'https:') return true;
  return config.local && /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
}
