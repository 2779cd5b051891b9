import { makeId } from '../ids.ts';
import { RequestError } from '../request-error.ts';
import type {
  SessionPatch,
  Tool,
  ToolChoice,
  Transcription,
  TurnDetection,
} from './session-schema.ts';

/** Life of a session, seconds: the provider's own limit. */
export const SESSION_LIFE_S = 3600;

type Given<K extends keyof SessionPatch> = Exclude<SessionPatch[K], undefined>;
type Voice = string | { id: string };
type Format = { type: 'audio/pcm'; rate: 24_000 } | { type: 'audio/pcmu' } | { type: 'audio/pcma' };

/** A session as the provider echoes it: everything is filled in. */
export interface Session {
  type: 'realtime';
  object: 'realtime.session';
  id: string;
  model: string;
  /** Unix time, seconds. */
  expires_at: number;
  instructions: string;
  output_modalities: Given<'output_modalities'>;
  audio: {
    input: {
      format: Format;
      noise_reduction: { type: 'near_field' | 'far_field' } | null;
      transcription: Transcription | null;
      turn_detection: TurnDetection | null;
    };
    output: { format: Format; voice: Voice; speed: number };
  };
  include: string[] | null;
  tracing: unknown;
  tools: Tool[];
  tool_choice: ToolChoice;
  max_output_tokens: number | 'inf';
  truncation: unknown;
  prompt: unknown;
}

/** A new session with the provider's defaults under `patch`, which ends after `lifeS` seconds. */
export function newSession(
  patch: SessionPatch,
  { nowMs = Date.now(), lifeS = SESSION_LIFE_S }: { nowMs?: number; lifeS?: number } = {},
): Session {
  const format: Format = { type: 'audio/pcm', rate: 24_000 };
  const session: Session = {
    type: 'realtime',
    object: 'realtime.session',
    id: makeId('sess'),
    model: patch.model ?? 'gpt-realtime-2.1',
    expires_at: Math.floor(nowMs / 1000) + lifeS,
    instructions: '',
    output_modalities: ['audio'],
    audio: {
      input: {
        format,
        noise_reduction: null,
        transcription: null,
        turn_detection: {
          type: 'server_vad',
          threshold: 0.5,
          prefix_padding_ms: 300,
          silence_duration_ms: 500,
          create_response: true,
          interrupt_response: true,
          idle_timeout_ms: null,
        },
      },
      output: { format, voice: 'marin', speed: 1 },
    },
    include: null,
    tracing: null,
    tools: [],
    tool_choice: 'auto',
    max_output_tokens: 'inf',
    truncation: 'auto',
    prompt: null,
  };
  return updateSession(session, patch, false);
}

/**
 * Applies an update: what is left out stays, null turns off.
 *
 * @throws RequestError when the model, or the voice after audio was made, would change.
 */
export function updateSession(session: Session, patch: SessionPatch, hasSpoken: boolean): Session {
  if (patch.model !== undefined && patch.model !== session.model) {
    throw new RequestError('invalid_value', "Cannot update a session's model.", {
      param: 'session.model',
    });
  }
  const voice = patch.audio?.output?.voice;
  if (hasSpoken && voice !== undefined && !sameVoice(voice, session.audio.output.voice)) {
    throw new RequestError(
      'cannot_update_voice',
      "Cannot update a conversation's voice if assistant audio is present.",
      { param: 'session.audio.output.voice' },
    );
  }
  const { audio } = patch;
  const rest: Partial<SessionPatch> = { ...patch };
  // Taken, but in no echo of the provider's.
  delete rest.audio;
  delete rest.parallel_tool_calls;
  delete rest.reasoning;
  return {
    ...session,
    ...(given(rest) as Partial<Session>),
    audio: {
      input: { ...session.audio.input, ...given(audio?.input ?? {}) },
      output: { ...session.audio.output, ...given(audio?.output ?? {}) },
    },
  };
}

function sameVoice(a: Voice, b: Voice): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** The members of `value` that were given at all. */
function given<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(value).filter((entry) => entry[1] !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
