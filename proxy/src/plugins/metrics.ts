import { createHash, timingSafeEqual } from 'node:crypto';
import { BlockList } from 'node:net';
import type { FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import type { Config } from '../config.ts';
import type { Meter } from '../metrics/meter.ts';
import type { Prometheus } from '../metrics/prometheus.ts';
import { ProxyError } from '../proxy-error.ts';

declare module 'fastify' {
  interface FastifyInstance {
    meter: Meter;
  }
}

/** Loopback, RFC 1918, RFC 3927, RFC 4193 (Fly's private network is one of these) and RFC 4291 link-local. */
const privateNetworks = new BlockList();
privateNetworks.addSubnet('127.0.0.0', 8, 'ipv4');
privateNetworks.addSubnet('10.0.0.0', 8, 'ipv4');
privateNetworks.addSubnet('172.16.0.0', 12, 'ipv4');
privateNetworks.addSubnet('192.168.0.0', 16, 'ipv4');
privateNetworks.addSubnet('169.254.0.0', 16, 'ipv4');
privateNetworks.addAddress('::1', 'ipv6');
privateNetworks.addSubnet('fc00::', 7, 'ipv6');
privateNetworks.addSubnet('fe80::', 10, 'ipv6');

/** Each balancer says one of these; a request with any came from outside, whatever address it is handed on from. */
const forwardingHeaders = ['forwarded', 'x-forwarded-for', 'via', 'fly-client-ip', 'x-real-ip'];

/** `GET /metrics`, and the count of every HTTP exchange. */
export const metricsPlugin = fp<{ config: Config; prometheus: Prometheus }>(
  (app, { config, prometheus }, done) => {
    app.decorate<Meter>('meter', prometheus);
    app.addHook('onResponse', (request, reply, next) => {
      const { method } = request;
      const { statusCode: status } = reply;
      const route = request.routeOptions.url ?? 'none';
      if (!request.ws) {
        prometheus.exchanged({ method, route, status, seconds: reply.elapsedTime / 1000 });
      }
      if (status < 400 && route.startsWith('/v1/')) prometheus.answered('http', 'ok');
      next();
    });
    app.get('/metrics', { logLevel: 'warn' }, async (request, reply) => {
      mayRead(request, config.metricsToken);
      return reply.type(prometheus.contentType).send(await prometheus.text());
    });
    done();
  },
  { name: 'metrics' },
);

/**
 * Who holds the token, where there is one; else who comes straight from a private address.
 *
 * @throws {ProxyError} `token_missing`, `token_invalid`, `forbidden`
 */
function mayRead({ headers, socket }: FastifyRequest, token: string | null): void {
  if (token !== null) {
    const shown = /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1];
    if (shown === undefined) {
      throw new ProxyError('token_missing', 'Send Authorization: Bearer with METRICS_TOKEN.');
    }
    if (timingSafeEqual(digest(shown), digest(token))) return;
    throw new ProxyError('token_invalid', 'This is not the token of METRICS_TOKEN.');
  }
  const address = socket.remoteAddress ?? '';
  const family = address.includes(':') ? 'ipv6' : 'ipv4';
  const forwarded = forwardingHeaders.some((name) => headers[name] !== undefined);
  if (!forwarded && address !== '' && privateNetworks.check(address, family)) return;
  throw new ProxyError('forbidden', 'Read metrics from the private network, or set METRICS_TOKEN.');
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
