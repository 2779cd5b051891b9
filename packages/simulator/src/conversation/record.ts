import { isHiddenItem } from '@interview/protocol';
import type { Item } from './items.ts';

/** One utterance as it truly was. */
export interface Utterance {
  item_id: string;
  role: 'candidate' | 'interviewer';
  text: string;
  status: 'final' | 'interrupted' | 'failed' | 'inaudible' | 'pending';
  /** Of an interviewer's spoken line: how much of it was played, milliseconds. */
  heard_ms?: number;
}

/** One tool call and what came back; `output` is null until then. */
export interface ToolCallRecord {
  name: string;
  arguments: string;
  output: string | null;
}

/** What was said, in the order of the conversation, without items that no one says. */
export function utterancesOf(items: readonly Item[]): Utterance[] {
  return items.flatMap((item) => (isHiddenItem(item.id) ? [] : utteranceOf(item)));
}

/** The tools that were called, in order. */
export function toolCallsOf(items: readonly Item[]): ToolCallRecord[] {
  const outputs = new Map(
    items.flatMap((item) => (item.kind === 'output' ? [[item.callId, item.output]] : [])),
  );
  return items.flatMap((item) =>
    item.kind === 'call'
      ? [{ name: item.name, arguments: item.arguments, output: outputs.get(item.callId) ?? null }]
      : [],
  );
}

function utteranceOf(item: Item): Utterance[] {
  if (item.kind === 'speech') {
    const text = (item.transcript ?? '').trim();
    return [{ item_id: item.id, role: 'candidate', text, status: item.outcome }];
  }
  if (item.kind === 'text' && item.role !== 'system') {
    const role = item.role === 'user' ? 'candidate' : 'interviewer';
    return [{ item_id: item.id, role, text: item.text, status: 'final' }];
  }
  if (item.kind !== 'reply') return [];
  const open = item.status === 'in_progress' ? 'pending' : 'final';
  return [
    {
      item_id: item.id,
      role: 'interviewer',
      text: item.text.trim(),
      status: item.interrupted ? 'interrupted' : open,
      ...(item.heardMs === null ? {} : { heard_ms: item.heardMs }),
    },
  ];
}
