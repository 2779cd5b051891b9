import { InterviewSession, type ResumableInterview } from '@interview/rtc';
import { defineComponent, h, onBeforeUnmount, onMounted, shallowRef } from 'vue';
import { takeInvitation } from './invitation.ts';
import { Action, Step } from './step.ts';

/** The page without an invitation: offers what was begun in this browser and is not finished. */
export const ComeBack = defineComponent(
  (_props: object, { emit }) => {
    const unfinished = shallowRef<ResumableInterview[] | null>(null);
    // A link that is pasted into this very page changes nothing but the fragment.
    const follow = (): void => {
      const invitation = takeInvitation();
      if (invitation !== null) emit('chosen', invitation);
    };
    onMounted(async () => {
      addEventListener('hashchange', follow);
      unfinished.value = await InterviewSession.resumable();
    });
    onBeforeUnmount(() => removeEventListener('hashchange', follow));

    const forget = async ([latest, ...others]: ResumableInterview[]): Promise<void> => {
      await latest?.forget();
      unfinished.value = others;
    };
    return () => {
      const { value: found } = unfinished;
      if (found === null) return null;
      const [latest] = found;
      if (!latest) return h(Step, noLink);
      return h(Step, welcomeBack, () =>
        h('div', { class: 'row' }, [
          h(
            Action,
            { act: () => emit('chosen', latest.invitation) },
            () => `Go on with ${latest.title}`,
          ),
          h(Action, { look: 'quiet', act: () => forget(found) }, () => 'Not me'),
        ]),
      );
    };
  },
  { name: 'ComeBack', emits: ['chosen'] },
);

const noLink = {
  title: 'Please open your invitation link',
  lead: 'This page shows your interview when you come here from the link in your invitation.',
};

const welcomeBack = {
  title: 'Welcome back',
  lead: 'An interview was begun in this browser. It is still open.',
};
