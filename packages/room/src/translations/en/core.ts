import { plural } from '../plurals.ts';

/** A heading and what it says. Of trouble in words that lower the pulse: what happened, then what to do. */
export interface CardWords {
  title: string;
  text: string;
}

/** "1 minute", "20 minutes". */
function minutes(count: number): string {
  return plural('en', count, { one: '# minute', other: '# minutes' });
}

function length(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const rest = whole % 60;
  const full = Math.floor(whole / 60);
  if (full === 0) return `${rest} s`;
  return rest === 0 ? minutes(full) : `${full} min ${rest} s`;
}

/** What any screen may say, in English. */
export const core = {
  /** BCP 47 tag; also the name under which the language is known. */
  $code: 'en',
  $dir: 'ltr' as 'ltr' | 'rtl',
  /** Names the element for screen readers. */
  room: 'Interview room',
  simulation: 'Simulation',

  loading: 'Opening your invitation',
  connecting: {
    title: 'Connecting you',
    text: 'This takes a few seconds. The interviewer speaks first.',
  },
  storing: {
    title: 'Saving your answers',
    text: 'Please leave this page open for a moment.',
  },
  savingLeft: (count: number) =>
    plural('en', count, { one: '# part still to send', other: '# parts still to send' }),
  savingMemory: 'This browser cannot keep them for later, so this page must stay open.',

  step: (step: number, of: number) => `Step ${step} of ${of}`,
  questions: 'Questions',
  questionOf: (number: number, of: number) => `${number} of ${of}`,
  questionOfLong: (number: number, of: number) => `Question ${number} of ${of}`,
  length: 'Length',
  lengthOf: length,
  left: 'left',
  timeLeft: (minutesLeft: number) =>
    minutesLeft < 1 ? 'Less than a minute left' : `${minutes(minutesLeft)} left`,
  clockStopped: 'clock stopped',

  /** Where the page itself holds what is agreed to, behind a link. */
  agreeToLinked: 'I have read the terms of this interview and agree to them.',

  back: 'Back',
  tryAgain: 'Try again',
  checkAgain: 'Check again',
  comeBack: 'Come back in',
  notConfigured: {
    title: 'The interview is not set up on this page',
    text: 'Please tell the people who invited you. Your invitation stays valid.',
  },
  noInvitation: {
    title: 'Please open your invitation link',
    text: 'This page shows your interview when you come here from the link in your invitation.',
  },

  announce: {
    live: 'You are connected. The interviewer speaks first.',
    back: 'You are connected again.',
    muted: 'Your microphone is off.',
    unmuted: 'Your microphone is on.',
    minutes: (count: number) => `About ${minutes(count)} left.`,
  },
};
