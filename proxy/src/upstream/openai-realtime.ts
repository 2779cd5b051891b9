import { parseServerEvent } from '@interview/protocol';
import { WebSocket } from 'ws';
import { ProxyError } from '../proxy-error.ts';
import { multipart } from './multipart.ts';
import { refusalOf } from './openai-refusal.ts';
import { openAiSession, type OpenAiModels } from './openai-session.ts';
import type { AnsweredCall, CallSpec, Sideband, SidebandHandlers, Upstream } from './port.ts';

const OPEN_DEADLINE_MS = 15_000;
const HANGUP_DEADLINE_MS = 5_000;
const MAX_ANSWER_BYTES = 64 * 1024;
/** An item that is asked for comes with its sound, about 64 kB a second. */
const MAX_EVENT_BYTES = 32 * 1024 * 1024;
/** A sideband that does not answer a ping before the next one is taken as dead, milliseconds. Our choice. */
const PING_MS = 5_000;

export interface OpenAiOptions extends OpenAiModels {
  /** Name to store: `openai`, or `simulator` for the one that speaks the same protocol. */
  name: string;
  apiKey: string;
  /** Paths are appended: `<baseUrl>/realtime/calls`. */
  baseUrl: string;
  fetch?: typeof fetch;
  /** Until the answer is there, milliseconds. */
  deadlineMs?: number;
  /** Between two pings of a sideband, milliseconds. */
  pingMs?: number;
}

/** OpenAI's Realtime API (GA), and whatever speaks like it. */
export function openAiRealtime(options: OpenAiOptions): Upstream {
  return {
    name: options.name,
    dialect: 'openai-realtime',
    session: (spec) => openAiSession(spec, options),
    openCall: (offer, spec) => openCall(options, offer, spec),
    hangup: (providerCallId) => hangup(options, providerCallId),
    attach: (providerCallId, handlers, signal) => attach(options, providerCallId, handlers, signal),
  };
}

async function openCall(
  options: OpenAiOptions,
  offer: string,
  spec: CallSpec,
): Promise<AnsweredCall> {
  const form = multipart([
    { name: 'sdp', type: 'application/sdp', body: offer },
    {
      name: 'session',
      type: 'application/json',
      body: JSON.stringify(openAiSession(spec, options)),
    },
  ]);
  const signal = AbortSignal.timeout(options.deadlineMs ?? OPEN_DEADLINE_MS);
  const response = await request(options, 'realtime/calls', signal, {
    body: form.body,
    headers: {
      'content-type': form.contentType,
      accept: 'application/sdp',
      'openai-safety-identifier': spec.safetyIdentifier,
    },
  });
  if (response.status !== 201) throw await refusalOf(response);
  const providerCallId = callIdOf(response.headers.get('location'));
  const sdp = await answerOf(response, signal).catch((error: unknown) => {
    // The call may exist and be paid for although its answer is of no use.
    if (providerCallId !== null) void hangup(options, providerCallId).catch(() => undefined);
    throw error;
  });
  if (providerCallId === null) throw strange('its answer names no call');
  return { sdp, providerCallId };
}

async function answerOf(response: Response, signal: AbortSignal): Promise<string> {
  let bytes: Buffer;
  try {
    bytes = Buffer.from(await response.arrayBuffer());
  } catch (error) {
    throw unreachable(error, signal);
  }
  const type = response.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/sdp') throw strange('its answer is not SDP');
  if (bytes.length > MAX_ANSWER_BYTES) throw strange('its answer is too large');
  const sdp = bytes.toString('utf8');
  if (!/^v=0\r?\n/.test(sdp)) throw strange('its answer is not SDP');
  return sdp;
}

/** `rtc_…` out of `/v1/realtime/calls/rtc_…`; null where there is none that is safe to put into a URL. */
function callIdOf(location: string | null): string | null {
  const last = location?.split(/[?#]/)[0]?.split('/').at(-1) ?? '';
  return /^[A-Za-z0-9_-]{1,128}$/.test(last) ? last : null;
}

async function hangup(options: OpenAiOptions, providerCallId: string): Promise<void> {
  const signal = AbortSignal.timeout(HANGUP_DEADLINE_MS);
  const path = `realtime/calls/${encodeURIComponent(providerCallId)}/hangup`;
  const response = await request(options, path, signal, {});
  await response.body?.cancel();
  if (response.status !== 404 && !response.ok) throw await refusalOf(response);
}

async function request(
  options: OpenAiOptions,
  path: string,
  signal: AbortSignal,
  init: { body?: Buffer; headers?: Record<string, string> },
): Promise<Response> {
  const send = options.fetch ?? fetch;
  try {
    return await send(`${options.baseUrl}/${path}`, {
      method: 'POST',
      headers: { ...init.headers, authorization: `Bearer ${options.apiKey}` },
      ...(init.body ? { body: new Uint8Array(init.body) } : {}),
      // A redirect could carry the key elsewhere.
      redirect: 'manual',
      signal,
    });
  } catch (error) {
    throw unreachable(error, signal);
  }
}

function attach(
  options: OpenAiOptions,
  providerCallId: string,
  handlers: SidebandHandlers,
  signal: AbortSignal,
): Promise<Sideband> {
  const url = `${options.baseUrl.replace(/^http/, 'ws')}/realtime?call_id=${encodeURIComponent(providerCallId)}`;
  const socket = new WebSocket(url, {
    headers: { authorization: `Bearer ${options.apiKey}` },
    maxPayload: MAX_EVENT_BYTES,
    perMessageDeflate: false,
    followRedirects: false,
  });
  socket.on('message', (data: Buffer, isBinary) => {
    if (!isBinary) handlers.event(parseServerEvent(data.toString('utf8')));
  });
  return new Promise((resolve, reject) => {
    const giveUp = (): void => socket.terminate();
    const fail = (error: unknown): void => reject(unreachable(error, signal));
    signal.addEventListener('abort', giveUp, { once: true });
    socket.on('error', fail);
    socket.once('open', () => {
      signal.removeEventListener('abort', giveUp);
      keepAlive(socket, options.pingMs ?? PING_MS);
      socket.once('close', () => handlers.closed());
      resolve({
        send: (event) => {
          if (socket.readyState !== WebSocket.OPEN) return false;
          socket.send(JSON.stringify(event));
          return true;
        },
        close: () => socket.close(),
      });
    });
    socket.once('close', () => fail(new Error('closed before it was open')));
    if (signal.aborted) giveUp();
  });
}

/** A connection can die without anybody closing it; then it is ended, so that another is opened. */
function keepAlive(socket: WebSocket, everyMs: number): void {
  let alive = true;
  socket.on('pong', () => (alive = true));
  socket.on('message', () => (alive = true));
  const timer = setInterval(() => {
    if (!alive) {
      socket.terminate();
      return;
    }
    alive = false;
    socket.ping();
  }, everyMs).unref();
  socket.once('close', () => clearInterval(timer));
}

function unreachable(cause: unknown, signal: AbortSignal): ProxyError {
  return signal.aborted
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
