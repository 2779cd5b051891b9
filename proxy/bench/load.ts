import { createHmac, randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { SESSION_TOKEN_TYPE } from '@interview/protocol';
import { Agent, request } from 'undici';
import { offer } from '../src/testing/interview.ts';

/** Signs the tokens of the bench. */
export const secret = 'a secret of the bench that is long enough';

/** Where offers go. */
export interface Target {
  name: string;
  /** Of the offers. */
  url: string;
  /** Those that it knows, where it does not know all. */
  sessions?: readonly string[];
}

/** What came of a number of offers. */
export interface Outcome {
  /** Milliseconds from an offer to the last byte of its answer. */
  tookMs: number[];
  statuses: Map<number, number>;
  /** Where calls were made that somebody looks after. */
  locations: string[];
}

const base64url = (text: string): string => Buffer.from(text).toString('base64url');

/** A token of a session of its own, as interview-start signs them. */
export function newToken(session: string = randomUUID()): string {
  const now = Math.floor(Date.now() / 1000);
  const header = base64url(JSON.stringify({ alg: 'HS256', typ: SESSION_TOKEN_TYPE }));
  const claims = base64url(
    JSON.stringify({
      iss: 'interview-start',
      aud: ['interview-proxy', 'interview-transcript'],
      sub: randomUUID(),
      sid: session,
      tid: '6f1f7c60-5b0e-4d4e-9d38-3b4c1a1f0001',
      org: [],
      iat: now,
      exp: now + 600,
      jti: randomUUID(),
    }),
  );
  const signature = createHmac('sha256', secret).update(`${header}.${claims}`).digest('base64url');
  return `${header}.${claims}.${signature}`;
}

/** A client with as many connections as it needs, none of them shared at a time. */
export class Load {
  readonly #dispatcher = new Agent({ connections: null, pipelining: 1, keepAliveTimeout: 60_000 });

  #taken = 0;

  #tokens({ sessions }: Target, count: number): string[] {
    return Array.from({ length: count }, () =>
      sessions ? newToken(sessions[this.#taken++ % sessions.length]) : newToken(),
    );
  }

  async #offer({ url }: Target, token: string, outcome: Outcome): Promise<void> {
    const since = performance.now();
    const answer = await request(url, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/sdp' },
      body: offer,
      dispatcher: this.#dispatcher,
    });
    await answer.body.text();
    outcome.tookMs.push(performance.now() - since);
    outcome.statuses.set(answer.statusCode, (outcome.statuses.get(answer.statusCode) ?? 0) + 1);
    const { location } = answer.headers;
    if (answer.statusCode === 201 && typeof location === 'string')
      outcome.locations.push(`${location} ${token}`);
  }

  /** Keeps `concurrency` offers under way for a while: how many are answered in a second. */
  async closedLoop(
    target: Target,
    { concurrency, ms }: { concurrency: number; ms: number },
  ): Promise<{ perSecond: number; outcome: Outcome }> {
    const tokens = this.#tokens(target, concurrency * 100);
    const outcome = newOutcome();
    const since = performance.now();
    const one = async (): Promise<void> => {
      while (performance.now() - since < ms)
        await this.#offer(target, tokens.pop() ?? this.#tokens(target, 1)[0] ?? '', outcome);
    };
    await Promise.all(Array.from({ length: concurrency }, one));
    const perSecond = (outcome.tookMs.length * 1000) / (performance.now() - since);
    return { perSecond, outcome };
  }

  /** Sends so many offers at once. */
  async burst(target: Target, count: number): Promise<Outcome> {
    const outcome = newOutcome();
    const tokens = this.#tokens(target, count);
    await Promise.all(tokens.map((token) => this.#offer(target, token, outcome)));
    return outcome;
  }

  /** Starts an offer at each tick of the clock, whether or not earlier ones were answered. */
  async paced(
    target: Target,
    { perSecond, ms }: { perSecond: number; ms: number },
  ): Promise<Outcome> {
    const outcome = newOutcome();
    const tokens = this.#tokens(target, (perSecond * ms) / 1000);
    const since = performance.now();
    const sent: Promise<void>[] = [];
    for (const [index, token] of tokens.entries()) {
      const due = since + (index * 1000) / perSecond;
      if (due > performance.now()) await wait(due - performance.now());
      sent.push(this.#offer(target, token, outcome));
    }
    await Promise.all(sent);
    return outcome;
  }

  /** Hangs up what was called, outside of every measurement. */
  async hangUp(target: Target, { locations }: Outcome): Promise<void> {
    const rest = [...locations];
    const one = async (): Promise<void> => {
      for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
        const [path = '', token = ''] = next.split(' ');
        const answer = await request(new URL(path, target.url), {
          method: 'DELETE',
          headers: { authorization: `Bearer ${token}` },
          dispatcher: this.#dispatcher,
        });
        await answer.body.dump();
      }
    };
    await Promise.all(Array.from({ length: 32 }, one));
  }
}

function newOutcome(): Outcome {
  return { tookMs: [], statuses: new Map(), locations: [] };
}

/** The value that a share `q` of all values does not exceed. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}
