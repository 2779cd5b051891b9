import { lookup } from 'node:dns/promises';
import * as http from 'node:http';
import * as https from 'node:https';
import * as tls from 'node:tls';
import { isLoopback, isPublicAddress } from './is-public-address.ts';

/** A tick may last 20 s, and begins nothing after 15: what a request may take in all, milliseconds. */
const REQUEST_MS = 5_000;

/**
 * Why there is no HTTP status.
 *
 * - `address_refused`: it is no https address of the public internet
 * - `unresolved`: the name has no address
 * - `timeout`: no answer within 5 s
 * - `unreachable`: no connection, no valid certificate, or no HTTP
 */
export type PostError = 'address_refused' | 'unresolved' | 'timeout' | 'unreachable';

/** How a request went. */
export type Posted = { status: number; error: null } | { status: null; error: PostError };

/** Finds the addresses of a host name. */
export type Resolve = (hostname: string) => Promise<string[]>;

/**
 * Posts JSON to an address that somebody else chose. The address is resolved first and the connection goes to what was
 * checked, so that a name can't change its meaning in between. Redirects are not followed and the reply's body is not
 * read. Never throws.
 *
 * @param options.local this machine's own addresses are allowed, also by plain http
 */
export async function postWebhook(
  url: URL,
  headers: Record<string, string>,
  body: string,
  options: { local: boolean; resolve?: Resolve | undefined },
): Promise<Posted> {
  const hostname = url.hostname.replace(/^\[|\]$/g, '');
  let addresses: string[];
  try {
    addresses = await withTimeout((options.resolve ?? resolveByDns)(hostname));
  } catch {
    return { status: null, error: 'unresolved' };
  }
  const [address] = addresses;
  if (address === undefined) return { status: null, error: 'unresolved' };
  const mayReach = (each: string) =>
    isPublicAddress(each)
      ? url.protocol === 'https:'
      : options.local && isLoopback(each) && /^https?:$/.test(url.protocol);
  // One private address among public ones is no accident.
  if (!addresses.every(mayReach)) return { status: null, error: 'address_refused' };
  try {
    return { status: await send(url, address, hostname, headers, body), error: null };
  } catch (error) {
    const aborted = error instanceof Error && /^(Abort|Timeout)Error$/.test(error.name);
    return { status: null, error: aborted ? 'timeout' : 'unreachable' };
  }
}

const resolveByDns: Resolve = async (hostname) =>
  (await lookup(hostname, { all: true })).map(({ address }) => address);

function withTimeout<T>(work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error('no answer')), REQUEST_MS);
  return Promise.race([work, promise]).finally(() => clearTimeout(timer));
}

function send(
  url: URL,
  address: string,
  hostname: string,
  headers: Record<string, string>,
  body: string,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const isSafe = url.protocol === 'https:';
    const { request } = isSafe ? https : http;
    const at = { host: address, port: Number(url.port) || (isSafe ? 443 : 80) };
    // The certificate must be the name's. An address in a URL has no name to send.
    const servername = hostname === address ? {} : { servername: hostname };
    const sent = request({
      ...at,
      // Left to make it by itself, Deno asks for more rights than a hosted function has.
      ...(isSafe ? { createConnection: () => tls.connect({ ...at, ...servername }) } : {}),
      path: `${url.pathname}${url.search}`,
      method: 'POST',
      headers: { ...headers, host: url.host, 'content-length': Buffer.byteLength(body) },
      agent: false,
      signal: AbortSignal.timeout(REQUEST_MS),
    });
    sent.on('error', reject);
    sent.on('response', (response) => {
      resolve(response.statusCode ?? 0);
      sent.destroy();
    });
    sent.end(body);
  });
}
