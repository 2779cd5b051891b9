import type { RealtimeSession } from '@interview/protocol';
import type { CallSpec } from './port.ts';

/** Models of one OpenAI project. */
export interface OpenAiModels {
  model: string;
  transcriptionModel: string;
  voice: string;
}

/** The GA session of an interview: no turn is cut short, and no word goes untranscribed. */
export function openAiSession(spec: CallSpec, models: OpenAiModels): RealtimeSession {
  return {
    type: 'realtime',
    model: models.model,
    instructions: spec.instructions,
    ...(spec.mode === 'text' ? written : spoken(spec, models)),
    tools: spec.tools,
    tool_choice: 'auto',
    parallel_tool_calls: false,
  };
}

type Sound = Pick<RealtimeSession, 'output_modalities' | 'audio'>;

/** Turn detection is on where nothing is said of it, and would take any noise for a turn. */
const written: Sound = { output_modalities: ['text'], audio: { input: { turn_detection: null } } };

function spoken(spec: CallSpec, models: OpenAiModels): Sound {
  return {
    output_modalities: ['audio'],
    audio: {
      input: {
        noise_reduction: { type: 'near_field' },
        transcription: transcription(models.transcriptionModel, spec.language),
        turn_detection: spec.turnDetection,
      },
      output: { voice: models.voice },
    },
  };
}

function transcription(model: string, tag: string) {
  const language = tag.split('-')[0]?.toLowerCase() ?? tag;
  // Only the newer transcribers take a list; one unknown field would refuse the whole session.
  return /^gpt-(live-)?transcribe/.test(model)
    ? { model, languages: [language] }
    : { model, language };
}
