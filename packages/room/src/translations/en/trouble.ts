import type { InterviewErrorCode } from '@interview/rtc';
import type { CardWords } from './core.ts';

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

/** What is said of each error, in English. */
export const trouble: Record<InterviewErrorCode, CardWords> = {
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
