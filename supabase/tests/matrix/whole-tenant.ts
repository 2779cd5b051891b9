import { domains, type Interview } from '../api.ts';
import type { Database } from '../database.ts';
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
} from '../world.ts';

/** A tenant with all that its owner sets up, and two people who were interviewed, so that every table has rows of it. */
export interface Populated {
  tenant: Tenant;
  first: Interview;
  second: Interview;
}

export async function populate(database: Database, name: string): Promise<Populated> {
  const tenant = await makeTenant(database, name);
  for (const { setUp } of domains) await setUp?.(database, tenant);
  const first = await interview(database, tenant);
  const second = await interview(database, tenant);
  return { tenant, first, second };
}

async function interview(database: Database, tenant: Tenant): Promise<Interview> {
  const { rpc } = database;
  const user = await makeUser(database);
  const invitation = { ...(await invite(database, tenant)), key: newKey() };
  const session = sessionOf(
    await redeem(database, invitation.token, { user, key: invitation.key }),
  );
  const call = await openCall(database, session);
  await rpc('call_connected', { p_call: call });
  await rpc('take_lease', { p_call: call, p_holder: 'proxy', p_seconds: 30 });
  const writer = newWriter();
  await deliver(database, session, writer, [row(writer, 1, call, 'item_1')]);
  const made: Interview = { tenant, user, session, call, invitation, writer };
  for (const { during } of domains) await during?.(database, made);
  await complete(database, made);
  for (const { after } of domains) await after?.(database, made);
  return made;
}

async function complete({ rpc }: Database, { session, writer }: Interview): Promise<void> {
  await rpc('complete_session', {
    p_session: session,
    p_reason: 'completed',
    p_writers: { [writer]: 1 },
    p_lost: [],
    p_force: false,
  });
  const report = { schema: 'interview-report/1', transcript_sha256: sha256('x') };
  await rpc('store_report', { p_session: session, p_report: report });
}
