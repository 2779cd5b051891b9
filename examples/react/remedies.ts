import type { InterviewError, InterviewErrorCode, InterviewState } from '@interview/rtc';

/** What happened and what to do, in a candidate's words. */
export interface Words {
  title: string;
  text: string;
}

/** The step that helps. */
export type Remedy = 'look' | 'prepare' | 'start' | 'end';

const askForNew = 'Ask the people who invited you for a new link.';

const noServer: Words = {
  title: 'We cannot reach the interview right now',
  text: 'Check that you are online, then try again. Your invitation stays valid.',
};

const noCall: Words = {
  title: 'The call did not connect',
  text: 'Some networks block calls; another network or your phone’s own connection often helps.',
};

const noMicrophone: Words = {
  title: 'The microphone did not start',
  text: 'Plug it in again, or close other programs that use it. Then check again.',
};

const otherBrowser: Words = {
  title: 'This browser cannot hold the interview',
  text: 'Open the link in a current Chrome, Edge, Firefox or Safari, not inside another app.',
};

const ourFault: Words = {
  title: 'Something went wrong on our side',
  text: 'Your answers are safe. Reload this page, or come back to it later.',
};

const over: Words = {
  title: 'This interview is complete',
  text: 'Your answers are stored. You can close this page.',
};

const words: Record<InterviewErrorCode, Words> = {
  microphone_denied: {
    title: 'Your browser keeps the microphone closed',
    text: 'Allow it by the symbol beside this page’s address, then check again.',
  },
  microphone_missing: {
    title: 'We cannot find a microphone',
    text: 'Connect a microphone or a headset, then check again.',
  },
  microphone_busy: noMicrophone,
  microphone_failed: noMicrophone,
  microphone_timeout: {
    title: 'Your browser is still asking',
    text: 'Answer its question about the microphone, then check again.',
  },
  insecure_context: {
    title: 'This page cannot use a microphone',
    text: 'Please tell the people who invited you that its address must begin with https.',
  },
  in_app_browser: otherBrowser,
  unsupported_browser: otherBrowser,
  playback_blocked: {
    title: 'Your browser is holding back the sound',
    text: 'One tap lets you hear the interviewer.',
  },
  invitation_invalid: {
    title: 'This link does not open an interview',
    text: 'Part of it may be missing. Open it exactly as you received it.',
  },
  invitation_expired: { title: 'This invitation has run out', text: askForNew },
  invitation_revoked: { title: 'This invitation was withdrawn', text: askForNew },
  invitation_completed: over,
  invitation_in_use: {
    title: 'This interview was begun on another device',
    text: `Go on where you started. ${askForNew}`,
  },
  account_required: {
    title: 'Please sign in first',
    text: 'Sign in on the site that invited you, then open the link again.',
  },
  consent_required: {
    title: 'Your agreement is still missing',
    text: 'The interview can begin once you have agreed to what is needed.',
  },
  start_unreachable: noServer,
  start_timeout: noServer,
  start_refused: ourFault,
  token_refused: {
    title: 'The interview could not be continued',
    text: 'Your answers are safe. Try again to come back in.',
  },
  proxy_unreachable: noServer,
  proxy_timeout: noServer,
  offer_timeout: noCall,
  offer_refused: ourFault,
  answer_timeout: noCall,
  upstream_unavailable: {
    title: 'The interviewer is not available right now',
    text: 'Nothing is lost and your invitation stays valid. Try again in a minute.',
  },
  connection_failed: noCall,
  media_timeout: noCall,
  channel_timeout: noCall,
  begin_timeout: noCall,
  connection_lost: {
    title: 'The connection is gone',
    text: 'Everything you said is kept and the clock has stopped. Come back in when you are online.',
  },
  taken_over: {
    title: 'The interview goes on elsewhere',
    text: 'You opened it in another page. This one no longer uses your microphone; you can close it.',
  },
  session_ended: over,
  delivery_failed: {
    title: 'Some answers are still on this device',
    text: 'Nothing is lost. Go online, leave this page open and send them again.',
  },
  delivery_expired: {
    title: 'Some answers came too late',
    text: 'They waited for more than a day. Please tell the people who invited you.',
  },
  aborted: {
    title: 'The interview was stopped',
    text: 'You can try again whenever you are ready.',
  },
  unsupported: {
    title: 'This interviewer cannot do that',
    text: 'This interviewer cannot do that. Take your time; pauses are fine.',
  },
  invalid_state: ourFault,
  internal: ourFault,
};

/** What a candidate reads. */
export function wordsFor({ code }: InterviewError): Words {
  return words[code];
}

/** The step that may help; null where nothing on this page does. */
export function remedyFor(
  { code, retryable }: InterviewError,
  { looked, state }: { looked: boolean; state: InterviewState },
): Remedy | null {
  if (!retryable) return null;
  if (!looked || code === 'consent_required') return 'look';
  if (code === 'delivery_failed') return 'end';
  if (code.startsWith('microphone_') || state !== 'failed') return 'prepare';
  return 'start';
}
