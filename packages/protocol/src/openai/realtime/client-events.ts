/**
 * Events that a client sends on the data channel, and a server on the sideband. Only those that this product sends
 * are modelled. Source: types of npm openai 7.57.0, `resources/realtime/realtime.d.ts`.
 */

/** A function tool in a session. */
export interface FunctionTool {
  type: 'function';
  name: string;
  description: string;
  /** JSON Schema of the arguments. */
  parameters: Record<string, unknown>;
}

/** When the provider takes a turn as ended. */
export type TurnDetection =
  | {
      type: 'semantic_vad';
      eagerness: 'low' | 'medium' | 'high' | 'auto';
      create_response: boolean;
      interrupt_response: boolean;
    }
  | {
      type: 'server_vad';
      threshold: number;
      prefix_padding_ms: number;
      silence_duration_ms: number;
      create_response: boolean;
      interrupt_response: boolean;
    };

/** The part of a GA session that the server sets. `type` is required in every update. */
export interface RealtimeSession {
  type: 'realtime';
  model?: string;
  instructions?: string;
  output_modalities?: ['audio'] | ['text'];
  audio?: {
    input?: {
      noise_reduction?: { type: 'near_field' | 'far_field' } | null;
      transcription?: { model: string; language?: string; languages?: string[] } | null;
      turn_detection?: TurnDetection | null;
    };
    output?: { voice?: string; speed?: number };
  };
  tools?: FunctionTool[];
  tool_choice?: 'auto' | 'none' | 'required';
  parallel_tool_calls?: boolean;
  max_output_tokens?: number | 'inf';
}

/** An item as a client creates it. Assistant text is `output_text`; user and system text is `input_text`. */
export type CreatableItem =
  | {
      id?: string;
      type: 'message';
      role: 'user' | 'system';
      content: { type: 'input_text'; text: string }[];
    }
  | {
      id?: string;
      type: 'message';
      role: 'assistant';
      content: { type: 'output_text'; text: string }[];
    }
  | { id?: string; type: 'function_call_output'; call_id: string; output: string };

/** `event_id` comes back in an `error` event only. */
export type RealtimeClientEvent = { event_id?: string } & (
  | { type: 'session.update'; session: RealtimeSession }
  | { type: 'conversation.item.create'; previous_item_id?: string; item: CreatableItem }
  | { type: 'conversation.item.retrieve'; item_id: string }
  | { type: 'conversation.item.delete'; item_id: string }
  | { type: 'conversation.item.truncate'; item_id: string; content_index: 0; audio_end_ms: number }
  | {
      type: 'response.create';
      response?: {
        instructions?: string;
        output_modalities?: ['audio'] | ['text'];
        metadata?: Record<string, string>;
        tool_choice?: 'auto' | 'none' | 'required';
      };
    }
  | { type: 'response.cancel'; response_id?: string }
  | { type: 'output_audio_buffer.clear' }
  | { type: 'input_audio_buffer.clear' }
  | { type: 'input_audio_buffer.commit' }
);
