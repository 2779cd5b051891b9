import {
  InterviewError,
  InterviewSession,
  type InterviewErrorCode,
  type InterviewState,
  type TranscriptLine,
  type Turn,
} from '@interview/rtc';

/** A whole interview page without a framework: look, consent, microphone, talk, transcript, end. */

interface Config {
  startUrl: string;
  publishableKey: string;
}

type LookReply = Awaited<ReturnType<InterviewSession['look']>>;
type Consent = LookReply['consents'][number];

const title = byId('title', HTMLElement);
const about = byId('about', HTMLElement);
const trouble = byId('trouble', HTMLElement);
const consentForm = byId('consent', HTMLFormElement);
const readySection = byId('ready', HTMLElement);
const talk = byId('talk', HTMLElement);
const level = byId('level', HTMLMeterElement);
const log = byId('log', HTMLElement);
const transcript = byId('transcript', HTMLOListElement);
const muteButton = byId('mute', HTMLButtonElement);

const turns: Record<Turn, string> = {
  listening: 'Your turn: take your time.',
  candidate: 'We are listening.',
  thinking: 'One moment …',
  interviewer: 'The interviewer is speaking.',
};

const states: Partial<Record<InterviewState, string>> = {
  connecting: 'Connecting …',
  live: 'The interview is on.',
  paused: 'Paused.',
  reconnecting: 'Your connection dropped. Nothing is lost; we are trying again.',
  ending: 'Saving your last answer …',
  completed: 'Thank you, that is everything. Every word is stored; you can close this page.',
  failed: 'The interview stopped.',
};

const remedies: Partial<Record<InterviewErrorCode, string>> = {
  microphone_denied: 'Your browser keeps the microphone from this page. Allow it and try again.',
  microphone_missing: 'No microphone was found. Connect one and try again.',
  invitation_invalid: 'This link is not known. Please open it exactly as you received it.',
  invitation_expired: 'This link has expired. Ask the person who invited you for a new one.',
  invitation_revoked: 'This invitation was taken back. Ask the person who invited you.',
  invitation_completed: 'This interview is complete already.',
  invitation_in_use:
    'This interview was begun on another device. Go on there, or ask for a new link.',
};

void main();

async function main(): Promise<void> {
  const config = (await (await fetch('/config.json')).json()) as Config;
  const invitation = takeInvitation();
  const session = new InterviewSession({
    startUrl: config.startUrl,
    supabaseKey: config.publishableKey,
    ...(invitation === null ? {} : { invitation }),
  });
  showChanges(session);
  try {
    const looked = await session.look();
    title.textContent = looked.interview.title;
    about.textContent = introduction(looked);
    const boxes = showConsents(looked.consents);
    whenAsked(session, looked.consents, boxes);
  } catch (error) {
    explain(error);
  }
}

/** The token comes in the fragment, which no server sees; it does not stay in the address bar. */
function takeInvitation(): string | null {
  const invitation = new URLSearchParams(location.hash.slice(1)).get('interview');
  history.replaceState(null, '', location.pathname);
  return invitation;
}

function introduction({ tenant, interview }: LookReply): string {
  const minutes = Math.round(interview.duration_s / 60);
  return `${tenant.name} invites you to talk with an AI interviewer: ${interview.questions_total} questions, about ${minutes} minutes.`;
}

function showConsents(consents: readonly Consent[]): HTMLInputElement[] {
  const boxes = consents.map((consent) => {
    const box = document.createElement('input');
    box.type = 'checkbox';
    box.required = consent.required;
    const text = document.createElement('span');
    text.textContent = consent.required ? consent.text : `${consent.text} (optional)`;
    const label = document.createElement('label');
    label.append(box, text);
    byId('consents', HTMLFieldSetElement).append(label);
    return box;
  });
  consentForm.hidden = false;
  return boxes;
}

function whenAsked(
  session: InterviewSession,
  consents: readonly Consent[],
  boxes: readonly HTMLInputElement[],
): void {
  consentForm.addEventListener('submit', (event) => {
    event.preventDefault();
    void attempt(byId('check', HTMLButtonElement), async () => {
      await session.prepare();
      consentForm.hidden = true;
      readySection.hidden = false;
      drawLevel(session);
    });
  });
  onClick('start', async () => {
    const answers = consents.map(({ purpose, version, text }, index) => {
      return { purpose, version, text, granted: boxes[index]?.checked === true };
    });
    await session.start({ consents: answers });
    readySection.hidden = true;
    talk.hidden = false;
  });
  onClick('mute', () => (session.muted ? session.unmute() : session.mute()));
  onClick('done', () => session.act('done'));
  onClick('end', () => session.end());
}

function showChanges(session: InterviewSession): void {
  session.on('statechange', ({ state }) => {
    about.textContent = states[state] ?? about.textContent;
    if (state === 'completed' || state === 'failed') byId('turn', HTMLElement).textContent = '';
    byId('controls', HTMLElement).hidden = state === 'completed';
  });
  session.on('turn', ({ turn }) => {
    byId('turn', HTMLElement).textContent = turns[turn];
  });
  session.on('progress', ({ question, of }) => {
    byId('progress', HTMLElement).textContent = question > 0 ? `Question ${question} of ${of}` : '';
  });
  session.on('muted', ({ muted }) => {
    muteButton.textContent = muted ? 'Unmute' : 'Mute';
    muteButton.ariaPressed = String(muted);
  });
  session.on('transcript', ({ lines }) => {
    transcript.replaceChildren(...lines.map(paragraph));
    log.scrollTop = log.scrollHeight;
  });
  session.on('delivery', ({ pending }) => {
    byId('saved', HTMLElement).textContent = pending === 0 ? 'All answers saved' : 'Saving …';
  });
  session.on('error', ({ error }) => explain(error));
}

function paragraph({ role, text, status }: TranscriptLine): HTMLLIElement {
  const item = document.createElement('li');
  item.className = `${role} ${status}`;
  const speaker = document.createElement('b');
  speaker.textContent = role === 'candidate' ? 'You' : 'Interviewer';
  item.append(speaker, text);
  return item;
}

function drawLevel(session: InterviewSession): void {
  level.value = session.levels().candidate;
  if (!readySection.hidden) requestAnimationFrame(() => drawLevel(session));
}

function onClick(id: string, action: () => Promise<void> | void): void {
  const button = byId(id, HTMLButtonElement);
  button.addEventListener('click', () => void attempt(button, action));
}

async function attempt(
  button: HTMLButtonElement,
  action: () => Promise<void> | void,
): Promise<void> {
  trouble.textContent = '';
  button.disabled = true;
  try {
    await action();
  } catch (error) {
    explain(error);
  } finally {
    button.disabled = false;
  }
}

function explain(error: unknown): void {
  const code = error instanceof InterviewError ? error.code : 'internal';
  trouble.textContent =
    remedies[code] ?? `Something went wrong on our side (${code}). Please try again.`;
}

function byId<T extends HTMLElement>(id: string, type: abstract new () => T): T {
  const element = document.getElementById(id);
  if (!(element instanceof type)) throw new Error(`The page has no ${type.name} #${id}.`);
  return element;
}
