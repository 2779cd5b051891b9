import type { Recruiting } from './recruiting.ts';

interface QuestionState {
  question_id: string;
  status: 'asked' | 'delivered' | 'left';
  outcome: 'answered' | 'probes_used' | 'dont_know' | 'skip' | 'time' | null;
  restates: number;
}

const outcomeWords: Record<NonNullable<QuestionState['outcome']>, string> = {
  answered: 'answered',
  probes_used: 'answered, with every follow-up',
  dont_know: 'did not know',
  skip: 'skipped',
  time: 'time was up',
};

/** How each question of a session went, in words, by the id of the question; without those of which nothing is known. */
export async function wentOf(
  recruiting: Recruiting,
  sessionId: string,
): Promise<Map<string, string>> {
  const states = await recruiting.rows<QuestionState>((client) =>
    client
      .from('question_states')
      .select('question_id,status,outcome,restates')
      .eq('session_id', sessionId),
  );
  return new Map(states.map((state) => [state.question_id, wordsFor(state)]));
}

function wordsFor({ status, outcome, restates }: QuestionState): string {
  const how =
    outcome === null ? (status === 'asked' ? 'not heard to its end' : '') : outcomeWords[outcome];
  const again =
    restates === 0 ? '' : restates === 1 ? 'repeated once' : `repeated ${restates} times`;
  return [how, again].filter((part) => part !== '').join(', ');
}
