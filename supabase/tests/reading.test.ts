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
let browser: string;
let server: string;

beforeAll(async () => {
  database = await openDatabase();
  tenant = await makeTenant(database, 'northwind');
});
afterAll(() => database.close());
beforeEach(() => begin());

async function begin(): Promise<void> {
  session = await startSession(database, tenant);
  call = await openCall(database, session);
  browser = newWriter();
  server = `s_${call}_1`;
}

/** `name@position` of each row, delivered by a writer in this order. */
async function say(
  writer: string,
  rows: [item: string, position: number][],
  first = 1,
): Promise<void> {
  const entries = rows.map(([item, position], index) =>
    row(writer, first + index, call, item, { position, text: `${item} by ${writer.charAt(0)}` }),
  );
  await deliver(database, session, writer, entries);
}

async function read(): Promise<Record<string, unknown>[]> {
  return database.sql(
    'select * from public.transcript_current where session_id = $1 order by ordinal',
    session,
  );
}

const texts = async () => (await read()).map(({ text }) => text);

describe('transcript_current', () => {
  it('shows one row an utterance: the server’s words, heard as the browser says', async () => {
    await deliver(database, session, browser, [
      row(browser, 1, call, 'a', { text: 'Helo', heard_ms: 700, role: 'interviewer' }),
    ]);
    await deliver(database, session, server, [
      row(server, 1, call, 'a', { text: 'Hello.', heard_ms: 900, role: 'interviewer' }),
    ]);
    expect(await read()).toMatchObject([
      { text: 'Hello.', source: 'server', heard_ms: 700, ordinal: 1, call_ordinal: 1 },
    ]);
  });

  it('falls back to the server’s heard_ms where the browser knows none', async () => {
    await deliver(database, session, browser, [row(browser, 1, call, 'a')]);
    await deliver(database, session, server, [row(server, 1, call, 'a', { heard_ms: 900 })]);
    expect(await read()).toMatchObject([{ heard_ms: 900 }]);
  });

  it('shows the latest revision of each side, whichever came last', async () => {
    await deliver(database, session, browser, [
      row(browser, 1, call, 'a', { revision: 2, text: 'third' }),
      row(browser, 2, call, 'a', { revision: 1, text: 'second' }),
      row(browser, 3, call, 'a', { revision: 0, text: 'first' }),
    ]);
    expect(await texts()).toEqual(['third']);
    await deliver(database, session, server, [
      row(server, 1, call, 'a', { text: 'of the server' }),
    ]);
    expect(await texts()).toEqual(['of the server']);
  });

  it('goes by the server’s order where both have rows', async () => {
    await say(browser, [
      ['b', 1024],
      ['a', 2048],
    ]);
    await say(server, [
      ['a', 1024],
      ['b', 2048],
    ]);
    expect(await texts()).toEqual(['a by s', 'b by s']);
  });

  it('puts a row that only the browser has behind its predecessor that both have', async () => {
    await say(browser, [
      ['a', 1024],
      ['x', 2048],
      ['y', 3072],
      ['b', 4096],
    ]);
    await say(server, [
      ['b', 1024],
      ['c', 1536],
      ['a', 2048],
    ]);
    // x and y follow a, wherever the server put a.
    expect(await texts()).toEqual(['b by s', 'c by s', 'a by s', 'x by b', 'y by b']);
  });

  it('puts rows before everything that both have first', async () => {
    await say(browser, [
      ['x', 1024],
      ['a', 2048],
    ]);
    await say(server, [['a', 1024]]);
    expect(await texts()).toEqual(['x by b', 'a by s']);
  });

  it('keeps rows that only the server has', async () => {
    await say(browser, [
      ['a', 1024],
      ['c', 2048],
    ]);
    await say(server, [
      ['a', 1024],
      ['b', 2048],
      ['c', 3072],
    ]);
    expect(await texts()).toEqual(['a by s', 'b by s', 'c by s']);
  });

  it('reads calls one after the other, each with positions of its own', async () => {
    await say(browser, [['late', 9000]]);
    call = await openCall(database, session);
    await say(browser, [['early', 10]], 2);
    expect(await texts()).toEqual(['late by b', 'early by b']);
    expect((await read()).map(({ call_ordinal, ordinal }) => [call_ordinal, ordinal])).toEqual([
      [1, 1],
      [2, 2],
    ]);
  });

  it('shows no tombstones', async () => {
    await deliver(database, session, browser, [
      row(browser, 1, call, 'a'),
      { writer_id: browser, sequence: 2, tombstone: 'not a row' },
      row(browser, 3, call, 'b', { status: 'whispered' }),
    ]);
    expect(await texts()).toEqual(['words of a']);
  });

  it('numbers each session for itself', async () => {
    await say(browser, [['a', 1024]]);
    const former = session;
    await begin();
    await say(browser, [['b', 1024]]);
    const rows = await database.sql(
      'select ordinal from public.transcript_current where session_id in ($1, $2)',
      former,
      session,
    );
    expect(rows.map(({ ordinal }) => Number(ordinal))).toEqual([1, 1]);
  });

  it('reads as the rule says, whatever either side holds and in whatever order it came', async () => {
    const items = ['a', 'b', 'c', 'd', 'e', 'f'];
    const side = fc.shuffledSubarray(items, { minLength: 0 });
    await fc.assert(
      fc.asyncProperty(side, side, fc.boolean(), async (heard, told, serverFirst) => {
        fc.pre(heard.length + told.length > 0);
        await begin();
        const place = (names: string[]) =>
          names.map((name, index): [string, number] => [name, (index + 1) * 1024]);
        const sides: [string, [string, number][]][] = [
          [browser, place(heard)],
          [server, place(told)],
        ];
        for (const [writer, rows] of serverFirst ? sides.reverse() : sides) {
          if (rows.length > 0) await say(writer, rows);
        }
        expect((await read()).map(({ entry_id }) => String(entry_id).split('.')[1])).toEqual(
          expected(heard, told),
        );
      }),
      { numRuns: 40 },
    );
  });
});

/** The rule in other words: the server's order, with each stretch of the browser's own behind what it followed. */
function expected(heard: string[], told: string[]): string[] {
  const following = new Map<string, string[]>();
  let anchor = '';
  for (const name of heard) {
    if (told.includes(name)) anchor = name;
    else following.set(anchor, [...(following.get(anchor) ?? []), name]);
  }
  return ['', ...told].flatMap((name) => [
    ...(name === '' ? [] : [name]),
    ...(following.get(name) ?? []),
  ]);
}

describe('transcript_of_source', () => {
  it('gives one side alone, in its own order', async () => {
    await say(browser, [
      ['b', 1024],
      ['x', 2048],
      ['a', 3072],
    ]);
    await say(server, [
      ['a', 1024],
      ['b', 2048],
    ]);
    const of = async (source: string) =>
      (
        await database.as(
          { user: tenant.recruiter },
          'select entry_id, ordinal from public.transcript_of_source($1, $2)',
          session,
          source,
        )
      ).map(({ entry_id, ordinal }) => `${String(ordinal)}${String(entry_id).split('.')[1] ?? ''}`);
    expect(await of('browser')).toEqual(['1b', '2x', '3a']);
    expect(await of('server')).toEqual(['1a', '2b']);
  });
});
