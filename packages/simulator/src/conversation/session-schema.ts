import * as z from 'zod';
import { RequestError } from '../request-error.ts';

const turnDetection = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('semantic_vad'),
    eagerness: z.enum(['low', 'medium', 'high', 'auto']).default('auto'),
    create_response: z.boolean().default(true),
    interrupt_response: z.boolean().default(true),
  }),
  z.strictObject({
    type: z.literal('server_vad'),
    threshold: z.number().min(0).max(1).default(0.5),
    prefix_padding_ms: z.number().int().min(0).default(300),
    silence_duration_ms: z.number().int().min(0).default(500),
    create_response: z.boolean().default(true),
    interrupt_response: z.boolean().default(true),
    idle_timeout_ms: z.number().int().min(5000).max(30_000).nullable().default(null),
  }),
]);

const format = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('audio/pcm'), rate: z.literal(24_000).default(24_000) }),
  z.strictObject({ type: z.literal('audio/pcmu') }),
  z.strictObject({ type: z.literal('audio/pcma') }),
]);

const transcription = z.strictObject({
  model: z.string(),
  language: z.string().optional(),
  languages: z.array(z.string()).optional(),
  keywords: z.array(z.string()).optional(),
  prompt: z.string().optional(),
  delay: z.enum(['minimal', 'low', 'medium', 'high', 'xhigh']).optional(),
});

const noiseReduction = z.strictObject({
  type: z.enum(['near_field', 'far_field']),
  strength: z.unknown().optional(),
});

/** A function tool as the GA shape has it: no `strict`, no nested `function`. */
const tool = z.strictObject({
  type: z.literal('function'),
  name: z.string().min(1).max(64),
  description: z.string().optional(),
  parameters: z.record(z.string(), z.unknown()).optional(),
});

export const toolChoice = z.union([
  z.enum(['auto', 'none', 'required']),
  z.strictObject({ type: z.literal('function'), name: z.string() }),
]);

export const tools = z.array(tool);
export const outputModalities = z.union([
  z.tuple([z.literal('audio')]),
  z.tuple([z.literal('text')]),
]);
export const maxOutputTokens = z.union([z.number().int().min(1).max(4096), z.literal('inf')]);
export const reasoning = z.strictObject({
  effort: z.enum(['minimal', 'low', 'medium', 'high', 'xhigh']).optional(),
});
export const voice = z.union([z.string(), z.strictObject({ id: z.string() })]);
export const audioOutput = z.strictObject({
  format: format.optional(),
  voice: voice.optional(),
  speed: z.number().min(0.25).max(1.5).optional(),
});

/** A session as a client may send it: one unknown field refuses the whole. */
export const SessionPatch = z.strictObject({
  type: z.literal('realtime'),
  model: z.string().optional(),
  instructions: z.string().optional(),
  output_modalities: outputModalities.optional(),
  audio: z
    .strictObject({
      input: z
        .strictObject({
          format: format.optional(),
          noise_reduction: noiseReduction.nullable().optional(),
          transcription: transcription.nullable().optional(),
          turn_detection: turnDetection.nullable().optional(),
        })
        .optional(),
      output: audioOutput.optional(),
    })
    .optional(),
  include: z.array(z.string()).nullable().optional(),
  tracing: z.unknown().optional(),
  tools: tools.optional(),
  tool_choice: toolChoice.optional(),
  parallel_tool_calls: z.boolean().optional(),
  reasoning: reasoning.optional(),
  max_output_tokens: maxOutputTokens.optional(),
  truncation: z.unknown().optional(),
  prompt: z.unknown().optional(),
});
export type SessionPatch = z.infer<typeof SessionPatch>;
export type TurnDetection = z.infer<typeof turnDetection>;
export type Transcription = z.infer<typeof transcription>;
export type Tool = z.infer<typeof tool>;
export type ToolChoice = z.infer<typeof toolChoice>;

/**
 * Reads `value` or throws the `RequestError` that the provider would answer with; `root` begins the parameter's name.
 *
 * @throws RequestError `unknown_parameter`, `missing_required_parameter` or `invalid_value`.
 */
export function readParameters<T>(schema: z.ZodType<T>, value: unknown, root: string): T {
  const read = schema.safeParse(value, { reportInput: true });
  if (read.success) return read.data;
  const issue = read.error.issues[0];
  const path = [...(root === '' ? [] : [root]), ...(issue?.path ?? []).map(String)].join('.');
  if (issue?.code === 'unrecognized_keys') {
    const param = path === '' ? (issue.keys[0] ?? '') : `${path}.${issue.keys[0] ?? ''}`;
    throw new RequestError('unknown_parameter', `Unknown parameter: '${param}'.`, { param });
  }
  if (issue?.input === undefined) {
    throw new RequestError('missing_required_parameter', `Missing required parameter: '${path}'.`, {
      param: path,
    });
  }
  throw new RequestError('invalid_value', `Invalid value: '${path}': ${issue.message}.`, {
    param: path,
  });
}
