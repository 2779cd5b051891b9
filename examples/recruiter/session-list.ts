import { byId, make, showItems, timeOf } from './document.ts';
import type { Session } from './recruiting.ts';

const statusWords: Record<Session['status'], string> = {
  created: 'Opened',
  active: 'Talking now',
  ending: 'Finishing',
  completed: 'Completed',
  abandoned: 'Left early',
  cancelled: 'Cancelled',
};

/** How a recruiter knows the person: by name, address, or the note on the invitation. */
export function nameOf(session: Session): string {
  const { candidates, interview_invitations: invitation } = session;
  return candidates?.name ?? candidates?.email ?? invitation?.note ?? 'Candidate';
}

/** A dot and a word for where a session stands. */
export function statusOf({ status }: Session): HTMLElement {
  return make('span', `status ${status}`, statusWords[status]);
}

/** When it began, or was opened. */
export function dateOf(session: Session): string {
  return timeOf(session.started_at ?? session.created_at);
}

/** Shows the list, keeping the reader's place in it. */
export function showSessions(sessions: readonly Session[], openId: string | null): void {
  const list = byId('sessions', HTMLUListElement);
  showItems(
    list,
    sessions.map((session) => row(session, session.id === openId)),
  );
  byId('empty', HTMLElement).hidden = sessions.length > 0;
}

function row(session: Session, open: boolean): HTMLLIElement {
  const about = `${session.interviews?.title ?? 'Interview'} · ${dateOf(session)}`;
  const link = make(
    'a',
    '',
    make('span', 'name', nameOf(session)),
    statusOf(session),
    make('span', 'note', about),
  );
  link.href = `#session=${session.id}`;
  if (open) link.ariaCurrent = 'true';
  return make('li', '', link);
}
