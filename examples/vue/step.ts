import { defineComponent, h, shallowRef, useTemplateRef, watch, type VNode } from 'vue';

interface StepProps {
  title: string;
  lead?: string;
}

/** One screen. Focus goes to its heading, so that nobody is left behind on a button that is gone. */
export const Step = defineComponent(
  (props: StepProps, { slots }) => {
    const heading = useTemplateRef<HTMLHeadingElement>('heading');
    watch([heading, () => props.title], () => heading.value?.focus(), { flush: 'post' });
    return (): VNode =>
      h('section', { class: 'step', 'aria-label': props.title }, [
        h('h1', { ref: 'heading', tabindex: -1 }, props.title),
        props.lead === undefined ? null : h('p', { class: 'lead' }, props.lead),
        slots['default']?.(),
      ]);
  },
  { name: 'Step', props: ['title', 'lead'] },
);

interface ActionProps {
  /** Never rejects. */
  act: () => Promise<void> | void;
  look?: 'quiet' | 'danger' | undefined;
  pressed?: boolean;
}

/** A button that takes one press at a time. It keeps its focus while it is busy. */
export const Action = defineComponent(
  (props: ActionProps, { slots }) => {
    const busy = shallowRef(false);
    const onClick = async (): Promise<void> => {
      if (busy.value) return;
      busy.value = true;
      await props.act();
      busy.value = false;
    };
    return (): VNode =>
      h(
        'button',
        {
          type: 'button',
          class: props.look,
          'aria-disabled': busy.value,
          'aria-pressed': props.pressed,
          onClick,
        },
        slots['default']?.(),
      );
  },
  { name: 'Action', props: ['act', 'look', 'pressed'] },
);
