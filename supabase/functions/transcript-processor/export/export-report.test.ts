import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase, type Database } from '../../../tests/database.ts';
import { post, refused, settings } from '../../../tests/functions.ts';
import {
  deliver,
  makeTenant,
  newWriter,
  openCall,
  row,
  startSession,
  type Tenant,
} from '../../../tests/world.ts';
import { processorHandler } from '../handler.ts';

const service = { apikey: settings.secretKeys[0] ?? '' };
let database: Database;
let northwind: Tenant;
let contoso: Tenant;
let session: string;
let handle: (request: Request) => Promise<Response>;

/** A token as PostgREST would take it; who it speaks for is checked there and not here. */
const tokenOf = (user: string) => {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'HS256' })}.${part({ sub: user, role: 'authenticated' })}.x`;
};
const member = (user: string) => ({
  apikey: 'sb_publishable_x',
  authorization: `Bearer ${tokenOf(user)}`,
});
const ask = (headers: Record<string, string>, fields: Record<string, unknown> = {}) =>
  handle(post({ action: 'export', session_id: session, format: 'vtt', ...fields }, headers));

beforeAll(async () => {
  database = await openDatabase();
  northwind = await makeTenant(database, 'northwind');
  contoso = await makeTenant(database, 'contoso');
  handle = processorHandler({
    ...settings,
    rpc: database.rpc,
    memberRpc: (token) => (name, args) => {
      const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as {
        sub: string;
      };
      return database.rpcAs({ user: claims.sub }, name, args);
    },
    now: Date.now,
    log: () => undefined,
  });
  session = await startSession(database, northwind);
  const call = await openCall(database, session);
  await database.rpc('call_connected', { p_call: call });
  const writer = newWriter();
  const settle = () => handle(post({ action: 'tick' }, service));
  await deliver(database, session, writer, [row(writer, 1, call, 'a', { text: 'Grüezi.' })]);
  await database.rpc('store_correction', {
    p_session: session,
    p_entry_id: `${call}.a`,
    p_text: 'Hello.',
  });
  const all = { p_reason: 'completed', p_writers: {}, p_lost: [], p_force: true };
  await database.rpc('complete_session', { p_session: session, ...all });
  await settle();
  await deliver(database, session, writer, [row(writer, 2, call, 'b', { text: 'Later.' })]);
  await settle();
}, 60_000);
afterAll(() => database.close());

describe('export', () => {
  it.each([
    ['json', 'application/json', '"Grüezi."'],
    ['vtt', 'text/vtt', '<v Candidate>Grüezi.'],
    ['srt', 'application/x-subrip', 'Candidate: Grüezi.'],
    ['md', 'text/markdown', '> Hello.'],
    ['csv', 'text/csv', '"Grüezi.","Hello."'],
  ])('gives the newest version out as %s', async (format, type, words) => {
    const reply = await ask(service, { format });
    expect(reply.status).toBe(200);
    expect(reply.headers.get('content-type')).toBe(`${type}; charset=utf-8`);
    expect(reply.headers.get('content-disposition')).toBe(
      `attachment; filename="interview-${session.slice(0, 8)}-v2.${format}"`,
    );
    expect(reply.headers.get('x-content-type-options')).toBe('nosniff');
    const text = await reply.text();
    expect(text).toContain(words);
    expect(text).toContain('Later.');
  });

  it('gives an earlier version out as it was', async () => {
    const text = await (await ask(service, { revision: 1 })).text();
    expect(text).toContain('Grüezi.');
    expect(text).not.toContain('Later.');
  });

  it('is for the members of its tenant', async () => {
    for (const user of [northwind.owner, northwind.reviewer]) {
      expect(await (await ask(member(user))).text()).toContain('Grüezi.');
    }
    await refused(await ask(member(contoso.owner)), 404, 'not_found');
  });

  it('is for nobody without a sign-in', async () => {
    await refused(await ask({}), 401, 'token_missing');
    await refused(await ask({ apikey: 'sb_publishable_x' }), 401, 'token_missing');
    const { authorization } = member(northwind.owner);
    await refused(await ask({ authorization }), 401, 'token_missing');
    await refused(await ask({ authorization: 'Bearer nonsense' }), 401, 'token_invalid');
  });

  it.each([
    [{ format: 'pdf' }],
    [{ session_id: 'x' }],
    [{ session_id: undefined }],
    [{ revision: 0 }],
    [{ revision: 'last' }],
  ])('refuses %j', async (fields) => {
    await refused(await ask(service, fields), 400, 'bad_request');
  });

  it('knows no version and no session that is not there', async () => {
    await refused(await ask(service, { revision: 3 }), 404, 'not_found');
    await refused(await ask(service, { session_id: northwind.id }), 404, 'not_found');
  });

  it('lets a member settle nothing', async () => {
    const reply = await handle(post({ action: 'tick' }, member(northwind.owner)));
    await refused(reply, 401, 'token_missing');
  });
});
