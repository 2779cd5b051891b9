import { InterviewError } from '@interview/rtc';
import { defineComponent, h, onMounted, shallowRef, useTemplateRef, type VNode } from 'vue';
import { Action } from './step.ts';
import { injectInterview, type Step } from './use-interview.ts';

interface ControlsProps {
  mode: 'voice' | 'text';
}

/** What a candidate can do during the talk. */
export const Controls = defineComponent(
  (props: ControlsProps) => {
    const { state, muted, attempt } = injectInterview();
    const ending = shallowRef(false);
    const mayPause = shallowRef(true);
    const pause: Step = async (it) => {
      try {
        await it.pause();
      } catch (error) {
        // Whether an interviewer can wait is told only by asking it to.
        if (error instanceof InterviewError && error.code === 'unsupported') mayPause.value = false;
        throw error;
      }
    };
    const action = (label: string, step: Step, look?: 'quiet'): VNode =>
      h(Action, { key: label, act: () => attempt(step), look }, () => label);
    const muting = (): VNode =>
      h(
        Action,
        {
          key: 'Mute',
          look: 'quiet',
          pressed: muted.value,
          act: () => attempt((it) => (it.muted ? it.unmute() : it.mute())),
        },
        () => 'Mute',
      );
    const talking = (): (VNode | null)[] => [
      props.mode === 'voice' ? action('I’m done', (it) => it.act('done')) : null,
      action('Repeat', (it) => it.act('repeat'), 'quiet'),
      action('Skip', (it) => it.act('skip'), 'quiet'),
      props.mode === 'voice' ? muting() : null,
      mayPause.value ? action('Pause', pause, 'quiet') : null,
    ];

    return (): VNode => {
      if (ending.value) {
        return h(EndAsked, {
          onEnd: () => attempt((it) => it.end()),
          onKeep: () => (ending.value = false),
        });
      }
      return h('div', { class: 'row controls' }, [
        state.value === 'paused' ? action('Go on', (it) => it.unpause()) : talking(),
        h(Action, { look: 'danger', act: () => void (ending.value = true) }, () => 'End'),
      ]);
    };
  },
  { name: 'Controls', props: ['mode'] },
);

/** Ending is confirmed in place; Escape takes it back. */
const EndAsked = defineComponent(
  (_props: object, { emit }) => {
    const question = useTemplateRef<HTMLParagraphElement>('question');
    onMounted(() => question.value?.focus());
    const onKeydown = ({ key }: KeyboardEvent): void => {
      if (key === 'Escape') emit('keep');
    };
    return (): VNode =>
      h('div', { class: 'ask', onKeydown }, [
        h(
          'p',
          { ref: 'question', tabindex: -1 },
          'End the interview now? Your answers so far are kept.',
        ),
        h('div', { class: 'row' }, [
          h(Action, { look: 'quiet', act: () => emit('keep') }, () => 'Keep going'),
          h(Action, { look: 'danger', act: () => emit('end') }, () => 'End the interview'),
        ]),
      ]);
  },
  { name: 'EndAsked', emits: ['end', 'keep'] },
);
