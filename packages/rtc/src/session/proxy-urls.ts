import type { InterviewSessionOptions } from '../options.ts';

/**
 * Addresses of the proxy's socket, in the order in which they are tried.
 *
 * @param told what the start reply names; used when the page names none
 */
export function proxyUrls(
  { serverUrl, simulation }: Pick<InterviewSessionOptions, 'serverUrl' | 'simulation'>,
  told: string,
): string[] {
  const named = typeof serverUrl === 'string' ? [serverUrl] : (serverUrl ?? []);
  return (named.length > 0 ? named : [told]).map((address) => {
    const url = new URL(address);
    url.protocol = url.protocol.replace(/^http/, 'ws');
    if (url.pathname === '/') url.pathname = '/ws';
    if (simulation) url.searchParams.set('simulation', 'true');
    return url.href;
  });
}
