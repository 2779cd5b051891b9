import { silentLogger } from '../logger.ts';
import type { Ports, ResumableInterview } from '../options.ts';
import { browserPorts } from './browser-ports.ts';
import { Identity, type InvitationRecord } from './identity.ts';

/** How long an unfinished interview is offered, milliseconds. */
const OFFERED_MS = 24 * 3_600_000;

type Unfinished = InvitationRecord & { invitation: string };

function isUnfinished(record: InvitationRecord): record is Unfinished {
  return typeof record.invitation === 'string';
}

/** Interviews that were begun in this browser in the last 24 hours and not finished, newest first. Never rejects. */
export async function resumableInterviews(
  replaced: Partial<Ports> = {},
): Promise<ResumableInterview[]> {
  const ports = browserPorts(replaced, silentLogger);
  const identity = new Identity(ports, silentLogger);
  const since = ports.now() - OFFERED_MS;
  return (await identity.all())
    .filter(isUnfinished)
    .filter(({ savedAt }) => savedAt > since)
    .sort((a, b) => b.savedAt - a.savedAt)
    .map(({ invitation, title, savedAt }) => ({
      invitation,
      title,
      savedAt,
      forget: () => identity.forget(invitation),
    }));
}
