import type { InterviewSessionOptions } from '@interview/rtc';
import type { RoomFacts } from '../view-model.ts';
import type { TokenSource } from './by-token.ts';

/** What makes another session necessary when it changes. */
export const sources = [
  'startUrl',
  'supabaseUrl',
  'invitation',
  'sessionToken',
  'serverUrl',
  'supabaseKey',
  'simulation',
] as const;

/** What the page tells of where its session comes from. */
export interface SessionSource extends TokenSource {
  readonly startUrl: string;
  readonly supabaseUrl: string;
  readonly supabaseKey: string;
  readonly simulation: boolean;
}

/** Where every project of Supabase has the function, unless the page names another address. */
function startUrlOf({ startUrl, supabaseUrl, baseURI }: SessionSource): URL | null {
  const address =
    startUrl || (supabaseUrl && supabaseUrl.replace(/\/*$/, '/functions/v1/interview-start'));
  try {
    return address === '' ? null : new URL(address, baseURI);
  } catch {
    return null;
  }
}

function serversOf({ serverUrl }: SessionSource): string[] {
  return serverUrl.split(/[\s,]+/).filter((url) => url !== '');
}

/** What the page has not told yet; null once it told enough. */
export function missingIn(source: SessionSource, invitation: string): RoomFacts['missing'] {
  if (source.sessionToken !== '') return serversOf(source).length > 0 ? null : 'start-url';
  if (startUrlOf(source) === null) return 'start-url';
  return invitation === '' ? 'invitation' : null;
}

/** Whom to ask; null while the page has not told enough. */
function backendOf(
  source: SessionSource,
  invitation: string,
  consent: string,
): InterviewSessionOptions | null {
  if (missingIn(source, invitation) !== null) return null;
  if (source.sessionToken !== '') {
    const loaded = import('./by-token.ts');
    // Whoever asks is told of it.
    loaded.catch(() => undefined);
    return { backend: async (...asked) => (await loaded).byToken(source, consent)(...asked) };
  }
  const startUrl = startUrlOf(source);
  return startUrl && { startUrl, invitation };
}

/**
 * What a session is made with; null while something is missing.
 *
 * @param invitation of the page or of the link; empty where there is none
 * @param locale BCP 47 tag of the reader; empty where nobody named one
 * @param consent what a candidate agrees to who comes with a session token
 */
export function sessionOptions(
  source: SessionSource,
  invitation: string,
  locale: string,
  consent: string,
): InterviewSessionOptions | null {
  const backend = backendOf(source, invitation, consent);
  if (backend === null) return null;
  const { simulation, supabaseKey } = source;
  const servers = serversOf(source);
  return {
    ...backend,
    simulation,
    ...(supabaseKey !== '' && { supabaseKey }),
    ...(servers.length > 0 && { serverUrl: servers }),
    ...(locale !== '' && { locale }),
  };
}
