import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase, type Database } from './database.ts';
import {
  answers,
  deliver,
  makeTenant,
  newWriter,
  openCall,
  row,
  sha256,
  startSession,
  type Tenant,
} from './world.ts';

const nowhere = '00000000-0000-4000-8000-000000000000';
let database: Database;
let tenant: Tenant;
let session: string;
let call: string;

beforeAll(async () => {
  database = await openDatabase();
  tenant = await makeTenant(database, 'northwind');
});
afterAll(() => database.close());
beforeEach(async () => {
  session = await startSession(database, tenant);
  call = await openCall(database, session);
});

const rpc = (name: string, args: Record<string, unknown>) =>
  database.rpc(name, { p_session: session, ...args }) as Promise<Record<string, unknown>>;
const kept = (table: string) =>
  database.sql(`select * from public.${table} where session_id = $1 order by id`, session);
const end = (ago: string) =>
  database.sql(
    `update public.interview_sessions set status = 'completed', end_reason = 'completed', ended_at = now() - $2::interval where id = $1`,
    session,
    ago,
  );
const cancel = () =>
  database.sql(
    `update public.interview_sessions set status = 'cancelled', ended_at = now() where id = $1`,
    session,
  );

describe('store_correction', () => {
  const correct = (item: string, text: unknown = 'As I meant it.', more = {}) =>
    rpc('store_correction', { p_entry_id: `${call}.${item}`, p_text: text, ...more });

  beforeEach(async () => {
    const writer = newWriter();
    const server = `s_${call}_1`;
    await deliver(database, session, writer, [
      row(writer, 1, call, 'mine'),
      row(writer, 2, call, 'theirs', { role: 'interviewer' }),
      // A page that calls the interviewer's line its candidate's.
      row(writer, 3, call, 'stolen'),
      row(writer, 4, call, 'broken', { position: null }),
    ]);
    await deliver(database, session, server, [
      row(server, 1, call, 'stolen', { role: 'interviewer' }),
    ]);
  });

  it('stands beside the line, which stays as it is; older ones are kept, the newest counts', async () => {
    const before = await database.sql(
      'select * from public.transcript_current where session_id = $1',
      session,
    );
    for (const text of ['One.', 'Two.', 'Two.', 'One.']) {
      expect(await correct('mine', text)).toEqual({ ok: true });
    }
    expect((await kept('transcript_corrections')).map((one) => one['text'])).toEqual([
      'One.',
      'Two.',
      'One.',
    ]);
    const after = await database.sql(
      'select * from public.transcript_current where session_id = $1',
      session,
    );
    expect(after).toEqual(before);
  });

  it.each([
    ['theirs', 'forbidden'],
    ['stolen', 'forbidden'],
    ['broken', 'not_found'],
    ['unknown', 'not_found'],
  ])('of the line %s is refused as %s', async (item, error) => {
    expect(await correct(item)).toEqual({ error });
    expect(await kept('transcript_corrections')).toEqual([]);
  });

  it('is no way into another interview', async () => {
    const other = await startSession(database, tenant);
    expect(await correct('mine', 'Mine now.', { p_session: other })).toEqual({
      error: 'not_found',
    });
    expect(await correct('mine', 'x', { p_session: nowhere })).toEqual({ error: 'not_found' });
  });

  it.each([[''], [null], ['x'.repeat(32_769)]])('%o is refused', async (text) => {
    expect(await correct('mine', text)).toEqual({ error: 'bad_request' });
  });

  it('is taken until 24 hours after the end', async () => {
    await end('23 hours');
    expect(await correct('mine', 'In time.')).toEqual({ ok: true });
    await end('25 hours');
    expect(await correct('mine', 'Too late.')).toEqual({ error: 'delivery_expired' });
  });

  it('is never taken where the session was cancelled', async () => {
    await cancel();
    expect(await correct('mine')).toEqual({ error: 'session_ended' });
  });

  it('can be made five hundred times and not for ever', async () => {
    await database.sql(
      `insert into public.transcript_corrections (tenant_id, session_id, entry_id, text)
       select $1, $2, $3, 'n' || n from generate_series(1, 500) n`,
      tenant.id,
      session,
      `${call}.mine`,
    );
    expect(await correct('mine')).toEqual({ error: 'session_limit' });
    expect(await correct('mine', 'n500')).toEqual({ ok: true });
  });
});

describe('store_feedback', () => {
  const give = (rating: unknown, text: unknown = null) =>
    rpc('store_feedback', { p_rating: rating, p_text: text });

  it('keeps a rating, a text or both, and the same sent again once', async () => {
    for (const [rating, text] of [[5], [5], [null, 'Calm.'], [4, 'Calm.']] as const) {
      expect(await give(rating, text)).toEqual({ ok: true });
    }
    expect((await kept('feedback')).map((one) => [one['rating'], one['text']])).toEqual([
      [5, null],
      [null, 'Calm.'],
      [4, 'Calm.'],
    ]);
  });

  it.each([[null], [0], [6], [40_000], [3, ''], [3, 'x'.repeat(32_769)]])(
    '%o is refused',
    async (rating, text: unknown = null) => {
      expect(await give(rating, text)).toEqual({ error: 'bad_request' });
    },
  );

  it('is taken until 24 hours after the end, a few times', async () => {
    await end('23 hours');
    for (let n = 1; n <= 20; n += 1) expect(await give((n % 5) + 1)).toEqual({ ok: true });
    expect(await give(null, 'Once more.')).toEqual({ error: 'rate_limited' });
    await end('25 hours');
    expect(await give(1)).toEqual({ error: 'delivery_expired' });
    expect(await rpc('store_feedback', { p_session: nowhere, p_rating: 1, p_text: null })).toEqual({
      error: 'not_found',
    });
  });
});

describe('ask_in_session', () => {
  const ask = (kind: unknown, note: unknown = 'Please.') =>
    rpc('ask_in_session', { p_kind: kind, p_note: note });

  it('writes down what is asked for, and what was sent twice once', async () => {
    for (const kind of ['adjustment', 'human', 'help', 'help']) {
      expect(await ask(kind)).toEqual({ ok: true });
    }
    const asked = await kept('adjustments');
    expect(asked.map((one) => one['kind'])).toEqual(['adjustment', 'human', 'help']);
    expect(asked[0]?.['invitation_id']).toBeTypeOf('string');
  });

  it('works where a tenant’s backend started the session, without an invitation', async () => {
    const started = (await database.rpc('start_for_tenant', {
      p_key_hash: sha256(tenant.apiKey),
      p_tenant: tenant.externalId,
      p_session: `ask-${call}`,
      p_interview: null,
      p_candidate: null,
      p_origins: null,
      p_locale: null,
      p_origin: null,
      p_consents: answers(),
    })) as { session: { id: string } };
    session = started.session.id;
    expect(await ask('human')).toEqual({ ok: true });
    expect(await kept('adjustments')).toMatchObject([{ invitation_id: null, kind: 'human' }]);
  });

  it.each([['money'], [null], ['help', null], ['help', 'x'.repeat(2001)]])(
    '%o %o is refused',
    async (kind, note: unknown = 'Please.') => {
      expect(await ask(kind, note)).toEqual({ error: 'bad_request' });
    },
  );

  it('can be done twenty times a day, and not where the session was cancelled', async () => {
    for (let n = 1; n <= 20; n += 1) expect(await ask('help', `${n}`)).toEqual({ ok: true });
    expect(await ask('help')).toEqual({ error: 'rate_limited' });
    await database.sql(`update public.adjustments set asked_at = now() - interval '25 hours'`);
    expect(await ask('help')).toEqual({ ok: true });
    await cancel();
    expect(await ask('human')).toEqual({ error: 'session_ended' });
  });

  it('goes with its session', async () => {
    await ask('help');
    await database.sql('delete from public.interview_sessions where id = $1', session);
    expect(await kept('adjustments')).toEqual([]);
  });
});
