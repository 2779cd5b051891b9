import {
  ClientMessage,
  storableText,
  type ErrorCode,
  type ServerMessage,
} from '@interview/protocol';
import { ProxyError } from '../proxy-error.ts';
import { forward } from './forward.ts';
import type { LiveSession, Page } from './live-session.ts';
import { placeCall } from './place-call.ts';

/** Messages that a token past its expiry may still send: what was said must arrive. */
const deliveries = new Set<ClientMessage['type']>(['transcript', 'complete', 'correct', 'ping']);

/** The text of a message that only delivers what was said. What can not be read is none. */
export function isDelivery(text: unknown): boolean {
  try {
    return typeof text === 'string' && deliveries.has(readMessage(text).type);
  } catch {
    return false;
  }
}

const knownTypes = new Set<string | undefined>(
  ClientMessage.def.options.map((option) => option.def.shape.type.def.values[0]),
);

/** A message that could not be read; `id` where it had one. */
export class UnreadableMessage extends ProxyError {
  readonly id: string | undefined;

  constructor(code: ErrorCode, message: string, id?: string) {
    super(code, message);
    this.id = id;
  }
}

/**
 * Reads one message of a candidate.
 *
 * @throws {UnreadableMessage} `invalid_json`, `unknown_message`, `invalid_offer` or `bad_request`
 */
export function readMessage(text: string): ClientMessage {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new UnreadableMessage('invalid_json', 'Send JSON text, one object a message.');
  }
  const { type, id } = labelsOf(value);
  if (type === undefined) {
    throw new UnreadableMessage('bad_request', 'A message is an object with a type.', id);
  }
  if (!knownTypes.has(type)) {
    throw new UnreadableMessage('unknown_message', 'This server does not know that message.', id);
  }
  const parsed = ClientMessage.safeParse(value);
  if (parsed.success) return parsed.data;
  const path = parsed.error.issues[0]?.path.map(String).join('.') ?? '';
  throw path === 'sdp'
    ? new UnreadableMessage('invalid_offer', 'The offer is no text, or is too large.', id)
    : new UnreadableMessage('bad_request', `The field ${path || 'type'} is missing or wrong.`, id);
}

function labelsOf(value: unknown): { type?: string; id?: string } {
  if (typeof value !== 'object' || value === null) return {};
  const { type, id } = value as { type?: unknown; id?: unknown };
  return {
    ...(typeof type === 'string' ? { type } : {}),
    ...(typeof id === 'string' && /^[A-Za-z0-9_-]{1,64}$/.test(id) ? { id } : {}),
  };
}

type Answerable = Exclude<ClientMessage, { type: 'authenticate' | 'refresh' }>;

/** Does what a message asks for; null where nothing is to be answered. Rejects with a `ProxyError`. */
export async function answer(
  session: LiveSession,
  page: Page,
  message: Answerable,
  expired: boolean,
): Promise<ServerMessage | null> {
  if (expired && !deliveries.has(message.type)) {
    throw new ProxyError('token_expired', 'The token has expired: it only delivers what was said.');
  }
  if (message.type === 'offer') {
    const { id, sdp, reason, writer_id: writer } = message;
    const { simulation, brief } = page;
    const offer = { id, writer, sdp, reason, simulation, page, brief };
    const placed = await placeCall(session, offer);
    return { type: 'answer', id, ...placed.answer };
  }
  const answered = await forward(session, page, message);
  return answered === undefined ? obey(session, message) : answered;
}

/** Everything but offers, whichever process it came to. Rejects with a `ProxyError`. */
export async function obey(
  session: LiveSession,
  message: Exclude<Answerable, { type: 'offer' }>,
): Promise<ServerMessage | null> {
  switch (message.type) {
    case 'ping':
      return { type: 'pong', id: message.id };
    case 'connected':
      await callNamed(session, message.call_id).connected();
      return { type: 'ok', id: message.id };
    case 'trouble':
      await lost(session, message);
      return null;
    case 'muted':
      if (session.call?.id === message.call_id) session.call.supervisor.mute(message.muted);
      return null;
    case 'quality':
      measured(session, message);
      return null;
    case 'transcript':
      return deliver(session, message);
    case 'action':
      await callOf(session).supervisor.act(message.kind);
      return { type: 'ok', id: message.id };
    case 'text':
      await callOf(session).supervisor.type(message.text);
      return { type: 'ok', id: message.id };
    case 'complete':
      return complete(session, message);
    case 'pause':
      await callOf(session).supervisor.pause();
      return { type: 'ok', id: message.id };
    case 'unpause':
      await callOf(session).supervisor.unpause();
      return { type: 'ok', id: message.id };
    case 'ask':
    case 'correct':
    case 'feedback':
      await note(session, message);
      return { type: 'ok', id: message.id };
  }
}

/** The page's media are gone. Of a call that is over nothing needs to wait. */
async function lost(
  session: LiveSession,
  { call_id: id, since }: Extract<ClientMessage, { type: 'trouble' }>,
): Promise<void> {
  session.services.log.info({ call: id, since }, 'media trouble');
  if (session.call?.id !== id) return;
  writeDown(session, session.services.storage.recordTrouble(id, since));
  await session.call.supervisor.trouble(since);
}

function measured(
  session: LiveSession,
  { type: _, ...report }: Extract<ClientMessage, { type: 'quality' }>,
): void {
  session.services.log.info({ session: session.id, quality: report }, 'quality');
  writeDown(session, session.services.storage.recordQuality(session.id, report));
}

/** Nothing waits for what is only for people to read; the next report tells it better. */
function writeDown({ id, services: { log } }: LiveSession, written: Promise<void>): void {
  written.catch((error: unknown) => log.warn({ err: error, session: id }, 'not written down'));
}

/** Keeps what a candidate says beside the interview. */
async function note(
  { id, services: { storage } }: LiveSession,
  message: Extract<ClientMessage, { type: 'ask' | 'correct' | 'feedback' }>,
): Promise<void> {
  switch (message.type) {
    case 'ask':
      return storage.ask(id, message.kind, storableText(message.note));
    case 'correct':
      return storage.storeCorrection(id, message.entry_id, storableText(message.text));
    case 'feedback': {
      const { rating = null, text } = message;
      if (rating === null && text === undefined) {
        throw new ProxyError('bad_request', 'Send a rating from 1 to 5, a text, or both.');
      }
      return storage.storeFeedback(id, {
        rating,
        text: text === undefined ? null : storableText(text),
      });
    }
  }
}

function callOf(session: LiveSession) {
  if (session.call) return session.call;
  throw new ProxyError('not_connected', 'There is no call at the moment. Connect first.');
}

function callNamed(session: LiveSession, id: string) {
  if (session.call?.id === id) return session.call;
  throw new ProxyError(
    'call_not_found',
    'This call is over, or another took its place. Connect anew.',
  );
}

async function deliver(
  session: LiveSession,
  message: Extract<ClientMessage, { type: 'transcript' }>,
): Promise<ServerMessage> {
  const { id, writer_id: writer, entries } = message;
  if (!writer.startsWith('b_')) {
    throw new ProxyError('session_mismatch', 'A page may not write in the name of the server.');
  }
  const stored = await session.services.storage.storeEntries(session.id, writer, entries);
  return { type: 'ack', id, ...stored };
}

async function complete(
  session: LiveSession,
  message: Extract<ClientMessage, { type: 'complete' }>,
): Promise<ServerMessage> {
  const { id, reason, writers, lost } = message;
  const named = [...Object.keys(writers), ...lost.map((range) => range.writer_id)];
  if (named.some((writer) => !writer.startsWith('b_'))) {
    throw new ProxyError('session_mismatch', 'A page may not speak in the name of the server.');
  }
  const outcome = await session.completion.complete({ reason, writers, lost });
  return outcome.status === 'ending'
    ? { type: 'incomplete', id, missing: outcome.missing }
    : { type: 'completed', id, status: outcome.status };
}
