import { trouble, type CardWords } from './en-trouble.ts';

export type { CardWords };

/** "1 minute", "20 minutes". */
function minutes(count: number): string {
  return count === 1 ? '1 minute' : `${count} minutes`;
}

function length(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const rest = whole % 60;
  const full = Math.floor(whole / 60);
  if (full === 0) return `${rest} s`;
  return rest === 0 ? minutes(full) : `${full} min ${rest} s`;
}

/** English, and the shape of every other language. */
export const en = {
  $code: 'en',
  $dir: 'ltr' as 'ltr' | 'rtl',
  /** Names the element for screen readers. */
  room: 'Interview room',
  simulation: 'Simulation',

  loading: 'Opening your invitation',

  welcome: {
    title: 'Welcome, and take your time',
    text: 'You will talk with an AI interviewer. It asks one question at a time. Pauses are fine, and you can ask it to repeat. If your connection drops, come back to this link.',
  },
  welcomeBack: {
    title: 'Welcome back',
    text: 'Everything you said is kept. The interview goes on where you left it, with the same question.',
  },
  questions: 'Questions',
  length: 'Length',
  language: 'Language',
  lengthOf: length,
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
    missing === 1
      ? 'To go on, please read and tick the box above.'
      : 'To go on, please read and tick the boxes marked “needed to start”.',
  checkMicrophone: 'Check my microphone',

  step: (step: number, of: number) => `Step ${step} of ${of}`,
  asking: {
    title: 'Please allow the microphone',
    text: 'Your browser is asking whether this page may hear you. Choose “Allow”.',
  },
  check: {
    title: 'Say a few words',
    text: 'The bars move while you speak.',
  },
  level: 'Microphone level',
  microphone: 'Microphone',
  microphoneUnnamed: (index: number) => `Microphone ${index}`,
  notHeardYet: 'We have not heard you yet. Try “Hello, can you hear me?”',
  heard: 'We hear you. Start whenever you are ready.',
  stillQuiet:
    'Still quiet. Is the microphone muted, or is another one chosen? You can also start and adjust it later.',
  startInterview: 'Start the interview',
  goOn: 'Go on with the interview',
  back: 'Back',

  connecting: {
    title: 'Connecting you',
    text: 'This takes a few seconds. The interviewer speaks first.',
  },

  liveTitle: 'Interview in progress',
  interviewer: 'Interviewer',
  you: 'You',
  turn: {
    listening: 'Listening to you',
    candidate: 'You are speaking',
    thinking: 'One moment',
    interviewer: 'Interviewer is speaking',
  },
  mutedNow: 'Your microphone is off',
  waiting: 'The interview is waiting',
  question: (number: number) => `Question ${number}`,
  questionOf: (number: number, of: number) => `${number} of ${of}`,
  questionOfLong: (number: number, of: number) => `Question ${number} of ${of}`,
  phases: {
    opening: 'Getting started',
    question: '',
    candidate_qa: 'Your questions',
    closing: 'Closing words',
  },
  candidateQaText: 'Now it is your turn to ask.',
  left: 'left',
  timeLeft: (minutesLeft: number) =>
    minutesLeft < 1 ? 'Less than a minute left' : `${minutes(minutesLeft)} left`,
  clockStopped: 'clock stopped',
  timeShort: 'A little time is left. Finish your thought; there is no rush.',

  transcript: 'Transcript',
  transcriptPrivate: (company: string) => `Only you and ${company} see this`,
  transcriptEmpty: 'What is said appears here.',
  interrupted: 'You came in here; that is fine.',
  failed: 'We could not write this down. You can say it again.',
  inaudible: 'No clear words here. You can say it again.',
  latest: 'Jump to latest',

  controls: 'Controls',
  mute: 'Mute',
  unmute: 'Unmute',
  done: 'I’m done',
  doneTail: 'with my answer',
  captions: 'Captions',
  end: 'End interview',
  endShort: 'End',
  endAsk: 'End the interview now? Your answers so far are kept.',
  endKeep: 'Keep going',

  saved: 'All answers saved',
  saving: 'Saving…',
  savedHere: 'Saved on this device, sending when you are back online',

  reconnecting: {
    title: 'Your connection dropped',
    text: 'The interview is waiting for you and the clock has stopped. Everything you said is kept and will be sent.',
  },
  reconnectingNow: 'Trying again…',
  endInstead: 'End instead',
  soundOn: 'Turn on the sound',

  storing: {
    title: 'Saving your answers',
    text: 'Please leave this page open for a moment.',
  },
  savingLeft: (count: number) =>
    count === 1 ? '1 part still to send' : `${count} parts still to send`,
  savingMemory: 'This browser cannot keep them for later, so this page must stay open.',

  completed: {
    title: 'Thank you, that is everything',
    text: (company: string) =>
      `Your interview with ${company} is complete and all your answers are stored. You can close this page.`,
  },
  ended: {
    title: 'Thank you for your time',
    text: (company: string) =>
      `The interview is over. What you said is stored for ${company}. You can close this page.`,
  },
  savedFact: 'Saved',
  complete: 'Complete',

  tryAgain: 'Try again',
  checkAgain: 'Check again',
  comeBack: 'Come back in',
  toFirstPage: 'Back to the first page',
  trouble,
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

/** Every string of the room in one language. */
export type Translation = typeof en;
