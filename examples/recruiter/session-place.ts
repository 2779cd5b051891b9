import { addressed } from './address.ts';
import { requestsOf } from './adjustment-rows.ts';
import { showRequests } from './adjustments.ts';
import { showConnection } from './connection-line.ts';
import { byId } from './document.ts';
import { Downloads } from './downloads.ts';
import { wentOf } from './question-states.ts';
import type { Recruiting, Session } from './recruiting.ts';
import { showSessions } from './session-list.ts';
import { showActions, showHead, showReport, showTranscript } from './session-view.ts';

/** The list of sessions, and the one that is read. */
export class SessionPlace {
  readonly #recruiting: Recruiting;
  readonly #downloads: Downloads;

  constructor(recruiting: Recruiting) {
    this.#recruiting = recruiting;
    this.#downloads = new Downloads(recruiting);
  }

  /** Makes room for the session of this id, or for none. */
  open(id: string | null): void {
    byId('session', HTMLElement).hidden = id === null;
    byId('nothing-open', HTMLElement).hidden = id !== null;
    byId('view-sessions', HTMLElement).classList.toggle('reading', id !== null);
    showTranscript([], false);
    showReport(null);
    showConnection(null);
    showRequests([], null);
    this.#downloads.open(id);
    if (id !== null) byId('session-title', HTMLElement).focus({ preventScroll: true });
  }

  /** Brings what is on screen up to date. */
  async refresh(mayWrite: boolean): Promise<void> {
    const { id } = addressed();
    const sessions = await this.#recruiting.sessions();
    showSessions(sessions, id);
    const open = sessions.find((session) => session.id === id);
    if (open) await this.#show(open, mayWrite);
  }

  async #show(session: Session, mayWrite: boolean): Promise<void> {
    showHead(session);
    showActions(session, this.#recruiting, mayWrite);
    const [lines, report, went, requests] = await Promise.all([
      this.#recruiting.transcript(session.id),
      this.#recruiting.report(session.id),
      wentOf(this.#recruiting, session.id),
      mayWrite ? requestsOf(this.#recruiting, { session }) : [],
    ]);
    // The reader may have gone on meanwhile.
    if (addressed().id !== session.id) return;
    showTranscript(lines, ['created', 'active', 'ending'].includes(session.status));
    showReport(report, went);
    showConnection(session);
    const refresh = (): Promise<void> => this.refresh(mayWrite);
    showRequests(requests, mayWrite ? { recruiting: this.#recruiting, session, refresh } : null);
  }
}
