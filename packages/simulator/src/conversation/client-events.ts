import * as z from 'zod';
import { RequestError } from '../request-error.ts';
import {
  audioOutput,
  maxOutputTokens,
  outputModalities,
  readParameters,
  reasoning,
  SessionPatch,
  toolChoice,
  tools,
} from './session-schema.ts';

/** The provider's longest item id. */
const MAX_ID_LENGTH = 32;

const envelope = { event_id: z.string().optional() };
const itemId = z.string().min(1);

const itemCommon = {
  id: z.string().min(1).optional(),
  object: z.literal('realtime.item').optional(),
  status: z.enum(['in_progress', 'completed', 'incomplete']).optional(),
};
const inputText = z.strictObject({ type: z.literal('input_text'), text: z.string() });
const outputText = z.strictObject({ type: z.literal('output_text'), text: z.string() });
const message = { ...itemCommon, type: z.literal('message') };

/** An item as a client may create it. Assistant audio can't be created, on the real service neither. */
const NewItem = z.discriminatedUnion('type', [
  z.discriminatedUnion('role', [
    z.strictObject({ ...message, role: z.literal('user'), content: z.array(inputText).min(1) }),
    z.strictObject({ ...message, role: z.literal('system'), content: z.array(inputText).min(1) }),
    z.strictObject({
      ...message,
      role: z.literal('assistant'),
      content: z.array(outputText).min(1),
    }),
  ]),
  z.strictObject({
    ...itemCommon,
    type: z.literal('function_call'),
    call_id: z.string().optional(),
    name: z.string(),
    arguments: z.string(),
  }),
  z.strictObject({
    ...itemCommon,
    type: z.literal('function_call_output'),
    call_id: z.string(),
    output: z.string(),
  }),
]);
export type NewItem = z.infer<typeof NewItem>;

/** What one response may have otherwise than the session. */
const ResponseParameters = z.strictObject({
  output_modalities: outputModalities.optional(),
  instructions: z.string().optional(),
  audio: z.strictObject({ output: audioOutput.optional() }).optional(),
  tools: tools.optional(),
  tool_choice: toolChoice.optional(),
  parallel_tool_calls: z.boolean().optional(),
  reasoning: reasoning.optional(),
  max_output_tokens: maxOutputTokens.optional(),
  conversation: z.enum(['auto', 'none']).optional(),
  metadata: z.record(z.string(), z.string()).nullable().optional(),
  prompt: z.unknown().optional(),
  input: z.array(NewItem).optional(),
});
export type ResponseParameters = z.infer<typeof ResponseParameters>;

const schemas = [
  z.strictObject({ ...envelope, type: z.literal('session.update'), session: SessionPatch }),
  z.strictObject({
    ...envelope,
    type: z.literal('conversation.item.create'),
    previous_item_id: z.string().nullable().optional(),
    item: NewItem,
  }),
  z.strictObject({
    ...envelope,
    type: z.literal('conversation.item.retrieve'),
    item_id: itemId,
  }),
  z.strictObject({ ...envelope, type: z.literal('conversation.item.delete'), item_id: itemId }),
  z.strictObject({
    ...envelope,
    type: z.literal('conversation.item.truncate'),
    item_id: itemId,
    content_index: z.number().int().min(0),
    audio_end_ms: z.number().int().min(0),
  }),
  z.strictObject({
    ...envelope,
    type: z.literal('response.create'),
    response: ResponseParameters.optional(),
  }),
  z.strictObject({
    ...envelope,
    type: z.literal('response.cancel'),
    response_id: z.string().optional(),
  }),
  z.strictObject({ ...envelope, type: z.literal('output_audio_buffer.clear') }),
  z.strictObject({ ...envelope, type: z.literal('input_audio_buffer.clear') }),
  z.strictObject({ ...envelope, type: z.literal('input_audio_buffer.commit') }),
] as const;

const ClientEvent = z.discriminatedUnion('type', schemas);
export type ClientEvent = z.infer<typeof ClientEvent>;

/**
 * Reads one event of a client.
 *
 * @throws RequestError as the provider would word it.
 */
export function readClientEvent(value: unknown): ClientEvent {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new RequestError('invalid_event', 'The event must be a JSON object.');
  }
  const type: unknown = 'type' in value ? value.type : undefined;
  if (typeof type !== 'string') {
    throw new RequestError('missing_required_parameter', "Missing required parameter: 'type'.", {
      param: 'type',
    });
  }
  const supported: string[] = schemas.map((schema) => schema.shape.type.value);
  if (!supported.includes(type)) {
    const list = supported.map((one) => `'${one}'`).join(', ');
    throw new RequestError(
      'invalid_value',
      `Invalid value: '${type}'. Supported values are: ${list}.`,
      { param: 'type' },
    );
  }
  const event = readParameters(ClientEvent, value, '');
  if (event.type === 'conversation.item.create') checkItemId(event.item.id);
  return event;
}

function checkItemId(id: string | undefined): void {
  if (id === undefined || id.length <= MAX_ID_LENGTH) return;
  throw new RequestError(
    'string_above_max_length',
    `Invalid 'item.id': string too long. Expected a string with maximum length ${MAX_ID_LENGTH}.`,
    { param: 'item.id' },
  );
}
