import type {
  ContentPart,
  ConversationItem,
  RealtimeResponse,
  RealtimeServerEvent,
} from './server-events.ts';

/** What became of one message of the provider. The raw object is kept wherever there is one. */
export type ParsedServerEvent =
  | { kind: 'known'; event: RealtimeServerEvent; raw: Record<string, unknown> }
  | { kind: 'unknown'; type: string; raw: Record<string, unknown> }
  | { kind: 'malformed'; problem: string; raw: unknown };

type Fields = Record<string, unknown>;

/** Names of the API that was removed on 2026-05-12; compatible servers still send them. */
const betaNames: Readonly<Record<string, string>> = {
  'response.audio_transcript.delta': 'response.text.delta',
  'response.audio_transcript.done': 'response.text.done',
  'response.audio.done': 'response.output_audio.done',
  'response.output_audio_transcript.delta': 'response.text.delta',
  'response.output_audio_transcript.done': 'response.text.done',
  'response.output_text.delta': 'response.text.delta',
  'response.output_text.done': 'response.text.done',
};

class Malformed extends Error {}

/**
 * Reads one message of the data channel or the sideband. Never throws: what is not understood is handed on.
 *
 * @example
 * const parsed = parseServerEvent(message.data);
 * if (parsed.kind === 'known') assembler.handle(parsed.event);
 */
export function parseServerEvent(data: unknown): ParsedServerEvent {
  let value: unknown = data;
  if (typeof data === 'string') {
    try {
      value = JSON.parse(data);
    } catch {
      return { kind: 'malformed', problem: 'not JSON', raw: data };
    }
  }
  if (!isFields(value)) return { kind: 'malformed', problem: 'not an object', raw: value };
  const type = value['type'];
  if (typeof type !== 'string') return { kind: 'malformed', problem: 'no type', raw: value };
  const name = Object.hasOwn(betaNames, type) ? (betaNames[type] ?? type) : type;
  const read = Object.hasOwn(readers, name) ? readers[name] : undefined;
  if (!read) return { kind: 'unknown', type, raw: value };
  try {
    return { kind: 'known', event: read(value, name), raw: value };
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    return { kind: 'malformed', problem: `${type}: ${error.message}`, raw: value };
  }
}

type Reader = (fields: Fields, type: string) => RealtimeServerEvent;

const session: Reader = (f, type) => ({
  type: type as 'session.created',
  session: isFields(f['session']) ? f['session'] : {},
});
const item: Reader = (f, type) => ({
  type: type as 'conversation.item.added',
  previousItemId: 'previous_item_id' in f ? nullableText(f, 'previous_item_id') : undefined,
  item: readItem(f['item']),
});
const response: Reader = (f, type) => ({
  type: type as 'response.created',
  response: readResponse(f['response']),
});
const outputItem: Reader = (f, type) => ({
  type: type as 'response.output_item.added',
  responseId: text(f, 'response_id'),
  outputIndex: count(f, 'output_index'),
  item: readItem(f['item']),
});
const contentPart: Reader = (f, type) => ({
  type: type as 'response.content_part.added',
  ...place(f),
  part: readPart(f['part']),
});
const buffer: Reader = (f, type) => ({
  type: type as 'output_audio_buffer.started',
  responseId: text(f, 'response_id'),
});

const readers: Readonly<Record<string, Reader>> = {
  'session.created': session,
  'session.updated': session,
  'input_audio_buffer.speech_started': (f) => ({
    type: 'input_audio_buffer.speech_started',
    itemId: text(f, 'item_id'),
    audioStartMs: count(f, 'audio_start_ms'),
  }),
  'input_audio_buffer.speech_stopped': (f) => ({
    type: 'input_audio_buffer.speech_stopped',
    itemId: text(f, 'item_id'),
    audioEndMs: count(f, 'audio_end_ms'),
  }),
  'input_audio_buffer.committed': (f) => ({
    type: 'input_audio_buffer.committed',
    itemId: text(f, 'item_id'),
    previousItemId: nullableText(f, 'previous_item_id'),
  }),
  'input_audio_buffer.cleared': () => ({ type: 'input_audio_buffer.cleared' }),
  'input_audio_buffer.timeout_triggered': (f) => ({
    type: 'input_audio_buffer.timeout_triggered',
    itemId: text(f, 'item_id'),
    audioStartMs: count(f, 'audio_start_ms'),
    audioEndMs: count(f, 'audio_end_ms'),
  }),
  'conversation.item.added': item,
  'conversation.item.done': item,
  'conversation.item.created': item,
  'conversation.item.deleted': (f) => ({
    type: 'conversation.item.deleted',
    itemId: text(f, 'item_id'),
  }),
  'conversation.item.truncated': (f) => ({
    type: 'conversation.item.truncated',
    itemId: text(f, 'item_id'),
    audioEndMs: count(f, 'audio_end_ms'),
  }),
  'conversation.item.input_audio_transcription.delta': (f) => ({
    type: 'conversation.item.input_audio_transcription.delta',
    itemId: text(f, 'item_id'),
    contentIndex: optionalCount(f, 'content_index'),
    delta: nullableText(f, 'delta') ?? '',
  }),
  'conversation.item.input_audio_transcription.completed': (f) => ({
    type: 'conversation.item.input_audio_transcription.completed',
    itemId: text(f, 'item_id'),
    contentIndex: optionalCount(f, 'content_index'),
    transcript: text(f, 'transcript'),
    language: firstLanguage(f['languages']),
  }),
  'conversation.item.input_audio_transcription.failed': (f) => ({
    type: 'conversation.item.input_audio_transcription.failed',
    itemId: text(f, 'item_id'),
  }),
  'response.created': response,
  'response.done': response,
  'response.output_item.added': outputItem,
  'response.output_item.done': outputItem,
  'response.content_part.added': contentPart,
  'response.content_part.done': contentPart,
  'response.text.delta': (f) => ({
    type: 'response.text.delta',
    ...place(f),
    delta: text(f, 'delta'),
  }),
  'response.text.done': (f) => ({
    type: 'response.text.done',
    ...place(f),
    text: nullableText(f, 'transcript') ?? nullableText(f, 'text') ?? '',
  }),
  'response.output_audio.done': (f) => ({ type: 'response.output_audio.done', ...place(f) }),
  'response.function_call_arguments.done': (f) => ({
    type: 'response.function_call_arguments.done',
    responseId: text(f, 'response_id'),
    itemId: text(f, 'item_id'),
    toolCallId: text(f, 'call_id'),
    // The beta shape had no name here; the item has it.
    name: nullableText(f, 'name') ?? '',
    arguments: text(f, 'arguments'),
  }),
  'output_audio_buffer.started': buffer,
  'output_audio_buffer.stopped': buffer,
  'output_audio_buffer.cleared': buffer,
  'rate_limits.updated': () => ({ type: 'rate_limits.updated' }),
  error: (f) => {
    const error = isFields(f['error']) ? f['error'] : {};
    return {
      type: 'error',
      code: nullableText(error, 'code'),
      message: nullableText(error, 'message') ?? '',
      clientEventId: nullableText(error, 'event_id'),
    };
  },
};

function readItem(value: unknown): ConversationItem {
  if (!isFields(value)) throw new Malformed('no item');
  const kind = oneOf(value['type'], ['message', 'function_call', 'function_call_output'] as const);
  return {
    id: text(value, 'id'),
    kind: kind ?? 'other',
    role: oneOf(value['role'], ['user', 'assistant', 'system'] as const),
    status: oneOf(value['status'], ['in_progress', 'completed', 'incomplete'] as const),
    content: Array.isArray(value['content']) ? value['content'].map(readPart) : [],
    name: nullableText(value, 'name'),
    toolCallId: nullableText(value, 'call_id'),
    arguments: nullableText(value, 'arguments'),
  };
}

function readPart(value: unknown): ContentPart {
  if (!isFields(value)) return { kind: 'other', text: null };
  const type = typeof value['type'] === 'string' ? value['type'] : '';
  const kind = type.endsWith('audio') ? 'audio' : type.endsWith('text') ? 'text' : 'other';
  return { kind, text: nullableText(value, 'transcript') ?? nullableText(value, 'text') };
}

function readResponse(value: unknown): RealtimeResponse {
  if (!isFields(value)) throw new Malformed('no response');
  const details = isFields(value['status_details']) ? value['status_details'] : {};
  const status = ['in_progress', 'completed', 'cancelled', 'failed', 'incomplete'] as const;
  return {
    id: text(value, 'id'),
    status: oneOf(value['status'], status),
    reason: nullableText(details, 'reason'),
    conversationId: nullableText(value, 'conversation_id'),
    output: Array.isArray(value['output']) ? value['output'].map(readItem) : [],
    metadata: readMetadata(value['metadata']),
  };
}

function readMetadata(value: unknown): Record<string, string> | null {
  if (!isFields(value)) return null;
  const entries = Object.entries(value).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return Object.fromEntries(entries);
}

function place(f: Fields): {
  responseId: string;
  itemId: string;
  outputIndex: number;
  contentIndex: number;
} {
  return {
    responseId: text(f, 'response_id'),
    itemId: text(f, 'item_id'),
    outputIndex: count(f, 'output_index'),
    contentIndex: count(f, 'content_index'),
  };
}

function firstLanguage(value: unknown): string | null {
  const first: unknown = Array.isArray(value) ? value[0] : null;
  if (typeof first === 'string') return first;
  return isFields(first) ? (nullableText(first, 'language') ?? nullableText(first, 'code')) : null;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text(f: Fields, key: string): string {
  const value = f[key];
  if (typeof value !== 'string') throw new Malformed(`${key} is no text`);
  return value;
}

function nullableText(f: Fields, key: string): string | null {
  const value = f[key];
  return typeof value === 'string' ? value : null;
}

function count(f: Fields, key: string): number {
  const value = f[key];
  if (typeof value !== 'number' || !Number.isFinite(value))
    throw new Malformed(`${key} is no number`);
  return value;
}

function optionalCount(f: Fields, key: string): number {
  return f[key] === undefined ? 0 : count(f, key);
}

function oneOf<const T extends string>(value: unknown, allowed: readonly T[]): T | null {
  return allowed.find((one) => one === value) ?? null;
}
