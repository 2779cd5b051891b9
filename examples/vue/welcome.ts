import type { ConsentRequest, LookReply } from '@interview/rtc';
import { computed, defineComponent, h, type VNode } from 'vue';
import { Step } from './step.ts';
import { injectInterview } from './use-interview.ts';

interface WelcomeProps {
  about: LookReply;
  /** What was agreed to before an interruption stands and is not asked again. */
  agreed: boolean;
}

/** What the link is about, and what has to be agreed to. Nothing is ticked by anybody but the candidate. */
export const Welcome = defineComponent(
  (props: WelcomeProps, { emit }) => {
    const { state } = injectInterview();
    const consents = computed(() => (props.agreed ? [] : props.about.consents));
    const onSubmit = (event: SubmitEvent): void => {
      event.preventDefault();
      const data = new FormData(event.target as HTMLFormElement, event.submitter);
      const answers = consents.value.map(({ purpose, version, text }) => {
        return { purpose, version, text, granted: data.has(purpose) };
      });
      emit('agreed', answers, data.get('mode') === 'text' ? 'text' : 'voice');
    };

    return (): VNode => {
      const { interview, modes, resumable } = props.about;
      const asking = state.value === 'preparing';
      const title = resumable ? 'Welcome back' : interview.title;
      return h(Step, { title, lead: leadOf(props.about) }, () =>
        h('form', { onSubmit }, [
          consents.value.length > 0
            ? h('fieldset', [h('legend', 'Before we begin'), consents.value.map(consentBox)])
            : null,
          h('div', { class: 'row' }, [
            h(
              'button',
              { type: 'submit', name: 'mode', value: 'voice', 'aria-disabled': asking },
              'Check my microphone',
            ),
            modes.includes('text')
              ? h(
                  'button',
                  { type: 'submit', name: 'mode', value: 'text', class: 'quiet' },
                  'I would rather type',
                )
              : null,
          ]),
          h('p', { class: 'muted', role: 'status' }, asking ? askingWords : ''),
        ]),
      );
    };
  },
  { name: 'Welcome', props: ['about', 'agreed'], emits: ['agreed'] },
);

const askingWords = 'Your browser is asking whether this page may hear you. Choose “Allow”.';

function leadOf({ tenant, interview, resumable }: LookReply): string {
  if (resumable) {
    return 'Everything you said is kept. The interview goes on where you left it, with the same question.';
  }
  const minutes = Math.round(interview.duration_s / 60);
  return `${tenant.name} invites you to talk with an AI interviewer: ${interview.questions_total} questions, about ${minutes} minutes. Pauses are fine.`;
}

function consentBox({ purpose, text, url, required }: ConsentRequest): VNode {
  return h('div', { class: 'consent', key: purpose }, [
    h('label', [
      h('input', { type: 'checkbox', name: purpose, required }),
      h('span', [text, required ? null : h('em', ' Your choice.')]),
    ]),
    url === undefined
      ? null
      : h('a', { href: url, target: '_blank', rel: 'noreferrer' }, 'Read the full text'),
  ]);
}
