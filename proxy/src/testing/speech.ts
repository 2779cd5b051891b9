import type { ProviderCall } from './provider.ts';
import type { Message } from './proxy.ts';

/** Recognises the wish for a response of exactly these words. */
export const says = (text: string) => (event: Message) =>
  event.type === 'response.create' &&
  String((event['response'] as { instructions?: string }).instructions).endsWith(
    `Say exactly: ${text}`,
  );

/** Plays one spoken response whole, as the provider tells it. */
export function play(call: ProviderCall, id: string, text: string, previous: string | null): void {
  const response = { id: `resp_${id}`, conversation_id: 'conv_1', output: [], metadata: null };
  const item = {
    id,
    type: 'message',
    role: 'assistant',
    status: 'completed',
    content: [{ type: 'output_audio', transcript: text }],
  };
  call.send({ type: 'response.created', response: { ...response, status: 'in_progress' } });
  call.send({
    type: 'response.output_item.added',
    response_id: response.id,
    output_index: 0,
    item: { ...item, status: 'in_progress', content: [] },
  });
  call.send({
    type: 'conversation.item.added',
    previous_item_id: previous,
    item: { ...item, status: 'in_progress', content: [] },
  });
  call.send({ type: 'output_audio_buffer.started', response_id: response.id });
  call.send({
    type: 'response.output_item.done',
    response_id: response.id,
    output_index: 0,
    item,
  });
  call.send({
    type: 'response.done',
    response: { ...response, status: 'completed', output: [item] },
  });
  call.send({ type: 'output_audio_buffer.stopped', response_id: response.id });
}

/** The candidate speaks for so long, as the provider tells it. */
export function hear(call: ProviderCall, id: string, previous: string, ms: number): void {
  call.send({ type: 'input_audio_buffer.speech_started', item_id: id, audio_start_ms: 1000 });
  call.send({ type: 'input_audio_buffer.speech_stopped', item_id: id, audio_end_ms: 1000 + ms });
  call.send({ type: 'input_audio_buffer.committed', item_id: id, previous_item_id: previous });
  call.send({
    type: 'conversation.item.added',
    previous_item_id: previous,
    item: {
      id,
      type: 'message',
      role: 'user',
      status: 'completed',
      content: [{ type: 'input_audio', transcript: null }],
    },
  });
}

/** What the provider understood of it. */
export function transcribe(call: ProviderCall, id: string, transcript: string): void {
  call.send({
    type: 'conversation.item.input_audio_transcription.completed',
    item_id: id,
    content_index: 0,
    transcript,
  });
}

/** The model calls a tool. */
export function callTool(call: ProviderCall, name: string, args: object): string {
  const toolCall = `call_${Math.random().toString(36).slice(2)}`;
  const item = {
    id: `item_${toolCall}`,
    type: 'function_call',
    status: 'completed',
    call_id: toolCall,
    name,
    arguments: JSON.stringify(args),
  };
  const response = { id: `resp_${toolCall}`, conversation_id: 'conv_1', metadata: null };
  call.send({
    type: 'response.created',
    response: { ...response, status: 'in_progress', output: [] },
  });
  call.send({ type: 'response.output_item.done', response_id: response.id, output_index: 0, item });
  call.send({
    type: 'response.done',
    response: { ...response, status: 'completed', output: [item] },
  });
  return toolCall;
}
