import { plural } from '../plurals.ts';

/** Welcome and agreement, in English. */
export const before = {
  welcome: {
    title: 'Welcome, and take your time',
    text: 'You will talk with an AI interviewer. It asks one question at a time. Pauses are fine, and you can ask it to repeat. If your connection drops, come back to this link.',
  },
  welcomeBack: {
    title: 'Welcome back',
    text: 'Everything you said is kept. The interview goes on where you left it, with the same question.',
  },
  language: 'Language',
  inviter: 'Invited by',
  decider: 'Who decides',
  retention: 'What is kept',
  nextSteps: 'Afterwards',
  adjustment: 'If you need something',
  agreement: 'Your agreement',
  needed: 'needed to start',
  optional: 'your choice',
  readMore: 'Read the full text',
  opensNewTab: 'opens in a new tab',
  consentHint: (missing: number) =>
    plural('en', missing, {
      one: 'To go on, please read and tick the box above.',
      other: 'To go on, please read and tick the boxes marked “needed to start”.',
    }),
  checkMicrophone: 'Check my microphone',
  typeInstead: 'I would rather type',

  asking: {
    title: 'Please allow the microphone',
    text: 'Your browser is asking whether this page may hear you. Choose “Allow”.',
  },
};
