import type { InterviewError } from '@interview/rtc';
import { defineComponent, h, type VNode } from 'vue';
import { remedyFor, wordsFor, type Remedy } from './remedies.ts';
import { Action, Step } from './step.ts';
import { injectInterview } from './use-interview.ts';

const labels: Record<Remedy, string> = {
  look: 'Try again',
  prepare: 'Check again',
  start: 'Try again',
  end: 'Send again',
};

interface TroubleProps {
  error: InterviewError;
  onStart: () => Promise<void>;
}

/** Something stopped: what it was, and the one thing that helps. */
export const Trouble = defineComponent(
  (props: TroubleProps) => {
    const { about, attempt, look, state } = injectInterview();
    const ways: Record<Remedy, () => Promise<void>> = {
      look,
      prepare: () => attempt((it) => it.prepare()),
      start: () => props.onStart(),
      end: () => attempt((it) => it.end()),
    };
    return (): VNode => {
      const { title, text } = wordsFor(props.error);
      const facts = { looked: about.value !== null, state: state.value };
      const remedy = remedyFor(props.error, facts);
      return h(Step, { title, lead: text }, () =>
        remedy === null ? null : h(Action, { act: ways[remedy] }, () => labels[remedy]),
      );
    };
  },
  { name: 'Trouble', props: ['error', 'onStart'] },
);
