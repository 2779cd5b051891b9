import type { Capabilities, ServerMessage, ServerMessageType } from '@interview/protocol';
import {
  isAnything,
  isFields,
  isFlag,
  isNumber,
  isText,
  listOf,
  orMissing,
  orNull,
  shape,
  type Check,
  type ShapeOf,
} from './shape.ts';

type Body<T extends ServerMessageType> = Omit<Extract<ServerMessage, { type: T }>, 'type'>;

const isMarks: Check = (value) => isFields(value) && Object.values(value).every(isNumber);
const ranges = listOf(shape({ writer_id: isText, from: isNumber, to: isNumber }));

const bodies: { readonly [T in ServerMessageType]: ShapeOf<Body<T>> } = {
  ready: {
    session: shape({ id: isText, status: isText, phase: isText }),
    server_time: isNumber,
    writers: isMarks,
  },
  answer: {
    id: isText,
    sdp: isText,
    call_id: isText,
    ordinal: isNumber,
    provider: isText,
    capabilities: shape<Capabilities>({
      supervision: isText,
      actions: listOf(isText),
      text: isFlag,
      pause: isFlag,
    }),
    session: orMissing(isFields),
  },
  ok: { id: isText },
  ack: {
    id: isText,
    writer_id: isText,
    last_sequence: isNumber,
    stored: isNumber,
    duplicates: isNumber,
    refused: listOf(isAnything),
  },
  progress: { question: isNumber, of: isNumber, text: orNull(isText), phase: isText },
  time: { remaining_s: isNumber, paused: isFlag },
  completed: { id: isText, status: isText },
  incomplete: { id: isText, missing: ranges },
  token: { token: isText, expires_at: isNumber },
  pong: { id: isText },
  end: { reason: isText, close_in_ms: isNumber },
  drain: { retry_after_ms: isNumber },
  error: {
    id: orMissing(isText),
    code: isText,
    message: isText,
    retryable: isFlag,
    retry_after_ms: orMissing(isNumber),
  },
};

/** Reads one message of the proxy; null for what is none that this version knows. Never throws. */
export function readMessage(data: unknown): ServerMessage | null {
  try {
    return typeof data === 'string' ? asMessage(JSON.parse(data)) : null;
  } catch {
    return null;
  }
}

/** The same for what was parsed already. */
export function asMessage(value: unknown): ServerMessage | null {
  if (!isFields(value)) return null;
  const type = value['type'];
  if (typeof type !== 'string' || !Object.hasOwn(bodies, type)) return null;
  const body: Readonly<Record<string, Check>> = bodies[type as ServerMessageType];
  return shape(body)(value) ? (value as ServerMessage) : null;
}
