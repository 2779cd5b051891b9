import type { CallId } from '@interview/protocol';
import { openAiRealtime } from '../conversation/openai-realtime.ts';
import type { Assembler } from '../transcript/assembler.ts';
import type { Row } from '../transcript/revisions.ts';

/** A call, as the proxy would name it. */
export const callId = '5f0c1d3e-8a4b-4c6d-9e2f-0123456789ab' as CallId;

/** One message of the provider. */
export type Wire = { type: string } & Record<string, unknown>;

/** Plays messages to an assembler, one every `stepMs`, and gives back the rows that came of them. */
export function play(assembler: Assembler, events: readonly Wire[], stepMs = 10): Row[] {
  return events.flatMap((event, index) =>
    assembler.apply(openAiRealtime.decode(JSON.stringify(event)).changes, index * stepMs),
  );
}

/** What a reader sees in the end: the last revision of each row, by position. */
export function settled(rows: readonly Row[]): string[] {
  const last = new Map(rows.map((row) => [row.entry_id, row]));
  return [...last.values()]
    .sort((a, b) => a.position - b.position)
    .map(({ role, status, text }) => `${role} ${status}: ${text}`);
}

/** The candidate speaks and the provider takes it as a turn. */
export function speech(id: string, after: string | null, atMs = 0): Wire[] {
  const item = {
    id,
    type: 'message',
    role: 'user',
    status: 'completed',
    content: [{ type: 'input_audio', transcript: null }],
  };
  return [
    { type: 'input_audio_buffer.speech_started', item_id: id, audio_start_ms: atMs },
    { type: 'input_audio_buffer.speech_stopped', item_id: id, audio_end_ms: atMs + 900 },
    { type: 'input_audio_buffer.committed', item_id: id, previous_item_id: after },
    { type: 'conversation.item.added', previous_item_id: after, item },
    { type: 'conversation.item.done', previous_item_id: after, item },
  ];
}

/** The transcription of a turn, which comes whenever it is ready. */
export function transcription(id: string, text: string): Wire[] {
  const where = { item_id: id, content_index: 0 };
  return [
    {
      type: 'conversation.item.input_audio_transcription.delta',
      ...where,
      delta: text.slice(0, 4),
    },
    {
      type: 'conversation.item.input_audio_transcription.completed',
      ...where,
      transcript: `${text}\n`,
      languages: ['en'],
    },
  ];
}

/** A reply up to its last delta. */
export function replyBegins(reply: string, id: string, after: string | null, text: string): Wire[] {
  const item = { id, type: 'message', role: 'assistant', status: 'in_progress', content: [] };
  const place = { response_id: reply, item_id: id, output_index: 0, content_index: 0 };
  return [
    {
      type: 'response.created',
      response: { id: reply, status: 'in_progress', output: [], conversation_id: 'conv_1' },
    },
    { type: 'response.output_item.added', response_id: reply, output_index: 0, item },
    { type: 'conversation.item.added', previous_item_id: after, item },
    { type: 'response.content_part.added', ...place, part: { type: 'audio', transcript: '' } },
    { type: 'response.output_audio_transcript.delta', ...place, delta: text.slice(0, 3) },
    { type: 'output_audio_buffer.started', response_id: reply },
    { type: 'response.output_audio_transcript.delta', ...place, delta: text.slice(3) },
  ];
}

/** The end of a reply: the same text five times, as the wire has it. */
export function replyEnds(
  reply: string,
  id: string,
  after: string | null,
  text: string,
  { item: itemStatus = 'completed', response = 'completed' } = {},
): Wire[] {
  const content = [{ type: 'output_audio', transcript: text }];
  const item = { id, type: 'message', role: 'assistant', status: itemStatus, content };
  const place = { response_id: reply, item_id: id, output_index: 0, content_index: 0 };
  const details = response === 'cancelled' ? { type: 'cancelled', reason: 'turn_detected' } : null;
  return [
    { type: 'response.output_audio.done', ...place },
    { type: 'response.output_audio_transcript.done', ...place, transcript: text },
    { type: 'response.content_part.done', ...place, part: { type: 'audio', transcript: text } },
    { type: 'response.output_item.done', response_id: reply, output_index: 0, item },
    { type: 'conversation.item.done', previous_item_id: after, item },
    {
      type: 'response.done',
      response: {
        id: reply,
        status: response,
        status_details: details,
        output: [item],
        conversation_id: 'conv_1',
      },
    },
  ];
}

/** A tool call and its output: links of the chain that nobody says. */
export function toolCall(id: string, after: string): Wire[] {
  const call = {
    id,
    type: 'function_call',
    status: 'completed',
    name: 'next_question',
    call_id: 'call_1',
    arguments: '{}',
  };
  const output = {
    id: `${id}_out`,
    type: 'function_call_output',
    call_id: 'call_1',
    output: '{"ok":true}',
  };
  return [
    { type: 'conversation.item.added', previous_item_id: after, item: call },
    { type: 'conversation.item.done', previous_item_id: after, item: call },
    { type: 'conversation.item.added', previous_item_id: id, item: output },
    { type: 'conversation.item.done', previous_item_id: id, item: output },
  ];
}

/** The server's own words for what was heard of a line. */
export const truncated = (id: string, ms: number): Wire => ({
  type: 'conversation.item.truncated',
  item_id: id,
  content_index: 0,
  audio_end_ms: ms,
});

/** What was still to be played is thrown away. */
export const cleared = (reply: string): Wire => ({
  type: 'output_audio_buffer.cleared',
  response_id: reply,
});

/** A turn of a long talk, of 26 events: the candidate answers, a tool is called, the interviewer asks on. */
export function longTalkTurn(turn: number): Wire[] {
  const [u, f, a, r] = [`item_u${turn}`, `item_f${turn}`, `item_a${turn}`, `resp_${turn}`];
  const question = `Question ${turn}: ${'what did you do then, and why? '.repeat(3)}`;
  return [
    ...speech(u, turn === 0 ? null : `item_a${turn - 1}`, turn * 1000),
    ...toolCall(f, u),
    ...replyBegins(r, a, `${f}_out`, question),
    ...transcription(u, `Answer ${turn}: ${'first I looked, then I asked. '.repeat(8)}`),
    ...replyEnds(r, a, `${f}_out`, question),
    { type: 'output_audio_buffer.stopped', response_id: r },
    { type: 'rate_limits.updated', rate_limits: [] },
  ];
}
