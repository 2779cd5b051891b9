import { defineComponent, h, shallowRef, type VNode } from 'vue';
import { injectInterview } from './use-interview.ts';

interface TypedAnswerProps {
  /** Shown from the beginning. */
  open: boolean;
}

/** An answer in writing, at any time in place of a spoken one. */
export const TypedAnswer = defineComponent(
  (props: TypedAnswerProps) => {
    const { attempt } = injectInterview();
    const text = shallowRef('');
    const onSubmit = async (event: Event): Promise<void> => {
      event.preventDefault();
      await attempt(async (session) => {
        await session.sendText(text.value);
        text.value = '';
      });
    };
    const onInput = (event: Event): void => {
      text.value = (event.target as HTMLTextAreaElement).value;
    };
    return (): VNode =>
      h('details', { open: props.open }, [
        h('summary', 'Type an answer'),
        h('form', { onSubmit }, [
          h('textarea', {
            'aria-label': 'Your answer',
            rows: 3,
            required: true,
            maxlength: 8000,
            value: text.value,
            onInput,
          }),
          h('button', { type: 'submit', class: props.open ? undefined : 'quiet' }, 'Send'),
        ]),
      ]);
  },
  { name: 'TypedAnswer', props: ['open'] },
);
