import type { InterviewErrorCode } from '@interview/rtc';

/** A heading and what it says. Of trouble in words that lower the pulse: what happened, then what to do. */
export interface CardWords {
  title: string;
  text: string;
}

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

const noStart: CardWords = {
  title: 'We cannot reach the interview right now',
  text: 'Check that you are online, then try again. Your invitation stays valid.',
};

const noProxy: CardWords = {
  title: 'We cannot reach the interviewer',
  text: 'Check that you are online. Some networks block calls; another network or your phone’s own connection often helps.',
};

const noCall: CardWords = {
  title: 'The call did not connect',
  text: 'Some networks block calls; another network or your phone’s own connection often helps.',
};

const outOfStep: CardWords = {
  title: 'Something got out of step',
  text: 'The cause is on our side, not yours. Your answers are safe. Try again.',
};

const trouble: Record<InterviewErrorCode, CardWords> = {
  microphone_denied: {
    title: 'Your browser keeps the microphone closed',
    text: 'Allow the microphone by the symbol beside this page’s address, or in your browser’s site settings. Then check again.',
  },
  microphone_missing: {
    title: 'We cannot find a microphone',
    text: 'Connect a microphone or a headset, or open this link on a phone. Then check again.',
  },
  microphone_busy: {
    title: 'Another program is using your microphone',
    text: 'Close other calls or recording programs, then check again.',
  },
  microphone_failed: {
    title: 'The microphone did not start',
    text: 'Unplug it and plug it in again, or choose another one. Then check again.',
  },
  microphone_timeout: {
    title: 'Your browser is still asking',
    text: 'Answer its question about the microphone beside this page’s address. Then check again.',
  },
  in_app_browser: {
    title: 'This app cannot hold the interview',
    text: 'Open the link in your phone’s own browser: choose “Open in browser” in the menu of this page, or copy the link.',
  },
  insecure_context: {
    title: 'This page cannot use a microphone',
    text: 'Please tell the people who invited you that the address of this page must begin with https.',
  },
  unsupported_browser: {
    title: 'This browser cannot hold the interview',
    text: 'Open the link in a current Chrome, Edge, Firefox or Safari. Inside another app, choose “Open in browser”.',
  },
  playback_blocked: {
    title: 'Your browser is holding back the sound',
    text: 'One tap lets you hear the interviewer.',
  },
  invitation_invalid: {
    title: 'This link does not open an interview',
    text: 'Part of it may be missing. Copy the whole link from your invitation, or ask the people who invited you for a new one.',
  },
  invitation_expired: {
    title: 'This invitation has run out',
    text: 'Ask the people who invited you for a new one. That is common and no fault of yours.',
  },
  invitation_revoked: {
    title: 'This invitation was withdrawn',
    text: 'The people who invited you can tell you why, or send you a new one.',
  },
  invitation_completed: {
    title: 'This interview is already finished',
    text: 'Your answers are stored. You can close this page.',
  },
  invitation_in_use: {
    title: 'This interview was begun on another device',
    text: 'Go on where you started. If that device is gone, ask the people who invited you to allow another one.',
  },
  account_required: {
    title: 'Please sign in first',
    text: 'Sign in on the site that invited you, then open the link again.',
  },
  consent_required: {
    title: 'Your agreement is still missing',
    text: 'The interview can begin once you have agreed on the first page.',
  },
  start_unreachable: noStart,
  start_timeout: noStart,
  start_refused: {
    title: 'The interview did not open',
    text: 'The cause is on our side, not yours. Try again in a minute. Your invitation stays valid.',
  },
  token_refused: {
    title: 'The interview could not be continued',
    text: 'Your answers are safe. Try again to come back in.',
  },
  proxy_unreachable: noProxy,
  proxy_timeout: noProxy,
  offer_refused: {
    title: 'The call was not accepted',
    text: 'The cause is on our side, not yours. Try again in a minute.',
  },
  upstream_unavailable: {
    title: 'The interviewer is not available right now',
    text: 'Your invitation stays valid and nothing is lost. Try again in a minute.',
  },
  connection_failed: noCall,
  offer_timeout: noCall,
  answer_timeout: noCall,
  media_timeout: noCall,
  channel_timeout: noCall,
  begin_timeout: noCall,
  connection_lost: {
    title: 'The connection is gone',
    text: 'Everything you said is kept and the clock has stopped. Come back in when you are online; you go on with the same question.',
  },
  taken_over: {
    title: 'The interview goes on elsewhere',
    text: 'You opened it in another tab or page. This one no longer uses your microphone; you can close it.',
  },
  session_ended: {
    title: 'This interview has ended',
    text: 'Your answers are stored. You can close this page.',
  },
  delivery_failed: {
    title: 'Some answers are still on this device',
    text: 'Nothing is lost. Go online, leave this page open and try again.',
  },
  delivery_expired: {
    title: 'Some answers came too late',
    text: 'They waited on this device for more than a day, and the interview was closed without them. Please tell the people who invited you.',
  },
  aborted: {
    title: 'The interview was stopped',
    text: 'You can try again whenever you are ready.',
  },
  invalid_state: outOfStep,
  unsupported: outOfStep,
  internal: {
    title: 'Something went wrong on our side',
    text: 'Your answers are safe. Try again, or come back to this link later.',
  },
};

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
