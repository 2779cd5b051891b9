import { parseServerEvent } from '@interview/protocol';
import type { ConversationItem, RealtimeServerEvent } from '@interview/protocol';
import type { ConversationChange, Decoded, Decoder } from './decoder.ts';

type Event = RealtimeServerEvent;
type EventOf<T extends Event['type']> = Extract<Event, { type: T }>;

/** Reads the events of OpenAI's Realtime API, and of servers that speak it. */
export const openAiRealtime: Decoder = {
  commitSpeech: { type: 'input_audio_buffer.commit' },
  decode(data: unknown): Decoded {
    const parsed = parseServerEvent(data);
    if (parsed.kind === 'known')
      return { changes: changesOf(parsed.event), raw: parsed.raw, problem: null };
    if (parsed.kind === 'unknown') return { changes: [], raw: parsed.raw, problem: null };
    return { changes: [], raw: parsed.raw, problem: parsed.problem };
  },
};

function changesOf(event: Event): ConversationChange[] {
  switch (event.type) {
    case 'input_audio_buffer.speech_started':
      return [{ kind: 'speech_started', utterance: event.itemId, atMs: event.audioStartMs }];
    case 'input_audio_buffer.speech_stopped':
      return [{ kind: 'speech_stopped', utterance: event.itemId, atMs: event.audioEndMs }];
    case 'input_audio_buffer.cleared':
      return [{ kind: 'speech_dropped' }];
    case 'input_audio_buffer.committed':
      return [
        {
          kind: 'placed',
          utterance: event.itemId,
          after: event.previousItemId,
          role: 'candidate',
          spoken: true,
        },
      ];
    case 'conversation.item.added':
    case 'conversation.item.created':
      return itemChanges(event.item, event.previousItemId);
    case 'conversation.item.done':
      return [...itemChanges(event.item, event.previousItemId), ...endOf(event.item)];
    case 'conversation.item.truncated':
      return [{ kind: 'cut_short', utterance: event.itemId, heardMs: event.audioEndMs }];
    case 'error':
      return [{ kind: 'trouble', code: event.code, message: event.message }];
    default:
      return event.type.startsWith('response.') || event.type.startsWith('output_audio_buffer.')
        ? replyChanges(event)
        : transcriptionChanges(event);
  }
}

function transcriptionChanges(event: Event): ConversationChange[] {
  switch (event.type) {
    case 'conversation.item.input_audio_transcription.delta':
      return [
        {
          kind: 'text_added',
          utterance: event.itemId,
          role: 'candidate',
          part: event.contentIndex,
          text: event.delta,
        },
      ];
    case 'conversation.item.input_audio_transcription.completed':
      return [
        {
          kind: 'text_known',
          utterance: event.itemId,
          role: 'candidate',
          part: event.contentIndex,
          text: event.transcript,
          language: event.language,
        },
      ];
    case 'conversation.item.input_audio_transcription.failed':
      return [{ kind: 'text_failed', utterance: event.itemId }];
    default:
      return [];
  }
}

function replyChanges(event: Event): ConversationChange[] {
  switch (event.type) {
    case 'response.created':
      return [
        {
          kind: 'reply_started',
          reply: event.response.id,
          inConversation: event.response.conversationId !== null,
        },
      ];
    case 'response.done':
      return replyEnd(event);
    case 'response.output_item.added':
      return event.item.kind === 'message'
        ? [{ kind: 'reply_utterance', reply: event.responseId, utterance: event.item.id }]
        : [];
    case 'response.output_item.done':
      return [...textOf(event.item), ...endOf(event.item)];
    case 'response.text.delta':
      return [
        {
          kind: 'text_added',
          utterance: event.itemId,
          role: 'interviewer',
          part: event.contentIndex,
          text: event.delta,
        },
      ];
    case 'response.text.done':
      return [known(event.itemId, event.contentIndex, event.text)];
    case 'response.content_part.done':
      return event.part.text === null
        ? []
        : [known(event.itemId, event.contentIndex, event.part.text)];
    case 'output_audio_buffer.started':
      return [{ kind: 'playing', reply: event.responseId }];
    case 'output_audio_buffer.stopped':
      return [{ kind: 'played', reply: event.responseId }];
    case 'output_audio_buffer.cleared':
      return [{ kind: 'silenced', reply: event.responseId }];
    default:
      return [];
  }
}

function replyEnd({
  response,
}: EventOf<'response.created' | 'response.done'>): ConversationChange[] {
  const said = response.output.filter((item) => item.kind === 'message');
  const outcome = response.status === 'completed' ? 'completed' : 'failed';
  return [
    ...said.flatMap((item) => [...textOf(item), ...endOf(item)]),
    {
      kind: 'reply_ended',
      reply: response.id,
      outcome: response.status === 'cancelled' ? 'cancelled' : outcome,
    },
  ];
}

function itemChanges(
  item: ConversationItem,
  after: string | null | undefined,
): ConversationChange[] {
  const role =
    item.kind !== 'message' || item.role === 'system' || item.role === null
      ? null
      : item.role === 'user'
        ? 'candidate'
        : 'interviewer';
  const written = item.content.length > 0 && item.content.every((part) => part.kind === 'text');
  const placed: ConversationChange = {
    kind: 'placed',
    utterance: item.id,
    after,
    role,
    spoken: role === 'candidate' ? !written : item.status === 'in_progress',
  };
  return role === null ? [placed] : [placed, ...textOf(item)];
}

/** Text that an item carries already. An empty one says nothing: it may be an item before its transcription. */
function textOf(item: ConversationItem): ConversationChange[] {
  if (item.status === 'in_progress') return [];
  return item.content.flatMap((part, index) =>
    part.text === null || part.text === ''
      ? []
      : [known(item.id, index, part.text, item.role === 'user' ? 'candidate' : 'interviewer')],
  );
}

/** A candidate's item is done before its transcription comes, so that its end says nothing about its text. */
function endOf(item: ConversationItem): ConversationChange[] {
  if (item.kind !== 'message' || item.role !== 'assistant') return [];
  return [{ kind: 'utterance_ended', utterance: item.id, whole: item.status !== 'incomplete' }];
}

function known(
  utterance: string,
  part: number,
  text: string,
  role: 'candidate' | 'interviewer' = 'interviewer',
): ConversationChange {
  return { kind: 'text_known', utterance, role, part, text, language: null };
}
