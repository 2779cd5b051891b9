import { Acknowledgement, CompletionOutcome } from '@interview/protocol';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase, type Database } from './database.ts';
import {
  deliver,
  makeTenant,
  newWriter,
  openCall,
  row,
  startSession,
  type Tenant,
} from './world.ts';

let database: Database;
let tenant: Tenant;
let session: string;
let call: string;
let writer: string;

beforeAll(async () => {
  database = await openDatabase();
  tenant = await makeTenant(database, 'northwind');
});
afterAll(() => database.close());
beforeEach(() => begin());

async function begin(): Promise<void> {
  session = await startSession(database, tenant);
  call = await openCall(database, session);
  writer = newWriter();
}

const send = async (entries: unknown[], by = writer) =>
  Acknowledgement.parse(await deliver(database, session, by, entries));
const rows = (...sequences: number[]) =>
  sequences.map((sequence) => row(writer, sequence, call, `item_${sequence}`));
const complete = async (writers: Record<string, number>, more: Record<string, unknown> = {}) =>
  CompletionOutcome.parse(
    await database.rpc('complete_session', {
      p_session: session,
      p_reason: 'completed',
      p_writers: writers,
      p_lost: [],
      p_force: false,
      ...more,
    }),
  );
const stored = () => database.sql('select * from public.interview_sessions where id = $1', session);
const job = () => database.sql('select * from public.jobs where session_id = $1', session);

describe('store_entries', () => {
  it('acknowledges what it holds without a gap', async () => {
    expect(await send(rows(1, 2))).toEqual({
      writer_id: writer,
      last_sequence: 2,
      stored: 2,
      duplicates: 0,
      refused: [],
    });
    expect((await send(rows(4, 5))).last_sequence).toBe(2);
    expect((await send(rows(3))).last_sequence).toBe(5);
  });

  it('ignores what it has', async () => {
    await send(rows(1, 2));
    expect(await send(rows(1, 2, 3))).toMatchObject({ last_sequence: 3, stored: 1, duplicates: 2 });
    expect(await send([...rows(4), ...rows(4)])).toMatchObject({ stored: 1, duplicates: 1 });
  });

  it('refuses the same sequence with another body, keeps the first and records it', async () => {
    await send(rows(1));
    const forged = row(writer, 1, call, 'item_1', { text: 'something else' });
    expect(await send([forged, ...rows(2)])).toMatchObject({
      last_sequence: 2,
      stored: 1,
      refused: [{ sequence: 1, code: 'conflict' }],
    });
    const kept = await database.sql(
      'select text from public.transcript_entries where session_id = $1 and sequence = 1',
      session,
    );
    expect(kept).toEqual([{ text: 'words of item_1' }]);
    const events = await database.sql(
      'select kind, detail from public.integrity_events where session_id = $1',
      session,
    );
    expect(events).toEqual([
      { kind: 'sequence_conflict', detail: { writer_id: writer, sequences: [1] } },
    ]);
  });

  it('refuses rows of another writer and rows without a place, and stores the rest', async () => {
    const other = row(newWriter(), 1, call, 'x');
    const nowhere = { ...row(writer, 1, call, 'y'), sequence: 'first' };
    expect(await send([other, nowhere, ...rows(1)])).toMatchObject({
      last_sequence: 1,
      stored: 1,
      refused: [
        { sequence: 1, code: 'wrong_writer' },
        { sequence: 0, code: 'invalid' },
      ],
    });
  });

  it.each([
    ['a call of another session', () => ({ call_id: crypto.randomUUID() })],
    ['an entry of another call', () => ({ entry_id: `${crypto.randomUUID()}.item` })],
    ['an unknown status', () => ({ status: 'whispered' })],
    ['an unknown role', () => ({ role: 'judge' })],
    ['too much text', () => ({ text: 'é'.repeat(16 * 1024 + 1) })],
    ['no text', () => ({ text: null })],
    ['a revision out of range', () => ({ revision: 2 ** 40 })],
    ['a time that is none', () => ({ started_ms: 'soon' })],
    ['a negative time', () => ({ heard_ms: -1 })],
    ['an item id with spaces', () => ({ item_id: 'a b' })],
  ])('commits a row with %s as a tombstone that counts', async (_, wrong) => {
    const bad = row(writer, 1, call, 'item_1', wrong());
    expect(await send([bad, ...rows(2)])).toMatchObject({
      last_sequence: 2,
      stored: 1,
      refused: [{ sequence: 1, code: 'tombstone' }],
    });
    expect(await send([bad])).toMatchObject({ duplicates: 1, refused: [] });
  });

  it('takes a supervisor’s rows for calls of its session only', async () => {
    const other = await openCall(database, await startSession(database, tenant));
    const server = `s_${call}_1`;
    expect((await send([row(server, 1, call, 'a')], server)).last_sequence).toBe(1);
    const foreign = `s_${other}_1`;
    expect(await deliver(database, session, foreign, [])).toEqual({ error: 'call_not_found' });
  });

  it('sets the source by the writer, never by the row', async () => {
    const lie = { ...row(writer, 1, call, 'a'), source: 'server' };
    await send([lie]);
    const [kept] = await database.sql(
      'select source from public.transcript_entries where session_id = $1',
      session,
    );
    expect(kept).toEqual({ source: 'browser' });
    const mixed = database.rpc('store_entries', {
      p_session: session,
      p_writer: writer,
      p_source: 'server',
      p_entries: [],
    });
    expect(await mixed).toEqual({ error: 'bad_request' });
  });

  it('holds each row once, in any order, with any repetition, over many connections', async () => {
    const batches = fc.array(
      fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 8 }),
      {
        minLength: 1,
        maxLength: 8,
      },
    );
    await fc.assert(
      fc.asyncProperty(batches, async (drawn) => {
        await begin();
        const acks = await Promise.all(drawn.map((sequences) => send(rows(...sequences))));
        const sent = new Set(drawn.flat());
        let mark = 0;
        while (sent.has(mark + 1)) mark += 1;
        expect(Math.max(...acks.map((ack) => ack.last_sequence))).toBe(mark);
        expect(acks.reduce((sum, ack) => sum + ack.stored, 0)).toBe(sent.size);
        const held = await database.sql(
          'select sequence from public.transcript_entries where session_id = $1 order by sequence',
          session,
        );
        expect(held.map(({ sequence }) => sequence)).toEqual([...sent].sort((a, b) => a - b));
      }),
      { numRuns: 25 },
    );
  });

  describe('limits', () => {
    const fill = (source: 'browser' | 'server', writers: number, rowsEach: number) =>
      database.sql(
        `insert into public.transcript_writers (session_id, writer_id, source, last_sequence)
         select $1, case $2 when 'server' then 's_' || $3 || '_' || n + 1000 else 'b_' || lpad(n::text, 22, '0') end,
           $2, $5
         from generate_series(1, $4::integer) n`,
        session,
        source,
        call,
        writers,
        rowsEach,
      );

    it.each([
      ['writers', 200, 0],
      ['rows', 1, 100_000],
    ])('a page that used up its %s does not stop the server’s record', async (_, ...filled) => {
      await fill('browser', ...filled);
      expect(await deliver(database, session, writer, rows(1))).toEqual({ error: 'session_limit' });
      const server = `s_${call}_1`;
      expect(await send([row(server, 1, call, 'a')], server)).toMatchObject({ last_sequence: 1 });
    });

    it('the server has its own', async () => {
      await fill('server', 200, 0);
      const server = `s_${call}_1`;
      const one = [row(server, 1, call, 'a')];
      expect(await deliver(database, session, server, one)).toEqual({ error: 'session_limit' });
      expect(await send(rows(1))).toMatchObject({ last_sequence: 1 });
    });
  });

  it('leaves no writer behind for a batch of which nothing is stored', async () => {
    const writers = () =>
      database.sql(
        'select writer_id from public.transcript_writers where session_id = $1',
        session,
      );
    expect(await send([])).toMatchObject({ last_sequence: 0, stored: 0 });
    const foreign = row(newWriter(), 1, call, 'x');
    expect(await send([foreign])).toMatchObject({ last_sequence: 0, stored: 0 });
    expect(await writers()).toEqual([]);
    await send([row(writer, 1, call, 'a', { status: 'whispered' })]);
    await send([foreign]);
    expect(await writers()).toEqual([{ writer_id: writer }]);
  });

  it('takes late rows for a day and wants the report again', async () => {
    await send(rows(1));
    await complete({ [writer]: 2 }, { p_force: true });
    expect((await job())[0]).toMatchObject({ wanted: 1 });
    await send(rows(1));
    expect((await job())[0]).toMatchObject({ wanted: 1 });
    await send(rows(2));
    expect((await job())[0]).toMatchObject({ wanted: 2 });
    await database.sql(
      `update public.interview_sessions set ended_at = now() - interval '25 hours' where id = $1`,
      session,
    );
    expect(await deliver(database, session, writer, rows(3))).toEqual({
      error: 'delivery_expired',
    });
  });
});

describe('complete_session', () => {
  it('completes at once when everything is there, with its job', async () => {
    await send(rows(1, 2));
    expect(await complete({ [writer]: 2 })).toEqual({ status: 'completed', missing: [] });
    expect((await stored())[0]).toMatchObject({
      status: 'completed',
      end_reason: 'completed',
      gaps: [],
    });
    expect(await job()).toMatchObject([{ kind: 'process_transcript', wanted: 1, done: 0 }]);
    expect(await complete({ [writer]: 9 })).toEqual({ status: 'completed', missing: [] });
    expect(await job()).toHaveLength(1);
  });

  it('names what is missing, is ending meanwhile, and completes when it came', async () => {
    await send(rows(1, 4));
    expect(await complete({ [writer]: 6 }, { p_reason: 'candidate_ended' })).toEqual({
      status: 'ending',
      missing: [
        { writer_id: writer, from: 2, to: 3 },
        { writer_id: writer, from: 5, to: 6 },
      ],
    });
    expect((await stored())[0]).toMatchObject({ status: 'ending' });
    expect(await job()).toEqual([]);
    await send(rows(2, 3, 5, 6));
    expect(await complete({}, { p_reason: 'technical' })).toEqual({
      status: 'completed',
      missing: [],
    });
    expect((await stored())[0]).toMatchObject({ end_reason: 'candidate_ended' });
  });

  it('waits for a writer of which nothing came', async () => {
    const silent = newWriter();
    expect((await complete({ [silent]: 1, [writer]: 0 })).missing).toEqual([
      { writer_id: silent, from: 1, to: 1 },
    ]);
  });

  it('does not wait for what the page lost, and records it', async () => {
    await send(rows(1));
    const lost = [{ writer_id: writer, from: 2, to: 3 }];
    expect(await complete({ [writer]: 3 }, { p_lost: lost })).toEqual({
      status: 'completed',
      missing: [],
    });
    expect((await stored())[0]).toMatchObject({
      gaps: [{ writer_id: writer, from: 2, to: 3, lost: true }],
    });
  });

  it('records holes of writers that nobody named, without waiting for them', async () => {
    await send(rows(1, 3));
    expect(await complete({})).toEqual({ status: 'completed', missing: [] });
    expect((await stored())[0]).toMatchObject({
      gaps: [{ writer_id: writer, from: 2, to: 2, lost: false }],
    });
  });

  it('completes with its gaps when forced', async () => {
    expect(await complete({ [writer]: 2 }, { p_force: true })).toMatchObject({
      status: 'completed',
    });
    expect((await stored())[0]).toMatchObject({
      gaps: [{ writer_id: writer, from: 1, to: 2, lost: false }],
    });
  });

  it.each([
    [{ p_reason: 'bored' }],
    [{ p_writers: { nobody: 1 } }],
    [{ p_writers: { [newWriter()]: 'many' } }],
    [{ p_lost: [{ writer_id: newWriter(), from: 5, to: 1 }] }],
  ])('refuses %o and changes nothing', async (wrong) => {
    const result = await database.rpc('complete_session', {
      p_session: session,
      p_reason: 'completed',
      p_writers: {},
      p_lost: [],
      p_force: false,
      ...wrong,
    });
    expect(result).toEqual({ error: 'bad_request' });
    expect((await stored())[0]).toMatchObject({ status: 'created', end_reason: null });
  });

  it('ends a session once when asked many times at once', async () => {
    await send(rows(1));
    const outcomes = await Promise.all(Array.from({ length: 5 }, () => complete({ [writer]: 1 })));
    expect(outcomes).toEqual(outcomes.map(() => ({ status: 'completed', missing: [] })));
    expect(await job()).toMatchObject([{ wanted: 1 }]);
  });
});

describe('expire_sessions', () => {
  const age = (change: string) =>
    database.sql(`update public.interview_sessions set ${change} where id = $1`, session);

  it('completes what has been ending for a minute, with its gaps', async () => {
    await complete({ [writer]: 1 });
    await database.rpc('expire_sessions', {});
    expect((await stored())[0]).toMatchObject({ status: 'ending' });
    await age(`ending_at = now() - interval '61 s'`);
    await database.rpc('expire_sessions', {});
    expect((await stored())[0]).toMatchObject({
      status: 'completed',
      gaps: [{ writer_id: writer, from: 1, to: 1, lost: false }],
    });
    expect(await job()).toHaveLength(1);
  });

  it('abandons what ran past its deadline, and leaves what still runs', async () => {
    await database.rpc('call_connected', { p_call: call });
    await database.rpc('expire_sessions', {});
    expect((await stored())[0]).toMatchObject({ status: 'active' });
    await age(
      `started_at = now() - interval '1 hour', deadline_at = now() - interval '11 minutes'`,
    );
    await database.rpc('expire_sessions', {});
    expect((await stored())[0]).toMatchObject({ status: 'abandoned', end_reason: 'absent' });
  });
});

describe('jobs', () => {
  type Claim = { job_id: number; attempt: number; wanted: number; session_id: string | null };
  const claim = (seconds = 30) =>
    database.rpc('claim_jobs', { p_n: 100, p_seconds: seconds }) as Promise<Claim[]>;
  const mine = async () => (await claim()).find(({ session_id }) => session_id === session);
  const finish = ({ job_id, attempt, wanted }: Claim) =>
    database.rpc('finish_job', { p_job: job_id, p_attempt: attempt, p_wanted: wanted });

  beforeEach(() => complete({}));

  it('are one run’s at a time', async () => {
    const claims = (await Promise.all([claim(), claim(), claim()])).flat();
    expect(claims.filter(({ session_id }) => session_id === session)).toHaveLength(1);
    expect(await mine()).toBeUndefined();
  });

  it('come again when their lock ran out, and the late run can’t finish them', async () => {
    const first = await mine();
    await database.sql(`update public.jobs set locked_until = now() - interval '1 s'`);
    const second = await mine();
    if (first === undefined || second === undefined) throw new Error('not claimed');
    expect(second.attempt).toBe(first.attempt + 1);
    expect(await finish(first)).toEqual({ ok: false });
    expect(await finish(second)).toEqual({ ok: true });
    expect(await mine()).toBeUndefined();
  });

  it('run once more when rows came while they ran', async () => {
    const first = await mine();
    if (first === undefined) throw new Error('not claimed');
    await send(rows(1));
    expect(await finish(first)).toEqual({ ok: true });
    expect(await mine()).toMatchObject({ wanted: 2 });
  });

  it('of a tenant are one for each subject, wanted as often as they are asked for', async () => {
    const want = (subject: string) =>
      database.sql(
        `select private.want_job($1::uuid, null, 'retain', $2, now() + interval '1 h')`,
        tenant.id,
        subject,
      );
    for (const subject of ['a', 'b', 'a']) await want(subject);
    const jobs = await database.sql(
      `select subject, wanted, session_id from public.jobs where tenant_id = $1 and kind = 'retain'
       order by subject`,
      tenant.id,
    );
    expect(jobs).toEqual([
      { subject: 'a', wanted: 2, session_id: null },
      { subject: 'b', wanted: 1, session_id: null },
    ]);
    expect((await claim()).filter(({ session_id }) => session_id === null)).toEqual([]);
  });

  it('wait longer after each failure and stop after ten', async () => {
    for (let failure = 1; failure <= 10; failure += 1) {
      const claimed = await mine();
      if (claimed === undefined) throw new Error(`not claimed after ${failure - 1} failures`);
      await database.rpc('fail_job', {
        p_job: claimed.job_id,
        p_attempt: claimed.attempt,
        p_error: 'no',
      });
      const [row] = await database.sql(
        `select extract(epoch from run_at - now())::float as wait from public.jobs where id = $1`,
        claimed.job_id,
      );
      expect(Number(row?.['wait'])).toBeGreaterThan(2 ** failure - 1);
      await database.sql('update public.jobs set run_at = now()');
    }
    expect(await mine()).toBeUndefined();
  });
});
