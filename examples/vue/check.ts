import {
  defineComponent,
  h,
  onBeforeUnmount,
  onMounted,
  shallowRef,
  useTemplateRef,
  type VNode,
} from 'vue';
import { Action, Step } from './step.ts';
import { injectInterview } from './use-interview.ts';

/** Above this a voice is heard and not the room. */
const HEARD = 0.1;

interface CheckProps {
  /** The interview was begun before. */
  goesOn: boolean;
  onStart: () => Promise<void>;
}

/** The microphone is open: the candidate sees that it hears. */
export const Check = defineComponent(
  (props: CheckProps) => {
    const { session } = injectInterview();
    const heard = shallowRef(false);
    const meter = useTemplateRef<HTMLMeterElement>('meter');
    let frame = 0;
    // Drawn past Vue: sixty renderings a second would be no use to anybody.
    const draw = (): void => {
      const { candidate } = session.levels();
      if (meter.value) meter.value.value = candidate;
      heard.value ||= candidate > HEARD;
      frame = requestAnimationFrame(draw);
    };
    onMounted(draw);
    onBeforeUnmount(() => cancelAnimationFrame(frame));

    return (): VNode =>
      h(Step, { title: 'Say a few words', lead: 'The bar moves while you speak.' }, () => [
        h('meter', { ref: 'meter', min: 0, max: 1, 'aria-label': 'Level of your voice' }),
        h(
          'p',
          { role: 'status' },
          heard.value
            ? 'We hear you. Start whenever you are ready.'
            : 'We have not heard you yet. Try “Hello, can you hear me?”',
        ),
        h(Action, { act: props.onStart }, () =>
          props.goesOn ? 'Go on with the interview' : 'Start the interview',
        ),
      ]);
  },
  { name: 'Check', props: ['goesOn', 'onStart'] },
);
