/**
 * Events of the GA Realtime API as this product reads them: narrow, normalised, and nothing that it does not use.
 * The raw event stays beside them (`parse.ts`). Source: types of npm openai 7.57.0.
 */

/** One part of an item's content; GA and beta names are one here. */
export interface ContentPart {
  kind: 'audio' | 'text' | 'other';
  /** Text or transcript; null where the provider has none (yet). */
  text: string | null;
}

/** An item of the conversation. */
export interface ConversationItem {
  id: string;
  kind: 'message' | 'function_call' | 'function_call_output' | 'other';
  role: 'user' | 'assistant' | 'system' | null;
  status: 'in_progress' | 'completed' | 'incomplete' | null;
  content: ContentPart[];
  /** Of a function call. */
  name: string | null;
  /** Of a function call and its output. */
  toolCallId: string | null;
  /** Of a function call: JSON text. */
  arguments: string | null;
}

/** A response and what became of it. */
export interface RealtimeResponse {
  id: string;
  status: 'in_progress' | 'completed' | 'cancelled' | 'failed' | 'incomplete' | null;
  /** For example `turn_detected`; of one that failed the code of its error. */
  reason: string | null;
  /** null for responses outside the conversation. */
  conversationId: string | null;
  output: ConversationItem[];
  metadata: Record<string, string> | null;
}

/** One of the provider's limits as it stands. */
export interface RateLimit {
  remaining: number;
  /** Until it is full again. */
  resetSeconds: number;
}

interface InResponse {
  responseId: string;
  itemId: string;
  outputIndex: number;
  contentIndex: number;
}

export type RealtimeServerEvent =
  | { type: 'session.created' | 'session.updated'; session: Record<string, unknown> }
  | { type: 'input_audio_buffer.speech_started'; itemId: string; audioStartMs: number }
  | { type: 'input_audio_buffer.speech_stopped'; itemId: string; audioEndMs: number }
  | { type: 'input_audio_buffer.committed'; itemId: string; previousItemId: string | null }
  | { type: 'input_audio_buffer.cleared' }
  | {
      type: 'input_audio_buffer.timeout_triggered';
      itemId: string;
      audioStartMs: number;
      audioEndMs: number;
    }
  | {
      type: 'conversation.item.added' | 'conversation.item.done' | 'conversation.item.created';
      /** undefined where the event does not tell; null for the head. */
      previousItemId: string | null | undefined;
      item: ConversationItem;
    }
  | { type: 'conversation.item.retrieved'; item: ConversationItem }
  | { type: 'conversation.item.deleted'; itemId: string }
  | { type: 'conversation.item.truncated'; itemId: string; audioEndMs: number }
  | {
      type: 'conversation.item.input_audio_transcription.delta';
      itemId: string;
      contentIndex: number;
      delta: string;
    }
  | {
      type: 'conversation.item.input_audio_transcription.completed';
      itemId: string;
      contentIndex: number;
      transcript: string;
      language: string | null;
    }
  | { type: 'conversation.item.input_audio_transcription.failed'; itemId: string }
  | { type: 'response.created' | 'response.done'; response: RealtimeResponse }
  | {
      type: 'response.output_item.added' | 'response.output_item.done';
      responseId: string;
      outputIndex: number;
      item: ConversationItem;
    }
  | ({ type: 'response.content_part.added' | 'response.content_part.done' } & InResponse & {
        part: ContentPart;
      })
  | ({ type: 'response.text.delta' } & InResponse & { delta: string })
  | ({ type: 'response.text.done' } & InResponse & { text: string })
  | ({ type: 'response.output_audio.done' } & InResponse)
  | {
      type: 'response.function_call_arguments.done';
      responseId: string;
      itemId: string;
      toolCallId: string;
      name: string;
      arguments: string;
    }
  | {
      type:
        | 'output_audio_buffer.started'
        | 'output_audio_buffer.stopped'
        | 'output_audio_buffer.cleared';
      responseId: string;
    }
  | { type: 'rate_limits.updated'; limits: RateLimit[] }
  | {
      type: 'error';
      code: string | null;
      message: string;
      /** The `event_id` of the client event that was at fault. */
      clientEventId: string | null;
    };

/** Spoken and written output are read alike: both are the interviewer's words. */
export type RealtimeServerEventType = RealtimeServerEvent['type'];
