import { eventName } from './event-name.ts';
import {
  empty,
  isFields,
  list,
  nothing,
  number,
  object,
  oneOf,
  text,
  within,
  type Fields,
  type Shape,
} from './fields.ts';
import type {
  ContentPart,
  ConversationItem,
  RateLimit,
  RealtimeResponse,
  RealtimeServerEvent,
  RealtimeServerEventType,
} from './server-events.ts';

/** What became of one message of the provider. The raw object is kept wherever there is one. */
export type ParsedServerEvent =
  | { kind: 'known'; event: RealtimeServerEvent; raw: Record<string, unknown> }
  | { kind: 'unknown'; type: string; raw: Record<string, unknown> }
  | { kind: 'malformed'; problem: string; raw: unknown };

/**
 * Reads one message of the data channel or the sideband. Never throws: what is not understood is handed on.
 *
 * @example
 * const parsed = parseServerEvent(message.data);
 * if (parsed.kind === 'known') assembler.handle(parsed.event);
 */
export function parseServerEvent(data: unknown): ParsedServerEvent {
  let raw = data;
  if (typeof data === 'string') {
    try {
      raw = JSON.parse(data);
    } catch {
      return { kind: 'malformed', problem: 'not JSON', raw };
    }
  }
  if (!isFields(raw)) return { kind: 'malformed', problem: 'not an object', raw };
  const wire = raw['type'];
  if (typeof wire !== 'string') return { kind: 'malformed', problem: 'no type', raw };
  const type = eventName(wire).replace('response.audio.done', 'response.output_audio.done');
  if (!isKnown(type)) return { kind: 'unknown', type: wire, raw };
  try {
    const body = object<object>(events[type])(raw);
    return { kind: 'known', event: { type, ...body } as RealtimeServerEvent, raw };
  } catch (error) {
    return { kind: 'malformed', problem: `${wire}: ${(error as Error).message}`, raw };
  }
}

function isKnown(type: string): type is RealtimeServerEventType {
  return Object.hasOwn(events, type);
}

type BodyOf<T, E = RealtimeServerEvent> = E extends { type: infer U }
  ? T extends U
    ? Omit<E, 'type'>
    : never
  : never;

const part = object<ContentPart>({
  // `audio`, `input_audio` and `output_audio` are one, and so with text.
  kind: (fields) => {
    const type = text('type', empty)(fields);
    return (['audio', 'text'] as const).find((kind) => type.endsWith(kind)) ?? 'other';
  },
  text: text('transcript', text('text', nothing)),
});
const item = object<ConversationItem>({
  id: text('id'),
  kind: (fields) =>
    oneOf('type', 'message', 'function_call', 'function_call_output')(fields) ?? 'other',
  role: oneOf('role', 'user', 'assistant', 'system'),
  status: oneOf('status', 'in_progress', 'completed', 'incomplete'),
  content: list('content', part),
  name: text('name', nothing),
  toolCallId: text('call_id', nothing),
  arguments: text('arguments', nothing),
});
const response = object<RealtimeResponse>({
  id: text('id'),
  status: oneOf('status', 'in_progress', 'completed', 'cancelled', 'failed', 'incomplete'),
  reason: within('status_details', text('reason', within('error', text('code', nothing)))),
  conversationId: text('conversation_id', nothing),
  output: list('output', item),
  metadata: readMetadata,
});

const rateLimit = object<RateLimit>({
  remaining: number('remaining', () => Infinity),
  resetSeconds: number('reset_seconds', () => 0),
});

const itemId = text('item_id');
const responseId = text('response_id');
const outputIndex = number('output_index');
const audioStartMs = number('audio_start_ms');
const audioEndMs = number('audio_end_ms');
const previousItemId = text('previous_item_id', nothing);
const ofSession = { session: within('session', (fields) => fields) };
const ofItem: Shape<BodyOf<'conversation.item.added'>> = {
  // Not to tell the place is not the same as the head.
  previousItemId: (fields) => ('previous_item_id' in fields ? previousItemId(fields) : undefined),
  item: within('item', item),
};
const ofWords = { itemId, contentIndex: number('content_index', () => 0) };
const ofReply = { responseId };
const ofResponse = { response: within('response', response) };
const ofOutputItem = { responseId, outputIndex, item: ofItem.item };
const ofContent = { responseId, itemId, outputIndex, contentIndex: number('content_index') };
const ofPart = { ...ofContent, part: within('part', part) };

/** Every event that this product reads. */
const events: { readonly [T in RealtimeServerEventType]: Shape<BodyOf<T>> } = {
  'session.created': ofSession,
  'session.updated': ofSession,
  'input_audio_buffer.speech_started': { itemId, audioStartMs },
  'input_audio_buffer.speech_stopped': { itemId, audioEndMs },
  'input_audio_buffer.committed': { itemId, previousItemId },
  'input_audio_buffer.cleared': {},
  'input_audio_buffer.timeout_triggered': { itemId, audioStartMs, audioEndMs },
  'conversation.item.added': ofItem,
  'conversation.item.done': ofItem,
  'conversation.item.created': ofItem,
  'conversation.item.retrieved': { item: ofItem.item },
  'conversation.item.deleted': { itemId },
  'conversation.item.truncated': { itemId, audioEndMs },
  'conversation.item.input_audio_transcription.delta': {
    ...ofWords,
    delta: text('delta', empty),
  },
  'conversation.item.input_audio_transcription.completed': {
    ...ofWords,
    transcript: text('transcript'),
    language: readLanguage,
  },
  'conversation.item.input_audio_transcription.failed': { itemId },
  'response.created': ofResponse,
  'response.done': ofResponse,
  'response.output_item.added': ofOutputItem,
  'response.output_item.done': ofOutputItem,
  'response.content_part.added': ofPart,
  'response.content_part.done': ofPart,
  'response.text.delta': { ...ofContent, delta: text('delta') },
  'response.text.done': { ...ofContent, text: text('transcript', text('text', empty)) },
  'response.output_audio.done': ofContent,
  'response.function_call_arguments.done': {
    responseId,
    itemId,
    toolCallId: text('call_id'),
    // The beta shape had no name here; the item has it.
    name: text('name', empty),
    arguments: text('arguments'),
  },
  'output_audio_buffer.started': ofReply,
  'output_audio_buffer.stopped': ofReply,
  'output_audio_buffer.cleared': ofReply,
  'rate_limits.updated': { limits: list('rate_limits', rateLimit) },
  error: {
    code: within('error', text('code', nothing)),
    message: within('error', text('message', empty)),
    clientEventId: within('error', text('event_id', nothing)),
  },
};

function readLanguage({ languages }: Fields): string | null {
  const first: unknown = Array.isArray(languages) ? languages[0] : null;
  if (typeof first === 'string') return first;
  return isFields(first) ? text('language', text('code', nothing))(first) : null;
}

function readMetadata({ metadata }: Fields): Record<string, string> | null {
  if (!isFields(metadata)) return null;
  const entries = Object.entries(metadata).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return Object.fromEntries(entries);
}
