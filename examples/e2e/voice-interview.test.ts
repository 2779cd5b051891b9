import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { launchBrowser, newPerson } from './support/browser.ts';
import { Candidate } from './support/candidate.ts';
import { Recruiter, type Row } from './support/recruiter.ts';
import { calls, play, playUnscripted, record, type Utterance } from './support/simulator.ts';

let browser: Browser;
let recruiter: Recruiter;

beforeAll(async () => {
  browser = await launchBrowser();
  recruiter = await Recruiter.signIn();
});
afterAll(() => browser.close());

/** Goes from the link to the thank-you, and gives back what the page did meanwhile. */
async function interview(
  interviewId: string,
  ...answers: [answerMs?: number, saysDone?: boolean]
): Promise<{
  sessionId: string;
  energy: number;
  microphones: string[];
  problems: string[];
  origins: Set<string>;
}> {
  const invitation = await recruiter.invite(interviewId);
  const { page, problems, origins } = await newPerson(browser);
  const candidate = new Candidate(page);
  await candidate.open(invitation.token);
  await candidate.enter();
  await candidate.turn('Listening to you').waitFor({ timeout: 30_000 });
  const energy = await candidate.heardEnergy();
  await candidate.answerUntil(candidate.heading('Thank you, that is everything'), ...answers);
  const microphones = await candidate.microphones();
  const session = await recruiter.session(invitation.id);
  await page.context().close();
  if (!session) throw new Error('The interview left no session.');
  return { sessionId: session.id, energy, microphones, problems, origins };
}

/** The simulator's record of the newest call as rows would tell it. */
async function truth(rows: readonly Row[]): Promise<object[]> {
  const { utterances } = await record((await calls()).at(-1) ?? '');
  return utterances.map(({ item_id, role, text, status }: Utterance) => {
    return { entry_id: `${rows[0]?.call_id}.${item_id}`, role, text, status };
  });
}

function told(rows: readonly Row[]): object[] {
  return rows.map(({ entry_id, role, text, status }) => ({ entry_id, role, text, status }));
}

describe('a voice interview', () => {
  it('goes from the link to a stored, processed transcript', async () => {
    const { short } = inject('interviews');
    const { pagesUrl, supabaseUrl, proxyUrl } = inject('stack');
    const words = [
      'Yes, I am ready.',
      'I draw maps for people who like to walk far.',
      'Of a map that brought a lost dog home again.',
      'No, thank you, that was all.',
    ];
    await play(...words);
    const { sessionId, energy, microphones, problems, origins } = await interview(short);

    expect(energy).toBeGreaterThan(0);
    expect(microphones).not.toEqual([]);
    expect(new Set(microphones)).toEqual(new Set(['ended']));
    expect(problems).toEqual([]);
    const own = [pagesUrl, supabaseUrl, proxyUrl, proxyUrl.replace(/^http/, 'ws')];
    expect([...origins].filter((origin) => !own.includes(origin))).toEqual([]);

    const [session] = await recruiter.read<{ status: string; end_reason: string; gaps: unknown[] }>(
      `interview_sessions?id=eq.${sessionId}`,
    );
    expect(session).toMatchObject({ status: 'completed', end_reason: 'completed', gaps: [] });
    await expect.poll(() => recruiter.report(sessionId), { timeout: 30_000 }).toBeDefined();

    const rows = await recruiter.transcript(sessionId);
    const said = await truth(rows);
    expect(told(rows)).toEqual(said);
    expect(told(await recruiter.transcriptOf(sessionId, 'server'))).toEqual(said);
    expect(told(await recruiter.transcriptOf(sessionId, 'browser'))).toEqual(said);
    expect(rows.filter(({ role }) => role === 'candidate').map(({ text }) => text)).toEqual(words);

    const report = await recruiter.report(sessionId);
    expect(report).toMatchObject({
      end_reason: 'completed',
      counts: { utterances: rows.length, candidate: words.length, gaps: 0 },
      questions: [
        { id: 'work', status: 'asked' },
        { id: 'pride', status: 'asked' },
      ],
    });
  });

  it(
    'goes through the seeded demonstration at the pace of speech',
    { timeout: 240_000 },
    async () => {
      await playUnscripted();
      const { sessionId, problems } = await interview(inject('interviews').demo, 5200, true);
      expect(problems).toEqual([]);
      await expect.poll(() => recruiter.report(sessionId), { timeout: 30_000 }).toBeDefined();
      const rows = await recruiter.transcript(sessionId);
      expect(told(rows)).toEqual(await truth(rows));
      expect(await recruiter.report(sessionId)).toMatchObject({
        questions: Array.from({ length: 5 }, () => ({ status: 'asked' })),
      });
      const honest = rows.filter(({ role }) => role === 'candidate');
      expect(honest.length).toBeGreaterThanOrEqual(7);
      for (const { text } of honest)
        expect(text).toMatch(/^\[Simulated transcript: \d+\.\d seconds? of speech\]$/);
    },
  );
});
