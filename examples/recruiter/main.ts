import { byId, wordsOf } from './document.ts';
import { inviteForm, showInterviews } from './invite.ts';
import { Recruiting, type Config, type Session } from './recruiting.ts';
import { showSessions } from './session-list.ts';
import { showHead, showReport, showTranscript } from './session-view.ts';
import { signInForm } from './sign-in.ts';

/** A recruiter's desk: invite, watch a talk grow, read it and its report. */

const pollMs = 2000;
const trouble = byId('page-trouble', HTMLElement);
const desk = byId('desk', HTMLElement);
const article = byId('session', HTMLElement);

void main();

async function main(): Promise<void> {
  const config = (await (await fetch('/config.json')).json()) as Config;
  const recruiting = new Recruiting(config);
  const refresh = refresher(recruiting);
  signInForm(recruiting, config, () => void enter(recruiting, refresh));
  inviteForm(recruiting, config.candidatePage);
  byId('sign-out', HTMLButtonElement).addEventListener('click', () => {
    void recruiting.signOut().then(() => enter(recruiting, refresh));
  });
  addEventListener('hashchange', () => {
    openSession();
    void refresh();
  });
  document.addEventListener('visibilitychange', () => void refresh());
  setInterval(() => void refresh(), pollMs);
  await enter(recruiting, refresh);
}

async function enter(recruiting: Recruiting, refresh: () => Promise<void>): Promise<void> {
  const email = await recruiting.signedIn();
  byId('who', HTMLElement).textContent = email;
  byId('sign-in', HTMLElement).hidden = email !== null;
  byId('sign-out', HTMLElement).hidden = email === null;
  desk.hidden = email === null;
  if (email === null) return;
  try {
    showInterviews(await recruiting.interviews());
    openSession();
    await refresh();
  } catch (error) {
    trouble.textContent = wordsOf(error);
  }
}

function openId(): string | null {
  return new URLSearchParams(location.hash.slice(1)).get('session');
}

/** Follows the address: a session's, or the list's. */
function openSession(): void {
  const id = openId();
  article.hidden = id === null;
  byId('nothing-open', HTMLElement).hidden = id !== null;
  desk.classList.toggle('reading', id !== null);
  showTranscript([], false);
  showReport(null);
  if (id !== null) byId('session-title', HTMLElement).focus({ preventScroll: true });
}

/** Brings what is on screen up to date; one run at a time, none while nobody looks. */
function refresher(recruiting: Recruiting): () => Promise<void> {
  let running = false;
  return async () => {
    if (running || desk.hidden || document.hidden) return;
    running = true;
    try {
      const id = openId();
      const sessions = await recruiting.sessions();
      showSessions(sessions, id);
      const open = sessions.find((session) => session.id === id);
      if (open) await showSession(recruiting, open);
      trouble.textContent = '';
    } catch (error) {
      trouble.textContent = wordsOf(error);
    } finally {
      running = false;
    }
  };
}

async function showSession(recruiting: Recruiting, session: Session): Promise<void> {
  showHead(session);
  const [lines, report] = await Promise.all([
    recruiting.transcript(session.id),
    recruiting.report(session.id),
  ]);
  // The reader may have gone on meanwhile.
  if (openId() !== session.id) return;
  showTranscript(lines, ['created', 'active', 'ending'].includes(session.status));
  showReport(report);
}
