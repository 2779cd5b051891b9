import { silentLogger } from '../logger.ts';
import type { Ports, ResumableInterview } from '../options.ts';
import { browserPorts } from './browser-ports.ts';
import { Identity } from './identity.ts';

/** Interviews that were begun in this browser in the last 24 hours and not finished, newest first. Never rejects. */
export async function resumableInterviews(
  replaced: Partial<Ports> = {},
): Promise<ResumableInterview[]> {
  const identity = new Identity(browserPorts(replaced, silentLogger), silentLogger);
  const records = await identity.unfinished();
  return records.map(({ invitation, title, savedAt }) => ({
    invitation,
    title,
    savedAt,
    forget: () => identity.forget(invitation),
  }));
}
