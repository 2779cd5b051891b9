import { hideSecrets } from '@interview/protocol';

/** One line of a function's log, JSON. It holds no credentials and no addresses, whatever an error says. */
export function logLine(name: string, fields: Record<string, unknown>): string {
  return hideSecrets(JSON.stringify({ function: name, ...fields }));
}
