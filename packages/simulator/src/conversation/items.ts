/** Items of a conversation, with what the provider knows of them and the wire does not tell. */
interface Common {
  readonly id: string;
  status: 'in_progress' | 'completed' | 'incomplete';
}

/** A turn of the candidate's, spoken. */
export interface SpeechItem extends Common {
  kind: 'speech';
  /** What the model understood; null where nobody knows the words. */
  heard: string | null;
  /** What the transcriber wrote; null until then. */
  transcript: string | null;
  outcome: 'pending' | 'final' | 'failed' | 'inaudible';
}

/** A message that a client created. */
export interface TextItem extends Common {
  kind: 'text';
  role: 'user' | 'assistant' | 'system';
  text: string;
}

/** A message that the model made. */
export interface ReplyItem extends Common {
  kind: 'reply';
  form: 'audio' | 'text';
  /** As generated so far: what every client has seen, even when less of it was heard. */
  text: string;
  interrupted: boolean;
  /** Played, milliseconds; null while nothing is known. */
  heardMs: number | null;
  /** Truncation deletes the provider's copy of the text. */
  truncated: boolean;
}

/** A tool call. */
export interface CallItem extends Common {
  kind: 'call';
  callId: string;
  name: string;
  arguments: string;
}

/** What a tool returned. */
export interface OutputItem extends Common {
  kind: 'output';
  callId: string;
  output: string;
}

export type Item = SpeechItem | TextItem | ReplyItem | CallItem | OutputItem;

/** An item as it stands in events. */
export function itemOnWire(item: Item): Record<string, unknown> {
  const common = { id: item.id, object: 'realtime.item', status: item.status };
  switch (item.kind) {
    case 'speech':
      return {
        ...common,
        type: 'message',
        role: 'user',
        content: [{ type: 'input_audio', transcript: item.transcript }],
      };
    case 'text': {
      const type = item.role === 'assistant' ? 'output_text' : 'input_text';
      return {
        ...common,
        type: 'message',
        role: item.role,
        content: [{ type, text: item.text }],
      };
    }
    case 'reply':
      return { ...common, type: 'message', role: 'assistant', content: replyContent(item) };
    case 'call':
      return {
        ...common,
        type: 'function_call',
        call_id: item.callId,
        name: item.name,
        arguments: item.arguments,
      };
    case 'output':
      return {
        ...common,
        type: 'function_call_output',
        call_id: item.callId,
        output: item.output,
      };
  }
}

function replyContent(item: ReplyItem): Record<string, unknown>[] {
  if (item.status === 'in_progress') return [];
  const text = item.truncated ? '' : item.text;
  return [
    item.form === 'audio'
      ? { type: 'output_audio', transcript: text }
      : { type: 'output_text', text },
  ];
}
