/** A response that we want. */
export interface WantedResponse {
  /** null: the model answers in its own words. */
  say: string | null;
  /** These are the last words of the interview. */
  farewell: boolean;
  /** What the model shall speak of, where neither its words are given nor its turn is its own. */
  task?: string;
  /** Worth nothing while another response runs. */
  unlessActive?: true;
  /** No button asked for these words: they are the model's turn, and wait for the end of the candidate's. */
  afterTurn?: true;
}

/** What the provider is asked for. */
export function wordsFor(wanted: WantedResponse): {
  instructions?: string;
  tool_choice?: 'none';
} {
  if (wanted.task !== undefined) return { instructions: wanted.task, tool_choice: 'none' };
  if (wanted.say === null) return {};
  const text = wanted.say.replace(/\s+/g, ' ').trim();
  return {
    instructions: `Give the candidate the following words and nothing else.\nSay exactly: ${text}`,
    tool_choice: 'none',
  };
}

/** The model's own words for its turn. */
export function isAnswer({ say, task }: WantedResponse): boolean {
  return say === null && task === undefined;
}

/** Whoever's words they are: after them it is the candidate's turn. */
export function isTurn(wanted: WantedResponse): boolean {
  return isAnswer(wanted) || wanted.afterTurn === true;
}

/** Nobody says these over the candidate's words, or before a tool has answered. */
export function isPatient({ say, afterTurn }: WantedResponse): boolean {
  return say === null || afterTurn === true;
}
