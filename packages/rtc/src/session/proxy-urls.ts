import type { StartReply } from '@interview/protocol';
import type { InterviewSessionOptions } from '../options.ts';
import type { ProxyAddress } from '../signalling/doors.ts';

/**
 * Addresses of the proxy, in the order in which they are tried.
 *
 * @param told what the start reply names; used when the page names none
 * @example
 * proxyAddresses({ serverUrl: 'https://proxy.example.com' }, told);
 * // [{ ws: 'wss://proxy.example.com/ws', http: 'https://proxy.example.com/' }]
 */
export function proxyAddresses(
  { serverUrl, simulation }: Pick<InterviewSessionOptions, 'serverUrl' | 'simulation'>,
  told: StartReply['proxy'],
): ProxyAddress[] {
  const address = (from: string, scheme: string, path: (path: string) => string): string => {
    const url = new URL(from);
    url.protocol = url.protocol.replace(/^(http|ws)/, scheme);
    url.pathname = path(url.pathname);
    if (simulation) url.searchParams.set('simulation', 'true');
    return url.href;
  };
  const pair = (ws: string, http: string): ProxyAddress => ({
    ws: address(ws, 'ws', (path) => (path === '/' ? '/ws' : path)),
    http: address(http, 'http', (path) => path.replace(/\/(ws)?$/, '') + '/'),
  });
  const named = typeof serverUrl === 'string' ? [serverUrl] : (serverUrl ?? []);
  if (named.length === 0) return [pair(told.ws_url, told.http_url)];
  return named.map((url) => pair(url, url));
}
