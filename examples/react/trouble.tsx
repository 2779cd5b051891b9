import type { InterviewError, InterviewSession } from '@interview/rtc';
import type { ReactNode } from 'react';
import { remedyFor, wordsFor, type Remedy } from './remedies.ts';
import { Action, Step } from './step.tsx';
import type { Interview } from './use-interview.ts';

const labels: Record<Remedy, string> = {
  look: 'Try again',
  prepare: 'Check again',
  start: 'Try again',
  end: 'Send again',
};

interface TroubleProps {
  error: InterviewError;
  interview: Interview;
  session: InterviewSession;
  onStart: () => Promise<void>;
}

/** Something stopped: what it was, and the one thing that helps. */
export function Trouble({ error, interview, session, onStart }: TroubleProps): ReactNode {
  const { about, attempt, look } = interview;
  const { title, text } = wordsFor(error);
  const remedy = remedyFor(error, { looked: about !== null, state: session.state });
  const ways: Record<Remedy, () => Promise<void>> = {
    look,
    prepare: () => attempt((it) => it.prepare()),
    start: onStart,
    end: () => attempt((it) => it.end()),
  };
  return (
    <Step title={title} lead={text}>
      {remedy !== null && <Action onAct={ways[remedy]}>{labels[remedy]}</Action>}
    </Step>
  );
}
