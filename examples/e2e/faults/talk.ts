import { join } from 'node:path';
import { build } from 'esbuild';
import type { Browser, BrowserContext, CDPSession, Page } from 'playwright-core';
import { expect, inject } from 'vitest';
import type { Recruiter, Row } from '../support/recruiter.ts';
import { playWith, record, type Utterance } from '../support/simulator.ts';
import { watchMedia } from '../support/watch-media.ts';
import type {} from './page.ts';

type InterviewState = Window['faultPage']['states'][number];
type Turn = Window['faultPage']['turns'][number];

const bundled = build({
  entryPoints: [join(import.meta.dirname, 'page.ts')],
  bundle: true,
  write: false,
  format: 'iife',
  conditions: ['source', 'module', 'browser'],
}).then(({ outputFiles: [script] }) => script?.text ?? '');

const patience = { timeout: 45_000, polling: 50 };

/** Says what the candidate is heard to say, over all calls of one interview, at a pace that spares time. */
export function hearAnswers(...answers: [object | string, ...string[]]): Promise<void> {
  const [first, ...rest] = answers;
  const [settings, turns] = typeof first === 'string' ? [{}, [first, ...rest]] : [first, rest];
  return playWith({ turns_across_calls: true, tone_chars_per_s: 60, ...settings }, ...turns);
}

/**
 * A browser's storage, shared by its tabs, in which each page of the stack has the SDK at hand. The page is a real one:
 * what a test made up itself is not let through to this machine's servers.
 */
export async function openContext(browser: Browser): Promise<BrowserContext> {
  const context = await browser.newContext({ locale: 'en-US' });
  await context.addInitScript(watchMedia);
  await context.addInitScript(await bundled);
  return context;
}

/** One tab in which somebody is interviewed. */
export class Talk {
  readonly page: Page;
  readonly cdp: CDPSession;
  readonly #token: string;
  /** What the tab sent to the proxy over its socket, by type. */
  readonly sent: string[] = [];
  /** How many turns there were when the candidate began or stopped to speak. */
  #heard = 0;

  private constructor(page: Page, cdp: CDPSession, token: string) {
    this.page = page;
    this.cdp = cdp;
    this.#token = token;
    page.on('websocket', (socket) =>
      socket.on('framesent', ({ payload }) => {
        this.sent.push((JSON.parse(String(payload)) as { type: string }).type);
      }),
    );
  }

  /** Opens a tab, which is empty until `enter`. */
  static async open(context: BrowserContext, token: string): Promise<Talk> {
    const page = await context.newPage();
    return new Talk(page, await context.newCDPSession(page), token);
  }

  /** Starts or goes on, and waits until the interviewer has said its first sentence and it is the candidate's turn. */
  async enter(): Promise<void> {
    const { pagesUrl, supabaseUrl, publishableKey } = inject('stack');
    if (this.page.url() === 'about:blank') await this.page.goto(pagesUrl);
    await this.speak(false);
    await this.page.evaluate(([url, key, token]) => window.faultPage.enter(url, key, token), [
      `${supabaseUrl}/functions/v1/interview-start`,
      publishableKey,
      this.#token,
    ] as const);
    await this.hear();
  }

  /** Speaks for a while, then lets the interviewer say all that it has to say. */
  async answer(): Promise<void> {
    await this.beginAnswer();
    await this.speak(false);
    await this.hear();
  }

  /** Waits until the interviewer has spoken since the candidate stopped, and it is the candidate's turn. */
  async hear(): Promise<void> {
    await this.#turns('interviewer', 'listening');
  }

  /** Speaks, and is in the middle of it. */
  async beginAnswer(): Promise<void> {
    await this.speak(true);
    await this.#turns('candidate');
    await this.page.waitForTimeout(1_200);
  }

  async speak(on: boolean): Promise<void> {
    this.#heard = await this.page.evaluate((open) => {
      window.watchedMedia.speak(open);
      return window.faultPage.turns.length;
    }, on);
  }

  /** Waits for a state that comes `after` so many others. */
  async state(state: InterviewState, after = 0): Promise<void> {
    await this.page.waitForFunction(
      ([wanted, from]) => window.faultPage.states.includes(wanted, from),
      [state, after] as const,
      patience,
    );
  }

  states(): Promise<InterviewState[]> {
    return this.page.evaluate(() => window.faultPage.states);
  }

  /** Kills the process of the tab, as a lack of memory would. */
  async crash(): Promise<void> {
    const crashed = this.page.waitForEvent('crash');
    // Whom it kills does not answer.
    this.cdp.send('Page.crash').catch(() => undefined);
    await crashed;
  }

  /** Ends the interview; resolves when everything is stored. */
  async end(): Promise<void> {
    await this.page.evaluate(() => window.faultPage.session?.end());
    expect((await this.states()).at(-1)).toBe('completed');
  }

  microphones(): Promise<string[]> {
    return this.page.evaluate(() => window.watchedMedia.tracks.map((track) => track.readyState));
  }

  /** State of the newest connection. */
  connection(): Promise<RTCPeerConnectionState | undefined> {
    return this.page.evaluate(() => window.watchedMedia.peers.at(-1)?.connectionState);
  }

  /** Waits until the turn went to each of these in order, since the candidate began or stopped, and is with the last. */
  async #turns(...wanted: Turn[]): Promise<void> {
    await this.page.waitForFunction(
      ([turns, from]) => {
        const past = window.faultPage.turns;
        let at = from - 1;
        const came = turns.every((turn) => (at = past.indexOf(turn, at + 1)) >= from);
        return came && past.at(-1) === turns.at(-1);
      },
      [wanted, this.#heard] as const,
      patience,
    );
  }
}

/** The whole talk as it is stored and as the simulator knows it to be true, call after call. */
export async function storedAndTrue(
  recruiter: Recruiter,
  invitationId: string,
): Promise<{
  stored: object[];
  /** What the page delivered, beside the server's own copy. */
  delivered: object[];
  told: object[];
  gaps: unknown;
  calls: number;
}> {
  const session = await recruiter.session(invitationId);
  const id = session?.id ?? '';
  const calls = await recruiter.read<{ id: string; provider_call_id: string }>(
    `session_calls?session_id=eq.${id}&order=ordinal`,
  );
  const records = await Promise.all(calls.map((call) => record(call.provider_call_id)));
  return {
    stored: words(await recruiter.transcript(id)),
    delivered: words(await recruiter.transcriptOf(id, 'browser')),
    told: words(records.flatMap(({ utterances }) => utterances)),
    gaps: session?.gaps,
    calls: calls.length,
  };
}

/** What was said in words: speech whose text was still to come when its call went is none. */
function words(rows: readonly (Row | Utterance)[]): object[] {
  return rows
    .filter(({ text }) => text !== '')
    .map(({ role, text, status }) => ({ role, text, status }));
}
