import { InterviewError, type StartBackend } from '@interview/rtc';

/** What a page tells of an interview whose session token it has. */
export interface TokenSource {
  readonly sessionToken: string;
  readonly serverUrl: string;
  readonly heading: string;
  readonly consentUrl: string;
  readonly consentVersion: string;
  /** What an address without a host is meant from. */
  readonly baseURI: string;
}

/** What we read of a session token; its signature is the proxy's business. */
interface Claims {
  readonly sid?: unknown;
  readonly exp?: unknown;
}

function claimsOf(token: string): Claims | null {
  try {
    const part = (token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/');
    const claims: unknown = JSON.parse(atob(part));
    return typeof claims === 'object' ? claims : null;
  } catch {
    return null;
  }
}

function interview(title: string, language: string): Record<string, unknown> {
  return { title, language, duration_s: 0, questions_total: 0 };
}

/** Who invites and decides, and how long it takes, is told by the page itself: only it knows. */
function lookReply(source: TokenSource, consent: string, language: string): unknown {
  const { consentUrl, consentVersion: version, heading, baseURI } = source;
  const url = URL.canParse(consentUrl, baseURI) ? new URL(consentUrl, baseURI).href : '';
  const asked = { purpose: 'interview', version, text: consent, url, required: true };
  return {
    interview: interview(heading, language),
    tenant: { name: location.hostname },
    inviter: '',
    decider: '',
    retention: '',
    next_steps: '',
    adjustment: '',
    consents: consentUrl === '' ? [] : [asked],
    modes: ['voice'],
    account_required: false,
    resumable: false,
  };
}

/**
 * Answers in place of `interview-start` from a session token that the page's own server fetched. The token is read anew at
 * each start, so that a fresh one goes on with the same session. What was agreed to is told by `interview-consent` alone:
 * the page records it.
 *
 * @param consent what the candidate agrees to, where the page names an address of it
 */
export function byToken(source: TokenSource, consent: string): StartBackend {
  return ({ step, locale }) => {
    if (step === 'look') return Promise.resolve(lookReply(source, consent, locale));
    if (step === 'ask') return Promise.reject(new InterviewError('unsupported'));
    const { sessionToken: token, heading, serverUrl } = source;
    const { sid, exp } = claimsOf(token) ?? {};
    if (typeof sid !== 'string' || typeof exp !== 'number' || exp * 1000 <= Date.now()) {
      const message = 'The session token is none, or has expired.';
      return Promise.reject(new InterviewError('token_refused', message));
    }
    const url = serverUrl.split(/[\s,]+/).find((one) => one !== '') ?? '';
    return Promise.resolve({
      session: {
        id: sid,
        status: 'created',
        phase: 'opening',
        resumable: true,
        interview: interview(heading, locale),
      },
      token,
      expires_at: exp,
      proxy: { ws_url: url, http_url: url },
      transcript: [],
    });
  };
}
