import type { CopyDifference } from '@interview/protocol';

/** What one side has of an utterance. */
export interface Copy {
  entry_id: string;
  role: string;
  text: string;
  status: string;
}

/** An utterance of the settled conversation: the server's copy where there is one. */
export interface Settled extends Copy {
  call_ordinal: number;
  source: 'browser' | 'server';
}

/**
 * Holds the copies of the two sides against each other. The server's is trusted wherever there is one, because a page
 * belongs to the candidate; in a call of which the server has no row the page's is all there is, and nothing differs.
 *
 * @param settled the conversation as it is read
 * @param browser what the page sent of the same utterances
 */
export function compareCopies(
  settled: readonly Settled[],
  browser: readonly Copy[],
): CopyDifference[] {
  const twins = new Map(browser.map((copy) => [copy.entry_id, copy]));
  const heard = new Set(
    settled.filter(({ source }) => source === 'server').map(({ call_ordinal }) => call_ordinal),
  );
  return settled
    .filter(({ call_ordinal }) => heard.has(call_ordinal))
    .flatMap((line) => differencesOf(line, twins.get(line.entry_id)));
}

function differencesOf(line: Settled, twin: Copy | undefined): CopyDifference[] {
  const { entry_id } = line;
  if (line.source === 'browser') {
    return [{ entry_id, kind: 'browser_only', trusted: 'browser', other: null }];
  }
  if (twin === undefined) {
    return [{ entry_id, kind: 'server_only', trusted: 'server', other: null }];
  }
  return (['role', 'text', 'status'] as const)
    .filter((kind) => line[kind] !== twin[kind])
    .map((kind) => ({ entry_id, kind, trusted: 'server', other: twin[kind] }));
}
