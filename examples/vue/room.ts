import type { ConsentGiven, InterviewSessionOptions, StartInput } from '@interview/rtc';
import { defineComponent, h, onMounted, shallowRef, type VNode } from 'vue';
import { Check } from './check.ts';
import { Saving, Thanks } from './end.ts';
import { Action, Step } from './step.ts';
import { Talk } from './talk.ts';
import { Trouble } from './trouble.ts';
import { provideInterview, useInterview } from './use-interview.ts';
import { Welcome } from './welcome.ts';

interface RoomProps {
  options: InterviewSessionOptions;
}

/** One interview from the link to the thank-you: the step that its session has reached. */
export const Room = defineComponent(
  (props: RoomProps) => {
    const interview = useInterview(props.options);
    provideInterview(interview);
    const { about, error, state, attempt, look } = interview;
    onMounted(look);

    const input = shallowRef<Required<StartInput>>({ consents: [], mode: 'voice' });
    const start = (): Promise<void> => attempt((it) => it.start(input.value));
    const agree = async (consents: ConsentGiven[], mode: 'voice' | 'text'): Promise<void> => {
      input.value = { consents, mode };
      await (mode === 'voice' ? attempt((it) => it.prepare()) : start());
    };

    const connecting = (): VNode =>
      h(Step, connectingWords, () =>
        error.value?.code === 'playback_blocked'
          ? h(
              Action,
              { act: () => attempt((it) => it.resumePlayback()) },
              () => 'Turn on the sound',
            )
          : null,
      );

    return (): VNode => {
      switch (state.value) {
        case 'connecting':
          return connecting();
        case 'live':
        case 'paused':
        case 'reconnecting':
          return h(Talk, { mode: input.value.mode });
        case 'ending':
          return h(Saving);
        case 'completed':
          return h(Thanks);
      }
      if (error.value !== null) return h(Trouble, { error: error.value, onStart: start });
      if (about.value === null) return h(Step, { title: 'Opening your invitation' });
      if (state.value === 'ready') {
        return h(Check, { goesOn: about.value.resumable, onStart: start });
      }
      const agreed = about.value.resumable && state.value !== 'failed';
      return h(Welcome, { about: about.value, agreed, onAgreed: agree });
    };
  },
  { name: 'Room', props: ['options'] },
);

const connectingWords = {
  title: 'Connecting you',
  lead: 'This takes a few seconds. The interviewer speaks first.',
};
