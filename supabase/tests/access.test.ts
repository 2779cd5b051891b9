import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { become, openDatabase, type Caller, type Database } from './database.ts';
import {
  deliver,
  invite,
  makeTenant,
  makeUser,
  newKey,
  newWriter,
  openCall,
  redeem,
  row,
  sessionOf,
  sha256,
  type Tenant,
} from './world.ts';

/** Who of Northwind reads a table over the API; whoever is not named reads no row of it. */
const readers: Record<string, ('owner' | 'recruiter' | 'reviewer' | 'candidate')[]> = {
  tenants: ['owner', 'recruiter', 'reviewer'],
  tenant_members: ['owner', 'recruiter', 'reviewer'],
  tenant_api_keys: ['owner'],
  candidates: ['owner', 'recruiter', 'reviewer', 'candidate'],
  interviews: ['owner', 'recruiter', 'reviewer'],
  interview_invitations: ['owner', 'recruiter', 'reviewer'],
  interview_sessions: ['owner', 'recruiter', 'reviewer', 'candidate'],
  session_states: [],
  session_calls: ['owner', 'recruiter', 'reviewer', 'candidate'],
  call_leases: [],
  call_commands: [],
  transcript_writers: [],
  transcript_entries: ['owner', 'recruiter', 'reviewer', 'candidate'],
  transcript_current: ['owner', 'recruiter', 'reviewer', 'candidate'],
  transcript_corrections: ['owner', 'recruiter', 'reviewer', 'candidate'],
  feedback: ['owner', 'recruiter', 'reviewer', 'candidate'],
  consents: ['owner', 'recruiter', 'reviewer', 'candidate'],
  adjustments: ['owner', 'recruiter'],
  integrity_events: ['owner', 'recruiter', 'reviewer'],
  question_states: ['owner', 'recruiter', 'reviewer'],
  tool_calls: ['owner', 'recruiter', 'reviewer'],
  jobs: [],
  interview_reports: ['owner', 'recruiter', 'reviewer'],
  interview_report_versions: ['owner', 'recruiter', 'reviewer'],
  webhook_endpoints: ['owner'],
  webhook_secrets: [],
  webhook_deliveries: ['owner'],
  retention_periods: ['owner', 'recruiter', 'reviewer'],
  legal_holds: ['owner'],
  erasures: ['owner'],
};
const tables = Object.keys(readers);

let database: Database;
let northwind: Tenant;
let contoso: Tenant;
let candidate: string;
let stranger: string;

/** What an owner sets up once. */
async function setUp({ id, owner }: Tenant): Promise<void> {
  await database.rpcAs({ user: owner }, 'create_webhook', {
    p_tenant: id,
    p_url: 'https://hooks.example/',
    p_types: '{session.completed}',
  });
  const period = { p_tenant: id, p_class: 'transcript', p_days: 30 };
  await database.rpcAs({ user: owner }, 'set_retention', period);
}

/** Of two more people one is forgotten, and of the other all must stay. */
async function forgetAndHold(tenant: Tenant): Promise<void> {
  const [forgotten, held] = await database.sql(
    `insert into public.candidates (tenant_id) values ($1), ($1) returning id`,
    tenant.id,
  );
  const as = { user: tenant.owner };
  await database.rpcAs(as, 'erase_candidate', { p_candidate: forgotten?.['id'] });
  await database.rpcAs(as, 'place_hold', { p_candidate: held?.['id'], p_reason: 'A complaint.' });
}

/** The supervisor's state once the first question is asked. */
const asking = {
  phase: 'question',
  index: 0,
  outcomes: [],
  decision: {
    key: 'k',
    effects: [{ type: 'reply', toolCall: 'call_1', output: { ok: true, phase: 'question' } }],
  },
};

/** A whole interview of a tenant, so that every table has rows of it. */
async function interview(tenant: Tenant, user: string): Promise<string> {
  const { rpc } = database;
  const { token } = await invite(database, tenant);
  const key = newKey();
  const session = sessionOf(await redeem(database, token, { user, key }));
  await rpc('ask_before_start', {
    p_invitation_hash: sha256(token),
    p_device_hash: sha256(key),
    p_kind: 'human',
    p_note: 'Please call me.',
    p_origin: null,
  });
  const call = await openCall(database, session);
  await rpc('call_connected', { p_call: call });
  await rpc('take_lease', { p_call: call, p_holder: 'proxy', p_seconds: 30 });
  await rpc('save_reducer', { p_call: call, p_epoch: 1, p_state: asking, p_phase: 'question' });
  await rpc('send_command', { p_session: session, p_message: { type: 'pause' } });
  await rpc('record_event', { p_session: session, p_call: call, p_kind: 'seen', p_detail: {} });
  const writer = newWriter();
  await deliver(database, session, writer, [row(writer, 1, call, 'item_1')]);
  await rpc('store_correction', {
    p_session: session,
    p_entry_id: `${call}.item_1`,
    p_text: 'My own words.',
  });
  await rpc('store_feedback', { p_session: session, p_rating: 4, p_text: null });
  await rpc('ask_in_session', { p_session: session, p_kind: 'help', p_note: 'I hear nothing.' });
  await rpc('complete_session', {
    p_session: session,
    p_reason: 'completed',
    p_writers: { [writer]: 1 },
    p_lost: [],
    p_force: false,
  });
  const report = { schema: 'interview-report/1', transcript_sha256: sha256('x') };
  await rpc('store_report', { p_session: session, p_report: report });
  return session;
}

beforeAll(async () => {
  database = await openDatabase();
  northwind = await makeTenant(database, 'northwind');
  contoso = await makeTenant(database, 'contoso');
  candidate = await makeUser(database);
  stranger = await makeUser(database);
  await setUp(northwind);
  await setUp(contoso);
  await interview(northwind, candidate);
  await interview(northwind, await makeUser(database));
  await interview(contoso, await makeUser(database));
  await forgetAndHold(northwind);
  await forgetAndHold(contoso);
});
afterAll(() => database.close());

/** How many rows a caller reads; null where reading itself is refused. */
async function count(caller: Caller, table: string): Promise<number | null> {
  // The key's hash is granted to nobody, so nobody signed in may ask for all columns.
  const what = table === 'tenant_api_keys' ? 'id' : '*';
  try {
    return (await database.as(caller, `select ${what} from public.${table}`)).length;
  } catch (error) {
    if ((error as { code?: string }).code === '42501') return null;
    throw error;
  }
}

it('covers every table and view of the API', async () => {
  const rows = await database.sql(
    `select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'v')`,
  );
  expect(rows.map(({ relname }) => relname).sort()).toEqual([...tables].sort());
});

describe.each(tables)('%s', (table) => {
  it('has rows of both tenants, or this proves nothing', async () => {
    expect(await count('service', table)).toBeGreaterThanOrEqual(2);
  });

  it('is closed to anon', async () => {
    expect(await count('anon', table)).toBeNull();
  });

  it('shows an account that belongs to nobody no row', async () => {
    expect((await count({ user: stranger }, table)) ?? 0).toBe(0);
  });

  it.each(['owner', 'recruiter', 'reviewer'] as const)(
    'shows an %s their own tenant only',
    async (role) => {
      const seen = (await count({ user: northwind[role] }, table)) ?? 0;
      const mayRead = readers[table]?.includes(role) ?? false;
      expect(seen > 0).toBe(mayRead);
      if (mayRead) expect(seen).toBe(await countOfTenant(table));
    },
  );

  it('shows a candidate their own and nobody else’s', async () => {
    const seen = (await count({ user: candidate }, table)) ?? 0;
    // Two candidates of the same tenant were interviewed; consents are two each.
    expect(seen).toBe(readers[table]?.includes('candidate') ? (table === 'consents' ? 2 : 1) : 0);
  });

  it('takes no writing from anybody signed in', async () => {
    for (const user of [northwind.owner, candidate]) {
      for (const statement of [
        `insert into public.${table} default values`,
        `delete from public.${table}`,
        `update public.${table} set ${await anyColumn(table)} = ${await anyColumn(table)}`,
      ]) {
        // 55000: a view that nobody can write to, with or without a right to.
        await expect(database.as({ user }, statement)).rejects.toMatchObject({
          code: table === 'transcript_current' ? '55000' : '42501',
        });
      }
    }
  });
});

/** How many rows of a table are Northwind's, by what the owner of the database sees. */
async function countOfTenant(table: string): Promise<unknown> {
  const owned =
    table === 'transcript_current'
      ? 'session_id in (select id from public.interview_sessions where tenant_id = $1)'
      : `${table === 'tenants' ? 'id' : 'tenant_id'} = $1`;
  const [all] = await database.sql(
    `select count(*)::int as n from public.${table} where ${owned}`,
    northwind.id,
  );
  return all?.['n'];
}

async function anyColumn(table: string): Promise<string> {
  const [column] = await database.sql(
    `select attname from pg_attribute where attrelid = ('public.' || $1)::regclass and attnum > 0
       and attidentity = '' limit 1`,
    table,
  );
  return String(column?.['attname']);
}

describe('policies', () => {
  it('are what keeps strangers out: with each one opened, a stranger reads its table', async () => {
    const policies = await database.sql(
      `select policyname, tablename from pg_policies where schemaname = 'public'`,
    );
    expect(policies.length).toBeGreaterThan(15);
    for (const { policyname, tablename } of policies) {
      await database.undone(async (connection) => {
        await connection.execute(
          `alter policy "${String(policyname)}" on public.${String(tablename)} using (true)`,
        );
        await become(connection, { user: stranger });
        const rows = await connection.query(`select 1 from public.${String(tablename)}`, []);
        expect(rows.length, String(policyname)).toBeGreaterThan(0);
      });
    }
  });

  it('hide the hash of a key even from its owner', async () => {
    await expect(
      database.as({ user: northwind.owner }, 'select key_hash from public.tenant_api_keys'),
    ).rejects.toMatchObject({ code: '42501' });
  });
});

describe('functions', () => {
  it.each(['session_brief', 'session_glance'])(
    '%s of the service answers nobody else',
    async (name) => {
      for (const caller of ['anon', { user: northwind.owner }] as const) {
        await expect(
          database.rpcAs(caller, name, { p_session: northwind.id }),
        ).rejects.toMatchObject({ code: '42501' });
      }
    },
  );

  it.each(['create_invitation', 'revoke_invitation', 'allow_another_device'])(
    '%s is refused to other tenants, reviewers and candidates',
    async (name) => {
      const [target] = await database.sql(
        `select i.id as create_invitation, v.id as revoke_invitation, s.id as allow_another_device
         from public.interviews i
         join public.interview_invitations v on v.interview_id = i.id
         join public.interview_sessions s on s.invitation_id = v.id
         where i.tenant_id = $1 limit 1`,
        northwind.id,
      );
      const parameter = { create_invitation: 'p_interview', revoke_invitation: 'p_invitation' }[
        name
      ];
      const args = { [parameter ?? 'p_session']: target?.[name] };
      for (const user of [contoso.owner, northwind.reviewer, candidate, stranger]) {
        expect(await database.rpcAs({ user }, name, args)).toEqual({ error: 'forbidden' });
      }
      expect(await database.rpcAs({ user: northwind.owner }, name, args)).not.toHaveProperty(
        'error',
      );
    },
  );

  it('that read one side of a transcript show a stranger nothing', async () => {
    const [session] = await database.sql(
      'select id from public.interview_sessions where tenant_id = $1 limit 1',
      northwind.id,
    );
    const read = (user: string) =>
      database.as(
        { user },
        `select * from public.transcript_of_source($1, 'browser')`,
        session?.['id'],
      );
    expect(await read(northwind.reviewer)).toHaveLength(1);
    expect(await read(contoso.owner)).toEqual([]);
  });

  it('that gives a report out shows it to members of its tenant and to nobody else', async () => {
    const [session] = await database.sql(
      'select id from public.interview_sessions where tenant_id = $1 and status = $2 limit 1',
      northwind.id,
      'completed',
    );
    const read = (user: string) =>
      database.rpcAs({ user }, 'report_for_export', {
        p_session: session?.['id'],
        p_revision: null,
      });
    expect(await read(northwind.reviewer)).toMatchObject({ revision: 1 });
    for (const user of [contoso.owner, candidate, stranger]) expect(await read(user)).toBeNull();
  });
});

describe('rows that stand', () => {
  it.each([
    'consents',
    'transcript_entries',
    'integrity_events',
    'transcript_corrections',
    'feedback',
    'interview_report_versions',
  ])('%s are not changed even by the owner of the database', async (table) => {
    const columns = {
      consents: 'granted',
      integrity_events: 'kind',
      interview_report_versions: 'revision',
    };
    const column = (columns as Record<string, string>)[table] ?? 'text';
    await expect(
      database.sql(`update public.${table} set ${column} = ${column}`),
    ).rejects.toMatchObject({ code: '23001' });
  });

  it('a plan that was used stands too, a text that candidates agree to does not', async () => {
    await expect(
      database.sql(
        `update public.interviews set duration_s = 61 where id = $1`,
        northwind.interview,
      ),
    ).rejects.toMatchObject({ code: '23001' });
    await database.sql(
      `update public.interviews set title = 'Lead' where id = $1`,
      northwind.interview,
    );
  });
});
