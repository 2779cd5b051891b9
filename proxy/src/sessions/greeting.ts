import type { ServerMessage, WriterId, WriterMarks } from '@interview/protocol';
import { ProxyError } from '../proxy-error.ts';
import type { SessionBrief } from '../storage/port.ts';
import type { LiveSession } from './live-session.ts';

/** How a session stands, and the first message to a page of it. */
export interface Greeting {
  brief: SessionBrief;
  ready: ServerMessage;
}

/**
 * Looks up what a page that comes is told first.
 *
 * @throws {ProxyError} `session_ended`, `storage_unavailable`
 */
export async function greet(session: LiveSession): Promise<Greeting> {
  const brief = await session.services.storage.sessionBrief(session.id);
  if (!brief) throw new ProxyError('session_ended', 'This interview does not exist any more.');
  const { id, status, phase } = brief.session;
  return {
    brief,
    ready: {
      type: 'ready',
      session: { id, status, phase },
      server_time: Date.now(),
      writers: browserWriters(brief.writers),
    },
  };
}

/**
 * Goes on with a call that nobody looks after, or that the page brings along, where the interview is under way.
 * `stays`: the page is told what happens as long as it is connected.
 */
export function takeUp(
  session: LiveSession,
  { brief }: Greeting,
  page: { writer: WriterId | null; stays: boolean },
): void {
  const { status } = brief.session;
  if (status === 'active' || status === 'created') session.adopt(brief, page);
}

/** The word that an interview is over, for pages that were not there when it was said. */
export function ended(session: LiveSession, { brief }: Greeting): ServerMessage | null {
  const { status, end_reason: stored } = brief.session;
  // What was said is stored once a page has asked for the completion.
  const reason = status === 'created' || status === 'active' ? session.completion.said : stored;
  return reason === null ? null : { type: 'end', reason, close_in_ms: 0 };
}

function browserWriters(marks: WriterMarks): WriterMarks {
  return Object.fromEntries(Object.entries(marks).filter(([writer]) => writer.startsWith('b_')));
}
