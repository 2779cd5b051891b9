import { setTimeout as pause } from 'node:timers/promises';
import { ProxyError } from '../proxy-error.ts';
import { KeyRefused, type ApiKeys } from './api-keys.ts';
import { refusalOf } from './openai-refusal.ts';
import type { AnsweredCall } from './port.ts';
import { readCapped } from './read-capped.ts';

const OPEN_DEADLINE_MS = 15_000;
/** For each time that a hang-up is asked for, milliseconds. */
const HANGUP_DEADLINE_MS = 5_000;
/** A hang-up that fails is asked for again after these, milliseconds: a call that lives on costs. */
const HANGUP_PAUSES_MS = [250, 1_000];
/** An answer that is on its way when the asker goes names the call to hang up; it is waited for so long, milliseconds. */
const GONE_GRACE_MS = 2_000;
const MAX_ANSWER_BYTES = 64 * 1024;

/** How one server that speaks OpenAI's protocol is reached. */
export interface OpenAiServer {
  keys: ApiKeys;
  /** Paths are appended: `<baseUrl>/realtime/calls`. */
  baseUrl: string;
  /** Where the key stands: Azure has a header of its own for it. */
  keyHeader: 'authorization' | 'api-key';
  fetch?: typeof fetch;
  /** Until the answer is there, milliseconds. */
  deadlineMs?: number;
  /** Until a hang-up is answered, each time that it is asked for, milliseconds. */
  hangupDeadlineMs?: number;
  /** Between two pings of a sideband, milliseconds. */
  pingMs?: number;
  /** Does what nobody waits for, but for a stop. */
  behind?: (work: () => Promise<void>) => void;
}

/** An offer as one shape of the API wants it. */
export interface OfferRequest {
  path: string;
  headers: Readonly<Record<string, string>>;
  body: Buffer;
  /** Statuses that mean an answer. */
  answeredBy: readonly number[];
  /** What stands for the call's id where the server need not name one; null where it must. */
  unnamed: string | null;
}

/** The headers that a key travels in. */
export function keyHeaders(
  { keyHeader }: Pick<OpenAiServer, 'keyHeader'>,
  key: string,
): Record<string, string> {
  return keyHeader === 'api-key' ? { 'api-key': key } : { authorization: `Bearer ${key}` };
}

/**
 * Sends an offer once: after anything but a refusal of the key a call may exist, and a second request could open
 * another. A call of which the answer is of no use, or for which nobody waits any more, is hung up.
 *
 * @param gone aborted when the asker is gone
 * @throws {ProxyError} an `upstream_…` code or `invalid_offer`
 */
export async function exchange(
  server: OpenAiServer,
  offer: OfferRequest,
  gone?: AbortSignal,
): Promise<AnsweredCall> {
  if (gone?.aborted) throw nobodyWaits();
  const cancelled = new AbortController();
  const cancel = (): void => cancelled.abort();
  const deadline = setTimeout(cancel, server.deadlineMs ?? OPEN_DEADLINE_MS).unref();
  let grace: NodeJS.Timeout | undefined;
  const cancelSoon = (): void => {
    grace = setTimeout(cancel, GONE_GRACE_MS);
  };
  gone?.addEventListener('abort', cancelSoon, { once: true });
  try {
    return await answered(server, offer, cancelled.signal, gone);
  } finally {
    clearTimeout(deadline);
    clearTimeout(grace);
    gone?.removeEventListener('abort', cancelSoon);
  }
}

async function answered(
  server: OpenAiServer,
  offer: OfferRequest,
  signal: AbortSignal,
  gone: AbortSignal | undefined,
): Promise<AnsweredCall> {
  const response = await post(server, offer.path, signal, offer);
  // Not that of a redirect, which can't be followed.
  const named = response.ok ? callIdOf(response.headers.get('location')) : null;
  try {
    if (!offer.answeredBy.includes(response.status)) throw await refusalOf(response);
    const sdp = await answerOf(response, signal);
    const providerCallId = named ?? offer.unnamed;
    if (providerCallId === null) throw strange('its answer names no call');
    if (gone?.aborted) throw nobodyWaits();
    return { sdp, providerCallId };
  } catch (error) {
    // The call exists and is paid for although its answer is of no use.
    if (named !== null) (server.behind ?? unheeded)(() => hangUp(server, named));
    throw error;
  }
}

function unheeded(work: () => Promise<void>): void {
  void work().catch(() => undefined);
}

/** Ends a call. Resolves too when the call is gone already; asks again while it can not be told. */
export async function hangUp(server: OpenAiServer, providerCallId: string): Promise<void> {
  for (const pauseMs of HANGUP_PAUSES_MS) {
    try {
      await askToHangUp(server, providerCallId);
      return;
    } catch (error) {
      if (!(error instanceof ProxyError && error.retryable)) throw error;
      await pause(pauseMs);
    }
  }
  await askToHangUp(server, providerCallId);
}

async function askToHangUp(server: OpenAiServer, providerCallId: string): Promise<void> {
  const signal = AbortSignal.timeout(server.hangupDeadlineMs ?? HANGUP_DEADLINE_MS);
  const path = `realtime/calls/${encodeURIComponent(providerCallId)}/hangup`;
  const response = await post(server, path, signal, {});
  if (response.status !== 404 && !response.ok) throw await refusalOf(response);
  await response.body?.cancel();
}

async function post(
  server: OpenAiServer,
  path: string,
  signal: AbortSignal,
  { headers, body }: { headers?: Readonly<Record<string, string>>; body?: Buffer },
): Promise<Response> {
  return server.keys.with(async (key) => {
    const response = await send(server, path, {
      method: 'POST',
      headers: { ...headers, ...keyHeaders(server, key) },
      ...(body ? { body: new Uint8Array(body) } : {}),
      // A redirect could carry the key elsewhere.
      redirect: 'manual',
      signal,
    });
    if (response.status !== 401) return response;
    throw new KeyRefused('The provider refused a key.', { cause: await refusalOf(response) });
  });
}

async function send(server: OpenAiServer, path: string, init: RequestInit): Promise<Response> {
  try {
    return await (server.fetch ?? fetch)(`${server.baseUrl}/${path}`, init);
  } catch (error) {
    throw unreachable(error, init.signal ?? null);
  }
}

async function answerOf(response: Response, signal: AbortSignal): Promise<string> {
  let bytes: Buffer | null;
  try {
    bytes = await readCapped(response, MAX_ANSWER_BYTES);
  } catch (error) {
    throw unreachable(error, signal);
  }
  const type = response.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/sdp') throw strange('its answer is not SDP');
  if (bytes === null) throw strange('its answer is too large');
  const sdp = bytes.toString('utf8');
  if (!/^v=0\r?\n/.test(sdp)) throw strange('its answer is not SDP');
  return sdp;
}

/** `rtc_…` out of `/v1/realtime/calls/rtc_…`; null where there is none that is safe to put into a URL. */
function callIdOf(location: string | null): string | null {
  const last = location?.split(/[?#]/)[0]?.split('/').at(-1) ?? '';
  return /^[A-Za-z0-9_-]{1,128}$/.test(last) ? last : null;
}

/** The provider can't be reached, or said nothing until `signal` gave up. */
export function unreachable(cause: unknown, signal: AbortSignal | null): ProxyError {
  return signal?.aborted
    ? new ProxyError('upstream_timeout', 'The interviewer did not answer in time. Try again.', {
        cause,
      })
    : new ProxyError('upstream_unavailable', 'The interviewer can not be reached. Try again.', {
        cause,
      });
}

function strange(detail: string): ProxyError {
  return new ProxyError('upstream_rejected', 'The interviewer gave no usable answer.', {
    cause: new Error(`The provider answered, but ${detail}.`),
  });
}

function nobodyWaits(): ProxyError {
  return new ProxyError('upstream_timeout', 'Nobody waits for this answer any more.');
}
