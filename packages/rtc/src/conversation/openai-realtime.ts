import { eventName, OWN_ITEM_PREFIX } from '@interview/protocol';
import type { RealtimeServerEventType } from '@interview/protocol';
import type { ConversationChange, Decoder } from './decoder.ts';

/** What is read of an event, an item, a response or a part of its content. Reading throws where it is not so. */
interface Wire {
  [field: string]: unknown;
  item?: Wire;
  response?: Wire;
  part?: Wire;
  session?: Wire;
  error?: Wire;
  content?: Wire[] | null;
  languages?: (string | Wire)[] | null;
}
type Decode = (event: Wire) => ConversationChange[];

const session: Decode = ({ session }) => {
  const endsAtS = session?.['expires_at'];
  return [{ kind: 'session', endsAtS: typeof endsAtS === 'number' ? endsAtS : null }];
};
const words =
  (role: 'candidate' | 'interviewer', final: boolean): Decode =>
  (event) => [
    {
      kind: 'text',
      utterance: text(event, 'item_id'),
      role,
      part: number(event, 'content_index', 0),
      text: text(event, 'delta', wordsOf(event)),
      final,
      language: languageOf(event),
    },
  ];
const ofReply =
  (kind: 'playing' | 'played' | 'silenced' | 'writing'): Decode =>
  (event) => [{ kind, reply: text(event, 'response_id') }];
const ofUtterance =
  (kind: 'silence' | 'removed' | 'text_failed'): Decode =>
  (event) => [{ kind, utterance: text(event, 'item_id') }];
const placed: Decode = ({
  item_id: id,
  previous_item_id: after,
  // Speech is committed before its item is shown.
  item = { id, type: 'message', role: 'user' },
}) => {
  const role = roleOf(item);
  return [
    {
      kind: 'placed',
      utterance: text(item, 'id'),
      after: typeof after === 'string' || after === null ? after : undefined,
      role,
      open: role === 'candidate' || item['status'] === 'in_progress',
    },
    ...said(item),
  ];
};

/** What says nothing that others do not say, or nothing to a page. */
type Ignored =
  | 'conversation.item.retrieved'
  | 'response.content_part.done'
  | 'response.output_audio.done'
  | 'response.function_call_arguments.done'
  | 'rate_limits.updated';

/** By the names of today's API. */
const changes: Readonly<Record<Exclude<RealtimeServerEventType, Ignored>, Decode>> = {
  'session.created': session,
  'session.updated': session,
  'input_audio_buffer.speech_started': (event) => [
    {
      kind: 'speech_started',
      utterance: text(event, 'item_id'),
      atMs: number(event, 'audio_start_ms'),
    },
  ],
  'input_audio_buffer.speech_stopped': (event) => [
    {
      kind: 'speech_stopped',
      utterance: text(event, 'item_id'),
      atMs: number(event, 'audio_end_ms'),
    },
  ],
  'input_audio_buffer.timeout_triggered': ofUtterance('silence'),
  'input_audio_buffer.cleared': () => [{ kind: 'speech_dropped' }],
  'input_audio_buffer.committed': placed,
  'conversation.item.added': placed,
  'conversation.item.created': placed,
  'conversation.item.done': (event) => [...placed(event), ...ended(event)],
  'conversation.item.deleted': ofUtterance('removed'),
  'conversation.item.truncated': (event) => [
    {
      kind: 'cut_short',
      utterance: text(event, 'item_id'),
      heardMs: number(event, 'audio_end_ms'),
    },
  ],
  'conversation.item.input_audio_transcription.delta': words('candidate', false),
  'conversation.item.input_audio_transcription.completed': words('candidate', true),
  'conversation.item.input_audio_transcription.failed': ofUtterance('text_failed'),
  'response.created': ({ response = {} }) => [
    {
      kind: 'reply_started',
      reply: text(response, 'id'),
      inConversation: response['conversation_id'] !== null,
    },
  ],
  'response.done': ({ response: { id, status } = {} }) => [
    {
      kind: 'reply_ended',
      reply: text({ id }, 'id'),
      outcome: status === 'completed' || status === 'cancelled' ? status : 'failed',
    },
  ],
  'response.output_item.added': ({ item = {}, ...event }) =>
    roleOf(item)
      ? [
          {
            kind: 'reply_utterance',
            reply: text(event, 'response_id'),
            utterance: text(item, 'id'),
            index: number(event, 'output_index'),
          },
        ]
      : [],
  'response.output_item.done': ended,
  'response.content_part.added': (event) =>
    isWritten(event.part) ? ofReply('writing')(event) : [],
  'response.text.delta': words('interviewer', false),
  'response.text.done': words('interviewer', true),
  'output_audio_buffer.started': ofReply('playing'),
  'output_audio_buffer.stopped': ofReply('played'),
  'output_audio_buffer.cleared': ofReply('silenced'),
  error: ({ error = {} }) =>
    error['code'] === 'item_retrieve_invalid_item_id'
      ? []
      : [{ kind: 'trouble', code: text(error, 'code', null), message: text(error, 'message', '') }],
};

/** Reads the events of OpenAI's Realtime API and of servers that speak it, and writes those that a page sends. */
export const openAiRealtime: Decoder = {
  commitSpeech: { type: 'input_audio_buffer.commit' },
  probe: { type: 'conversation.item.retrieve', item_id: `${OWN_ITEM_PREFIX.steering}probe` },
  decode(data) {
    let raw = data;
    let type = '';
    try {
      if (typeof data === 'string') raw = JSON.parse(data);
      type = eventName(text(raw as Wire, 'type'));
      const known = Object.hasOwn(changes, type);
      const read = known ? changes[type as keyof typeof changes] : () => [];
      return { changes: read(raw as Wire), raw, problem: null };
    } catch (error) {
      // The words of a JSON error quote the message, which may be what somebody said.
      const problem = error instanceof SyntaxError ? 'not JSON' : `${type}: ${String(error)}`;
      return { changes: [], raw, problem };
    }
  },
};

/** Text that an item carries already. An empty one says nothing: it may be an item before its transcription. */
function said(item: Wire): ConversationChange[] {
  const { content, status } = item;
  const role = roleOf(item);
  if (status === 'in_progress' || !role) return [];
  return (content ?? []).flatMap((from, part): ConversationChange[] => {
    const [utterance, words] = [text(item, 'id'), wordsOf(from)];
    return words
      ? [{ kind: 'text', utterance, role, part, text: words, final: true, language: null }]
      : [];
  });
}

/** A candidate's item is done before its transcription comes, so that its end says nothing about its text. */
function ended({ item = {} }: Wire): ConversationChange[] {
  const { status } = item;
  return roleOf(item) === 'interviewer'
    ? [
        ...said(item),
        { kind: 'utterance_ended', utterance: text(item, 'id'), whole: status !== 'incomplete' },
      ]
    : [];
}

function roleOf({ type, role }: Wire): 'candidate' | 'interviewer' | null {
  if (type !== 'message') return null;
  return role === 'user' ? 'candidate' : role === 'assistant' ? 'interviewer' : null;
}

function wordsOf(part: Wire): string {
  return text(part, 'transcript', text(part, 'text', ''));
}

function languageOf({ languages }: Wire): string | null {
  const first = languages?.[0] ?? {};
  const found = typeof first === 'string' ? first : (first['language'] ?? first['code']);
  return typeof found === 'string' ? found : null;
}

function isWritten({ type }: Wire = {}): boolean {
  return /text$/.test(type as string);
}

/** @throws TypeError where there is none, and nothing stands for it */
function text<T = never>(from: Wire, key: string, otherwise?: T): string | T {
  const value = from[key];
  if (typeof value === 'string') return value;
  if (otherwise === undefined) throw new TypeError(`no ${key}`);
  return otherwise;
}

/** @throws TypeError where it is none */
function number(from: Wire, key: string, otherwise?: number): number {
  const value = from[key] ?? otherwise;
  if (!Number.isFinite(value)) throw new TypeError(`no ${key}`);
  return value as number;
}
