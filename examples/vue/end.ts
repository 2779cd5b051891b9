import { defineComponent, h, type VNode } from 'vue';
import { Step } from './step.ts';
import { Transcript } from './transcript.ts';
import { injectInterview } from './use-interview.ts';

/** The microphone is free already; the last words are on their way. */
export const Saving = defineComponent(
  () => {
    const { delivery } = injectInterview();
    return (): VNode => {
      const { pending, kept } = delivery.value;
      return h(Step, savingWords, () => [
        h('p', { role: 'status' }, pending > 0 ? `${pending} parts still to send` : ''),
        kept === 'memory'
          ? h('p', 'This browser cannot keep them for later, so this page must stay open.')
          : null,
      ]);
    };
  },
  { name: 'Saving' },
);

const savingWords = {
  title: 'Saving your answers',
  lead: 'Please leave this page open for a moment.',
};

/** Everything is stored, and can be read once more. */
export const Thanks = defineComponent(
  () => {
    const { about } = injectInterview();
    return (): VNode => {
      const company = about.value === null ? '' : ` for ${about.value.tenant.name}`;
      const words = {
        title: 'Thank you, that is everything',
        lead: `Every word is stored${company}. You can close this page.`,
      };
      return h(Step, words, () => h(Transcript));
    };
  },
  { name: 'Thanks' },
);
