import type { TranscriptLine } from '@interview/rtc';
import { defineComponent, h, useTemplateRef, watch, type VNode } from 'vue';
import { injectInterview } from './use-interview.ts';

/** So close to its end the log follows what is added, pixels. */
const NEAR = 48;

const notes: Partial<Record<TranscriptLine['status'], string>> = {
  interrupted: 'You came in here; that is fine.',
  failed: 'We could not write this down. You can say it again.',
  inaudible: 'No clear words here. You can say it again.',
};

/** Everything that was said, as a document. */
export const Transcript = defineComponent(
  () => {
    const { delivery, lines } = injectInterview();
    const log = useTemplateRef<HTMLElement>('log');
    let follows = true;
    watch(
      [log, lines],
      () => {
        if (log.value && follows) log.value.scrollTop = log.value.scrollHeight;
      },
      { flush: 'post' },
    );
    const onScroll = (): void => {
      if (!log.value) return;
      const { scrollHeight, scrollTop, clientHeight } = log.value;
      follows = scrollHeight - scrollTop - clientHeight < NEAR;
    };
    return (): VNode =>
      h('div', { class: 'transcript' }, [
        h('div', { class: 'row' }, [
          h('h2', 'Transcript'),
          h(
            'p',
            { class: 'muted' },
            delivery.value.pending === 0 ? 'All answers saved' : 'Saving …',
          ),
        ]),
        h('div', { ref: 'log', role: 'log', 'aria-label': 'Transcript', tabindex: 0, onScroll }, [
          lines.value.length === 0
            ? h('p', { class: 'muted' }, 'What is said appears here.')
            : null,
          h('ol', lines.value.map(lineItem)),
        ]),
      ]);
  },
  { name: 'Transcript' },
);

/** Busy while it grows, so that it is read out once and whole. */
function lineItem({ id, role, status, text }: TranscriptLine): VNode {
  const note = notes[status];
  return h('li', { key: id, class: [role, status], 'aria-busy': status === 'partial' }, [
    h('b', role === 'candidate' ? 'You' : 'Interviewer'),
    h('p', text),
    note === undefined ? null : h('small', note),
  ]);
}
