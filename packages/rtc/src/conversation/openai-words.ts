import { OWN_ITEM_PREFIX } from '@interview/protocol';
import type { EarlierTurn, Words } from './decoder.ts';

/** What a page says to OpenAI's Realtime API. */
export const openAiWords: Words = {
  respond: { type: 'response.create' },
  typed: (text, random) => message(OWN_ITEM_PREFIX.typed + random, 'user', text),
  replay: (turns) =>
    turns.filter(isWhole).map(({ role, text, status }, index) =>
      message(
        `${OWN_ITEM_PREFIX.replay}${index}`,
        role === 'candidate' ? 'user' : 'assistant',
        // The model must not believe that a cut line was heard to its end.
        status === 'interrupted' ? `${text} …` : text,
      ),
    ),
};

function isWhole({ text, status, heardMs }: EarlierTurn): boolean {
  return text.trim() !== '' && status !== 'partial' && status !== 'failed' && heardMs !== 0;
}

/** Without `previous_item_id` it stands at the end. */
function message(id: string, role: 'user' | 'assistant', text: string): object {
  const type = role === 'user' ? 'input_text' : 'output_text';
  const item = { id, type: 'message', role, content: [{ type, text }] };
  return { type: 'conversation.item.create', item };
}
