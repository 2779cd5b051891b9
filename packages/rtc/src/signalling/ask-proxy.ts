import type { ClientMessage, ServerMessage } from '@interview/protocol';
import { InterviewError } from '../errors.ts';
import type { Ports } from '../options.ts';
import { unreachable } from './failures.ts';
import { asMessage, readMessage } from './read-message.ts';
import { errorOf } from './server-error.ts';

/** The HTTP side of a proxy, and who speaks to it. */
export interface HttpSide {
  /** Base address, with the query that every request gets. */
  http: string;
  token: string;
  fetch: Ports['fetch'];
}

/** A refusal in the words of the socket. */
export type Refusal = Extract<ServerMessage, { type: 'error' }>;

/** Makes one request. Rejects when nobody is reached. */
export function askProxy(
  { http, token, fetch }: HttpSide,
  path: string,
  init: RequestInit = {},
): Promise<Response> {
  const url = new URL(http);
  url.pathname = url.pathname.replace(/\/?$/, path);
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  return fetch(url.href, { ...init, headers });
}

/** The refusal that a response holds; null for what no proxy of ours says. */
export async function readRefusal(response: Response): Promise<Refusal | null> {
  const body = (await response.json().catch(() => null)) as { error?: object } | null;
  const wait = Number(response.headers.get('retry-after')) * 1000;
  const told = { ...body?.error, type: 'error', ...(wait > 0 && { retry_after_ms: wait }) };
  return asMessage(told) as Refusal | null;
}

/** Sends one message and resolves with its reply; null where it has none. Rejects when no proxy is reached. */
export async function postMessage(
  side: HttpSide,
  message: ClientMessage,
  init?: RequestInit,
): Promise<ServerMessage | null> {
  const request = { ...init, method: 'POST', body: JSON.stringify(message) };
  const response = await askProxy(side, '/v1/messages', request);
  if (response.status === 204) return null;
  if (response.ok) {
    const reply = readMessage(await response.text());
    if (reply) return reply;
  } else {
    const refusal = await readRefusal(response);
    if (refusal) return 'id' in message ? { ...refusal, id: message.id } : refusal;
  }
  throw new Error(`HTTP ${response.status}`);
}

/**
 * The reply to one request, for those who have no connection.
 *
 * @throws InterviewError proxy_unreachable, or by the code of the refusal
 */
export async function postRequest(
  side: HttpSide,
  message: ClientMessage,
  signal: AbortSignal,
): Promise<ServerMessage> {
  let reply;
  try {
    reply = await postMessage(side, message, { signal });
  } catch (error) {
    throw InterviewError.from(error, 'proxy_unreachable');
  }
  if (!reply) throw unreachable();
  if (reply.type === 'error') throw errorOf(reply);
  return reply;
}
