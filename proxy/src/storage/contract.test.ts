import { randomUUID } from 'node:crypto';
import {
  entryId,
  type CallId,
  type ClientMessage,
  type OfferReason,
  type SessionId,
  type TranscriptEntry,
  type WriterId,
} from '@interview/protocol';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { TestDatabase } from '../testing/database.ts';
import { MemoryStorage } from '../testing/memory-storage.ts';
import { newWriter } from '../testing/proxy.ts';
import type { Storage } from './port.ts';
import { supabaseStorage } from './supabase.ts';

// The first to come makes the database.
vi.setConfig({ hookTimeout: 60_000 });

/** One way to keep things. The time stands still unless it is moved. */
interface World {
  storage: Storage;
  session: SessionId;
  /** A session that has not begun. */
  renew(): Promise<void>;
  /** Kinds of events that were recorded. */
  events(): Promise<unknown[]>;
  /** Lets time pass. */
  later(seconds: number): Promise<void>;
  close(): Promise<void>;
}

function inMemory(): World {
  vi.useFakeTimers({ toFake: ['Date'] });
  const start = (): MemoryStorage => new MemoryStorage(randomUUID() as SessionId);
  let memory = start();
  return {
    get storage() {
      return memory;
    },
    get session() {
      return memory.session;
    },
    renew: () => {
      memory = start();
      memory.durationS = 600;
      return Promise.resolve();
    },
    events: () => Promise.resolve(memory.events.map(({ kind }) => kind)),
    later: (seconds) => {
      vi.setSystemTime(Date.now() + seconds * 1000);
      return Promise.resolve();
    },
    close: () => {
      vi.useRealTimers();
      return Promise.resolve();
    },
  };
}

/** The migrations, reached as a proxy reaches them. */
function inPostgres(): World {
  const { sql, secretKey, url } = database;
  const moved = [
    `update public.session_calls set opened_at = opened_at - $1::interval, connected_at = connected_at - $1::interval,
     answered_at = answered_at - $1::interval, closed_at = closed_at - $1::interval,
     hangup_claimed_at = hangup_claimed_at - $1::interval`,
    'update public.call_leases set expires_at = expires_at - $1::interval, released_at = released_at - $1::interval',
    'update public.call_commands set sent_at = sent_at - $1::interval',
    'update public.interview_sessions set started_at = started_at - $1::interval, deadline_at = deadline_at - $1::interval',
  ];
  return {
    storage: supabaseStorage({ url, secretKey }),
    get session() {
      return database.session;
    },
    renew: () => database.anew(),
    events: async () =>
      (
        await sql(
          'select kind from public.integrity_events where session_id = $1',
          database.session,
        )
      ).map(({ kind }) => kind),
    later: async (seconds) => {
      for (const statement of moved) await sql(statement, `${seconds} seconds`);
    },
    close: () => Promise.resolve(),
  };
}

let database: TestDatabase;
beforeAll(async () => {
  database = await TestDatabase.start();
});
afterAll(() => database.close());

describe.each<[string, () => World]>([
  ['in memory', inMemory],
  ['in Postgres', inPostgres],
])('storage %s', (_, open) => {
  let world: World;
  let writer: WriterId;
  beforeAll(() => {
    world = open();
  });
  afterAll(() => world.close());
  beforeEach(async () => {
    await world.renew();
    writer = newWriter();
  });

  const offer = (offerId: string) => {
    const { session } = world;
    const reason: OfferReason = 'start';
    return world.storage.openCall({ session, offerId, writer, reason, provider: 'openai' });
  };
  /** A call that runs. */
  const begin = async (): Promise<CallId> => {
    const { call_id: call } = await offer(randomUUID());
    await world.storage.callAnswered(call, 'rtc_1');
    await world.storage.callConnected(call);
    return call;
  };
  const row = (call: CallId, sequence: number, text = 'Yes.'): TranscriptEntry => ({
    entry_id: entryId(call, `item_${sequence}`),
    writer_id: writer,
    sequence,
    revision: 0,
    role: 'candidate',
    text,
    status: 'final',
    call_id: call,
    item_id: `item_${sequence}`,
    previous_item_id: null,
    position: sequence * 1024,
    started_ms: 0,
    ended_ms: 10,
    heard_ms: null,
    language: null,
  });
  const store = (entries: unknown[]) => world.storage.storeEntries(world.session, writer, entries);
  const complete = (last: number, force = false) =>
    world.storage.completeSession({
      session: world.session,
      reason: 'candidate_ended',
      writers: { [writer]: last },
      lost: [],
      force,
    });
  const brief = async () => {
    const found = await world.storage.sessionBrief(world.session);
    if (!found) throw new Error('There is no session.');
    return found;
  };

  it('opens one call an offer, and closes the one before', async () => {
    const first = await offer('one');
    expect(await offer('one')).toMatchObject({ call_id: first.call_id, repeated: true });
    const second = await offer('two');
    expect(second).toMatchObject({ ordinal: 2, former: [{ call_id: first.call_id }] });
    expect(await world.storage.callAnswered(first.call_id, 'rtc_1')).toMatchObject({ ok: false });
    await expect(world.storage.takeLease(first.call_id, 'a', 10, true)).rejects.toMatchObject({
      code: 'call_not_found',
    });
  });

  it('keeps the first body of a sequence, and writes down that there was another', async () => {
    const call = await begin();
    expect(await store([row(call, 1), row(call, 1)])).toMatchObject({
      last_sequence: 1,
      stored: 1,
      duplicates: 1,
      refused: [],
    });
    expect(await store([row(call, 1, 'No.')])).toMatchObject({
      last_sequence: 1,
      stored: 0,
      refused: [{ sequence: 1, code: 'conflict' }],
    });
    expect(await world.events()).toEqual(['sequence_conflict']);
  });

  it('holds the place of what is no row', async () => {
    const call = await begin();
    const bad = [{ ...row(call, 1), role: 'nobody' }, row(call, 2), 'nonsense'];
    expect(await store(bad)).toMatchObject({
      last_sequence: 2,
      stored: 1,
      refused: [
        { sequence: 1, code: 'tombstone' },
        { sequence: 0, code: 'invalid' },
      ],
    });
    expect(await store([{ ...row(call, 3), writer_id: newWriter() }])).toMatchObject({
      last_sequence: 2,
      refused: [{ sequence: 3, code: 'wrong_writer' }],
    });
  });

  it('completes when everything is held, closes the calls with it, and begins nothing after that', async () => {
    const call = await begin();
    expect(await complete(1)).toMatchObject({
      status: 'ending',
      missing: [{ writer_id: writer, from: 1, to: 1 }],
    });
    await expect(world.storage.callConnected(call)).rejects.toMatchObject({
      code: 'session_ended',
    });
    expect((await brief()).calls[0]?.closed_at).toBeNull();
    await store([row(call, 1)]);
    expect(await complete(1)).toEqual({ status: 'completed', missing: [] });
    expect(await complete(2)).toEqual({ status: 'completed', missing: [] });
    expect((await brief()).calls[0]?.closed_at).not.toBeNull();
    for (const refused of [world.storage.callConnected(call), offer('late')]) {
      await expect(refused).rejects.toMatchObject({ code: 'session_ended' });
    }
  });

  it('fences what an earlier supervisor does', async () => {
    const call = await begin();
    const saved = { state: { n: 1 }, phase: 'question', deadline: null } as const;
    expect(await world.storage.takeLease(call, 'a', 10, false)).toMatchObject({ epoch: 1 });
    await expect(world.storage.takeLease(call, 'b', 10, false)).rejects.toMatchObject({
      code: 'taken_over',
    });
    expect(await world.storage.saveReducer(call, 1, saved)).toBe(true);
    expect(await world.storage.takeLease(call, 'b', 10, true)).toMatchObject({
      epoch: 2,
      reducer: { n: 1 },
    });
    expect(await world.storage.saveReducer(call, 1, saved)).toBe(false);
    expect(await world.storage.renewLease(call, 1, 10)).toMatchObject({ ok: false });
    expect(await world.storage.closeCall(call, 'absent', 1)).toBe(false);
    await world.later(11);
    expect(await world.storage.takeLease(call, 'c', 10, false)).toMatchObject({ epoch: 3 });
  });

  it('leaves a call that was let go to its page for three seconds', async () => {
    const call = await begin();
    const claim = () =>
      world.storage.claimCalls({ holder: 'b', seconds: 10, session: null, held: [] });
    await world.storage.takeLease(call, 'a', 10, false);
    expect(await claim()).toEqual([]);
    await world.storage.releaseLease(call, 1);
    await world.later(2);
    expect(await claim()).toEqual([]);
    await world.later(2);
    expect(await claim()).toEqual([world.session]);
    expect(await claim()).toEqual([]);
  });

  const owed = async () =>
    (await world.storage.claimHangups({ session: null, held: [] })).map(({ call_id: id }) => id);

  it('hands out what was closed and not hung up, to one asker a minute, until it is', async () => {
    const call = await begin();
    await world.storage.closeCall(call, 'candidate_ended', null);
    await world.later(29);
    expect(await owed()).toEqual([]);
    await world.later(2);
    expect(await world.storage.claimHangups({ session: null, held: [] })).toEqual([
      { call_id: call, provider: 'openai', provider_call_id: 'rtc_1' },
    ]);
    await world.later(59);
    expect(await owed()).toEqual([]);
    await world.later(2);
    expect(await owed()).toEqual([call]);
    await world.storage.callHungUp(call);
    await world.later(61);
    expect(await owed()).toEqual([]);
  });

  it('closes calls that nobody looks after, each when nobody can be about to', async () => {
    const { call_id: unconnected } = await offer('one');
    await world.storage.callAnswered(unconnected, 'rtc_1');
    await world.later(119);
    expect(await owed()).toEqual([]);
    expect(await world.storage.claimHangups({ session: null, held: [unconnected] })).toEqual([]);
    await world.later(2);
    expect(await owed()).toEqual([unconnected]);
    const call = await begin();
    await world.storage.takeLease(call, 'a', 10, false);
    await world.later(300);
    expect(await owed()).not.toContain(call);
    await world.later(11);
    expect(await owed()).toContain(call);
    const { calls, session } = await brief();
    expect(calls.map(({ closed_at: closed }) => closed !== null)).toEqual([true, true]);
    expect(session.status).toBe('active');
  });

  it('moves the deadline as far as standstills may, and not before there is one', async () => {
    const { call_id: call } = await offer('one');
    await world.storage.takeLease(call, 'a', 10, false);
    const save = (deadline: number) =>
      world.storage.saveReducer(call, 1, { state: {}, phase: 'opening', deadline });
    await save(Date.now() + 1e9);
    expect((await brief()).session.deadline_at).toBeNull();
    const { deadline } = await world.storage.callConnected(call);
    await save(deadline + 60_000);
    expect(Date.parse((await brief()).session.deadline_at ?? '')).toBe(deadline + 60_000);
    await save(deadline + 1e9);
    expect(Date.parse((await brief()).session.deadline_at ?? '')).toBe(deadline + 900_000);
  });

  const pause: ClientMessage = { type: 'pause', id: 'm1' };
  const ok = { message: { type: 'ok', id: 'm1' } } as const;

  it('hands a command on once, and gives its answer to whoever repeats it', async () => {
    const call = await begin();
    const send = (key?: string) => world.storage.sendCommand(world.session, pause, key);
    expect(await send('k')).toBeNull();
    await world.storage.takeLease(call, 'a', 60, false);
    const id = Number(await send('k'));
    expect(await world.storage.takeCommands('b')).toEqual([]);
    expect(await world.storage.commandReply(id, false)).toBeNull();
    expect(await world.storage.takeCommands('a')).toEqual([
      { id, session: world.session, message: pause },
    ]);
    expect(await world.storage.takeCommands('a')).toEqual([]);
    await world.storage.answerCommand(id, ok);
    expect(await send('k')).toBe(id);
    expect(await world.storage.takeCommands('a')).toEqual([]);
    expect(await world.storage.commandReply(id, true)).toEqual(ok);
  });

  it('does not hand on what waited too long, or was withdrawn', async () => {
    const call = await begin();
    await world.storage.takeLease(call, 'a', 60, false);
    const send = (key: string) => world.storage.sendCommand(world.session, pause, key);
    await send('late');
    await world.later(11);
    expect(await world.storage.takeCommands('a')).toEqual([]);
    const again = Number(await send('late'));
    expect(await world.storage.commandReply(again, true)).toBe('withdrawn');
    expect(await world.storage.takeCommands('a')).toEqual([]);
    const anew = Number(await send('late'));
    expect(await world.storage.takeCommands('a')).toMatchObject([{ id: anew }]);
  });
});

it.each(['nul \0', 'half \ud83d'])(
  'refuses for good what Postgres can not hold: %j',
  async (text) => {
    const { url, secretKey, session } = database;
    const storage = supabaseStorage({ url, secretKey });
    const recorded = storage.recordEvent(session, null, 'any', { text });
    await expect(recorded).rejects.toMatchObject({ code: 'bad_request', retryable: false });
  },
);
