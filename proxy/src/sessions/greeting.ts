import type { ServerMessage, WriterId, WriterMarks } from '@interview/protocol';
import { ProxyError } from '../proxy-error.ts';
import type { SessionBrief, SessionGlance } from '../storage/port.ts';
import { adoptCall } from './adopt-call.ts';
import type { LiveSession } from './live-session.ts';

/** How a session stands, and the first message to a page of it. */
export interface Glance {
  stands: SessionGlance['session'];
  ready: ServerMessage;
  /** Where it had to be read. */
  brief?: SessionBrief;
}

/** The page that comes. `stays`: it is told what happens as long as it is connected. */
export interface Arrival {
  writer: WriterId | null;
  stays: boolean;
}

/** A glance, and everything that is needed to take the session up. */
export interface Greeting extends Glance {
  brief: SessionBrief;
}

/**
 * Looks up what a page that comes is told first.
 *
 * @throws {ProxyError} `session_ended`, `storage_unavailable`
 */
export async function greet(session: LiveSession): Promise<Greeting> {
  const brief = await session.services.storage.sessionBrief(session.id);
  if (!brief) throw gone();
  return { brief, ...glanceOf(brief) };
}

/**
 * Looks up what a page that asks every few seconds is told, and goes on with a call that nobody looks after. The plan
 * and the transcript are read for that alone.
 *
 * @param page null for one that may only deliver
 * @throws {ProxyError} `session_ended`, `storage_unavailable`
 */
export async function glance(session: LiveSession, page: Arrival | null): Promise<Glance> {
  const seen = await session.services.storage.sessionGlance(session.id);
  if (!seen) throw gone();
  const idle = !seen.connected || seen.session.status !== 'active';
  if (page === null || session.call !== null || idle) return glanceOf(seen);
  const greeting = await greet(session);
  takeUp(session, greeting, page);
  return greeting;
}

/** Goes on with a call that nobody looks after, or that the page brings along, where the interview is under way. */
export function takeUp(session: LiveSession, { brief }: Greeting, page: Arrival): void {
  const { status } = brief.session;
  if (status === 'active' || status === 'created') adoptCall(session, brief, page);
}

/** The word that an interview is over, for pages that were not there when it was said. */
export function ended(session: LiveSession, { stands }: Glance): ServerMessage | null {
  const { status, end_reason: stored } = stands;
  // What was said is stored once a page has asked for the completion.
  const reason = status === 'created' || status === 'active' ? session.completion.said : stored;
  return reason === null ? null : { type: 'end', reason, close_in_ms: 0 };
}

function glanceOf({ session, writers }: Pick<SessionGlance, 'session' | 'writers'>): Glance {
  const { id, status, phase } = session;
  return {
    stands: session,
    ready: {
      type: 'ready',
      session: { id, status, phase },
      server_time: Date.now(),
      writers: browserWriters(writers),
    },
  };
}

function gone(): ProxyError {
  return new ProxyError('session_ended', 'This interview does not exist any more.');
}

function browserWriters(marks: WriterMarks): WriterMarks {
  return Object.fromEntries(Object.entries(marks).filter(([writer]) => writer.startsWith('b_')));
}
