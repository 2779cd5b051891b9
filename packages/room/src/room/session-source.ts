import type { InterviewSessionOptions } from '@interview/rtc';
import type { RoomFacts } from '../view-model.ts';

/** What makes another session necessary when it changes. */
export const sources = [
  'startUrl',
  'invitation',
  'serverUrl',
  'supabaseKey',
  'simulation',
] as const;

/** What the page tells of where its session comes from. */
export interface SessionSource {
  readonly startUrl: string;
  readonly serverUrl: string;
  readonly supabaseKey: string;
  readonly simulation: boolean;
  readonly baseURI: string;
}

function startUrlOf({ startUrl, baseURI }: SessionSource): URL | null {
  try {
    return startUrl === '' ? null : new URL(startUrl, baseURI);
  } catch {
    return null;
  }
}

/** What the page has not told yet; null once it told enough. */
export function missingIn(source: SessionSource, invitation: string): RoomFacts['missing'] {
  if (startUrlOf(source) === null) return 'start-url';
  return invitation === '' ? 'invitation' : null;
}

/**
 * What a session is made with; null while something is missing.
 *
 * @param invitation of the page or of the link; empty where there is none
 * @param locale BCP 47 tag of the reader; empty where nobody named one
 */
export function sessionOptions(
  source: SessionSource,
  invitation: string,
  locale: string,
): InterviewSessionOptions | null {
  const startUrl = startUrlOf(source);
  if (startUrl === null || invitation === '') return null;
  const { simulation, supabaseKey } = source;
  const servers = source.serverUrl.split(/[\s,]+/).filter((url) => url !== '');
  return {
    startUrl,
    invitation,
    simulation,
    ...(supabaseKey !== '' && { supabaseKey }),
    ...(servers.length > 0 && { serverUrl: servers }),
    ...(locale !== '' && { locale }),
  };
}
