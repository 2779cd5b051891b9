import { readFileSync } from 'node:fs';
import * as z from 'zod';

const Shape = z.object({ required: z.array(z.string()), properties: z.array(z.string()) });

/** The provider's own list of its events, as its client library types them. */
const reference = z
  .object({
    server: z.record(
      z.string(),
      z.object({ required: z.array(z.string()), fields: z.record(z.string(), z.string()) }),
    ),
    objects: z.record(z.string(), Shape),
    enums: z.record(z.string(), z.array(z.string())),
  })
  .parse(JSON.parse(readFileSync(new URL('openai-events.json', import.meta.url), 'utf8')));

type Fields = Record<string, unknown>;

/** Everything in which an event differs from what the provider sends; empty when it is right. */
export function wireProblems(event: Fields): string[] {
  const type = String(event['type']);
  const shape = reference.server[type];
  if (!shape) return [`${type} is no server event`];
  const missing = shape.required.filter((name) => !(name in event)).map((name) => `no ${name}`);
  const wrong = Object.entries(event).flatMap(([name, value]) => {
    if (name === 'type') return [];
    const wanted = shape.fields[name];
    return wanted === undefined ? [`unknown field ${name}`] : valueProblems(name, wanted, value);
  });
  return [...missing, ...wrong].map((problem) => `${type}: ${problem}`);
}

function valueProblems(name: string, wanted: string, value: unknown): string[] {
  if (wanted.startsWith('string') || wanted.startsWith('number')) {
    const allowed = wanted.split(' | ');
    const actual = value === null ? 'null' : typeof value;
    return allowed.includes(actual) ? [] : [`${name} is ${actual}, not ${wanted}`];
  }
  if (wanted.includes('[]')) return Array.isArray(value) ? [] : [`${name} is no array`];
  if (typeof value !== 'object' || value === null) return [`${name} is no object`];
  const fields: Fields = { ...value };
  if (wanted === 'ConversationItem') return itemProblems(fields);
  if (wanted === 'RealtimeResponse') return responseProblems(fields);
  if (wanted === 'Part')
    return enumProblems('part.type', 'content_part.added/done part.type', fields['type']);
  if (wanted.startsWith('RealtimeSession')) {
    return shapeProblems('session', 'RealtimeSessionCreateResponseGA', fields);
  }
  if (wanted === 'RealtimeError') {
    return ['type', 'message']
      .filter((key) => typeof fields[key] !== 'string')
      .map((key) => `error.${key}`);
  }
  return [];
}

function itemProblems(item: Fields): string[] {
  const names: Record<string, string> = {
    user: 'MessageUser',
    assistant: 'MessageAssistant',
    system: 'MessageSystem',
    function_call: 'FunctionCall',
    function_call_output: 'FunctionCallOutput',
  };
  const kind = String(item['type'] === 'message' ? item['role'] : item['type']);
  const name = names[kind];
  if (name === undefined) return [`an item of kind ${kind}`];
  const content: unknown[] = Array.isArray(item['content']) ? item['content'] : [];
  const list = kind === 'assistant' ? 'assistant content type' : 'user content type';
  return [
    ...shapeProblems('item', `RealtimeConversationItem${name}`, item),
    ...enumProblems('item.status', 'item.status', item['status']),
    ...(typeof item['id'] === 'string' ? [] : ['item.id']),
    ...content.flatMap((part) => {
      const type = typeof part === 'object' && part !== null && 'type' in part ? part.type : null;
      return enumProblems('content type', list, type);
    }),
  ];
}

function responseProblems(response: Fields): string[] {
  const output: unknown[] = Array.isArray(response['output']) ? response['output'] : [];
  const details = response['status_details'];
  const reason =
    typeof details === 'object' && details !== null && 'reason' in details ? details.reason : null;
  return [
    ...shapeProblems('response', 'RealtimeResponse', response),
    ...enumProblems('response.status', 'response.status', response['status']),
    ...(reason === null ? [] : enumProblems('reason', 'response.status_details.reason', reason)),
    ...output.flatMap((item) => valueProblems('output', 'ConversationItem', item)),
  ];
}

function shapeProblems(name: string, shapeName: string, value: Fields): string[] {
  const shape = reference.objects[shapeName];
  if (!shape) return [`no shape ${shapeName}`];
  return [
    ...shape.required.filter((key) => !(key in value)).map((key) => `${name} has no ${key}`),
    ...Object.keys(value)
      .filter((key) => !shape.properties.includes(key))
      .map((key) => `${name} has an unknown ${key}`),
  ];
}

function enumProblems(name: string, list: string, value: unknown): string[] {
  const allowed = reference.enums[list] ?? [];
  return allowed.includes(String(value)) ? [] : [`${name} is ${String(value)}`];
}
