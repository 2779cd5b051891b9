import type { Turn } from '@interview/rtc';
import { computed, defineComponent, h, type VNode } from 'vue';
import { Controls } from './controls.ts';
import { wordsFor } from './remedies.ts';
import { Action, Step } from './step.ts';
import { Transcript } from './transcript.ts';
import { TypedAnswer } from './typed-answer.ts';
import { injectInterview } from './use-interview.ts';

const turns: Record<Turn, string> = {
  listening: 'Your turn: take your time.',
  candidate: 'We are listening.',
  thinking: 'One moment …',
  interviewer: 'The interviewer is speaking.',
};

const waiting = 'The interview is waiting for you. The clock has stopped.';
const silent = 'Your microphone is off.';

interface TalkProps {
  mode: 'voice' | 'text';
}

/** The talk, also while its connection is away: what was typed must not be lost with it. */
export const Talk = defineComponent(
  (props: TalkProps) => {
    const { about, error, state } = injectInterview();
    return (): VNode => {
      const away = state.value === 'reconnecting';
      const title = about.value?.interview.title ?? 'Your interview';
      return h(Step, { title: away ? 'Your connection dropped' : title }, () => [
        h(away ? Away : Stage),
        h('p', { role: 'alert' }, error.value ? wordsFor(error.value).text : ''),
        away ? null : h(Controls, { mode: props.mode }),
        h(Transcript),
        h(TypedAnswer, { open: props.mode === 'text' }),
      ]);
    };
  },
  { name: 'Talk', props: ['mode'] },
);

/** Whose turn it is, what was asked and what time is left. */
const Stage = defineComponent(
  () => {
    const { muted, progress, state, time, turn } = injectInterview();
    const facts = computed(() => {
      const { question, of } = progress.value ?? { question: 0, of: 0 };
      return [
        question > 0 ? `Question ${question} of ${of}` : '',
        time.value === null ? '' : timeLeft(time.value.remainingS),
      ].filter(Boolean);
    });
    return (): VNode[] => [
      h('p', { class: 'muted' }, facts.value.join(' · ')),
      h('p', { class: 'question' }, progress.value?.text ?? ''),
      h(
        'p',
        { class: 'turn', role: 'status' },
        state.value === 'paused' ? waiting : muted.value ? silent : turns[turn.value],
      ),
    ];
  },
  { name: 'Stage' },
);

function timeLeft(seconds: number): string {
  const minutes = Math.ceil(seconds / 60);
  return minutes > 1 ? `about ${minutes} minutes left` : 'about a minute left';
}

/** The connection is away and comes back by itself; nobody has to wait for the next attempt. */
const Away = defineComponent(
  () => {
    const { session, attempt } = injectInterview();
    return (): VNode[] => [
      h(
        'p',
        { class: 'lead' },
        'The interview is waiting for you and the clock has stopped. Everything you said is kept.',
      ),
      h('div', { class: 'row' }, [
        h(Action, { act: () => session.retryNow() }, () => 'Try now'),
        h(Action, { look: 'quiet', act: () => attempt((it) => it.end()) }, () => 'End instead'),
      ]),
    ];
  },
  { name: 'Away' },
);
