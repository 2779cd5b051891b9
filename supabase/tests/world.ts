import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { Database } from './database.ts';

/** SHA-256, lower-case hex. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** A new secret of 32 random bytes, as device keys are. */
export function newKey(): string {
  return randomBytes(32).toString('base64url');
}

/** A new browser writer. */
export function newWriter(): string {
  return `b_${randomBytes(16).toString('base64url')}`;
}

export const consents = [
  { purpose: 'processing', version: '1', text: 'May we transcribe you? ¿Sí?', required: true },
  { purpose: 'other_roles', version: '1', text: 'May we keep it?', required: false },
];

/** Answers to the consents above; `other_roles` is declined. */
export function answers(granted = true): Record<string, unknown>[] {
  return consents.map(({ purpose, version, text, required }) => ({
    purpose,
    version,
    text_hash: sha256(text),
    locale: 'en',
    granted: granted && required,
  }));
}

export const plan = {
  greeting: 'Hello. I am an AI interviewer. Are you ready?',
  questions: [
    { id: 'first', text: 'What did you design last year?', max_probes: 1 },
    { id: 'second', text: 'What would you do differently today, and why?', max_probes: 1 },
  ],
  candidate_qa_text: 'What would you like to ask?',
  facts: [],
  closing_text: 'Goodbye.',
  time_up_text: 'Time is up.',
};

export interface Tenant {
  id: string;
  externalId: string;
  interview: string;
  owner: string;
  recruiter: string;
  reviewer: string;
  apiKey: string;
}

/** A tenant with an interview, a key and one account of each role. Pages of https://jobs.example may interview. */
export async function makeTenant(database: Database, name: string): Promise<Tenant> {
  const { sql } = database;
  const externalId = `${name}-${randomBytes(4).toString('hex')}`;
  const id = await one(
    sql(
      `insert into public.tenants (external_id, name, allowed_origins)
       values ($1, $2, array['https://jobs.example', 'https://careers.example']) returning id`,
      externalId,
      name,
    ),
  );
  const interview = await one(
    sql(
      `insert into public.interviews (tenant_id, external_id, title, duration_s, inviter, decider,
         retention, next_steps, adjustment, consents, plan)
       values ($1, 'designer', 'Designer', 600, 'Dana Reyes', 'People', 'Six months', 'Soon', 'Just ask', $2, $3)
       returning id`,
      id,
      JSON.stringify(consents),
      JSON.stringify(plan),
    ),
  );
  await sql('update public.tenants set default_interview_id = $2 where id = $1', id, interview);
  const apiKey = `ik_${newKey()}`;
  await sql(
    `insert into public.tenant_api_keys (tenant_id, name, key_hash) values ($1, 'key', $2)`,
    id,
    sha256(apiKey),
  );
  const member = async (role: string) => {
    const user = await makeUser(database);
    await sql(
      'insert into public.tenant_members (tenant_id, user_id, role) values ($1, $2, $3)',
      id,
      user,
      role,
    );
    return user;
  };
  return {
    id,
    externalId,
    interview,
    owner: await member('owner'),
    recruiter: await member('recruiter'),
    reviewer: await member('reviewer'),
    apiKey,
  };
}

/** An account that belongs to nobody yet. */
export function makeUser({ sql }: Database): Promise<string> {
  return one(
    sql('insert into auth.users (email) values ($1) returning id', `${randomUUID()}@example.test`),
  );
}

/** An invitation of a tenant's interview, made as its recruiter makes one. */
export async function invite(
  database: Database,
  tenant: Tenant,
  options: { uses?: number } = {},
): Promise<{ id: string; token: string }> {
  const made = await database.rpcAs({ user: tenant.recruiter }, 'create_invitation', {
    p_interview: tenant.interview,
    p_max_uses: options.uses ?? 1,
  });
  return made as { id: string; token: string };
}

/** Redeems an invitation and returns what the database answers. */
export async function redeem(
  database: Database,
  token: string,
  options: { key?: string; user?: string; origin?: string; consents?: unknown; mode?: string } = {},
): Promise<Record<string, unknown>> {
  const result = await database.rpc('redeem_invitation', {
    p_invitation_hash: sha256(token),
    p_device_hash: sha256(options.key ?? newKey()),
    p_user: options.user ?? null,
    p_origin: options.origin ?? null,
    p_consents: options.consents ?? answers(),
    p_mode: options.mode ?? 'voice',
    p_locale: 'en',
  });
  return result as Record<string, unknown>;
}

/** The session in a start's result. */
export function sessionOf(started: Record<string, unknown>): string {
  const session = started['session'] as { id: string } | undefined;
  if (session === undefined) throw new Error(`Not started: ${JSON.stringify(started)}`);
  return session.id;
}

/** A session of a fresh invitation. */
export async function startSession(database: Database, tenant: Tenant): Promise<string> {
  const { token } = await invite(database, tenant);
  return sessionOf(await redeem(database, token));
}

/** Opens a call of a session. */
export async function openCall(
  { rpc }: Database,
  session: string,
  offer: string = randomBytes(8).toString('hex'),
): Promise<string> {
  const opened = await rpc('open_call', {
    p_session: session,
    p_offer_id: offer,
    p_writer: newWriter(),
    p_reason: 'start',
    p_provider: 'openai',
  });
  return (opened as { call_id: string }).call_id;
}

/** A row as a writer sends it. */
export function row(
  writer: string,
  sequence: number,
  call: string,
  item: string,
  fields: Record<string, unknown> = {},
): Record<string, unknown> {
  return {
    entry_id: `${call}.${item}`,
    writer_id: writer,
    sequence,
    revision: 0,
    role: 'candidate',
    text: `words of ${item}`,
    status: 'final',
    call_id: call,
    item_id: item,
    previous_item_id: null,
    position: sequence * 1024,
    started_ms: sequence * 1000,
    ended_ms: sequence * 1000 + 500,
    heard_ms: null,
    language: 'en',
    ...fields,
  };
}

/** Delivers rows of one writer. */
export async function deliver(
  { rpc }: Database,
  session: string,
  writer: string,
  entries: unknown[],
): Promise<Record<string, unknown>> {
  const result = await rpc('store_entries', {
    p_session: session,
    p_writer: writer,
    p_source: writer.startsWith('s_') ? 'server' : 'browser',
    p_entries: entries,
  });
  return result as Record<string, unknown>;
}

async function one(rows: Promise<Record<string, unknown>[]>): Promise<string> {
  const value = Object.values((await rows)[0] ?? {})[0];
  if (typeof value !== 'string') throw new Error('The statement returned no text.');
  return value;
}
