import type { CallSpec } from './port.ts';
import type { OpenAiModels } from './openai-session.ts';

/**
 * The beta's flat session of an interview, as a `session.update` carries it. `model` stands in the address, and tools
 * are for nobody where the server has no channel.
 */
export function openAiBetaSession(
  spec: CallSpec,
  { transcriptionModel, voice }: OpenAiModels,
): Record<string, unknown> {
  const { instructions, mode, turnDetection } = spec;
  if (mode === 'text') return { modalities: ['text'], instructions, turn_detection: null };
  return {
    // Unlike GA, sound comes with its words only where both are named.
    modalities: ['audio', 'text'],
    instructions,
    voice,
    input_audio_transcription: {
      model: transcriptionModel,
      language: spec.language.split('-')[0]?.toLowerCase(),
    },
    turn_detection: turnDetection,
  };
}
