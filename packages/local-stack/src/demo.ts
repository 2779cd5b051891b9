import type { Database } from './database.ts';
import type { Keys } from './settings.ts';
import { StackError } from './stack-error.ts';

/** The key in supabase/seed.sql, of the demonstration tenant's backend. */
export const tenantApiKey = 'ik_local_demo_key_0000000000000000000000000000';

const tenant = 'test-tenant';
const interview = 'product-designer';
const email = 'recruiter@northwind.test';

/** The demonstration as a start leaves it. */
export interface Demo {
  recruiter: { email: string; password: string };
  /** `inv_…`, unused. */
  invitation: string;
}

/**
 * Makes the demonstration usable: a recruiter who can sign in, pages that may talk, an invitation that nobody used yet.
 * Everything goes the way that a real recruiter goes, over HTTP and as that user.
 */
export async function prepareDemo(
  database: Database,
  supabaseUrl: string,
  keys: Keys,
  origins: readonly string[],
): Promise<Demo> {
  const recruiter = { email, password: keys.recruiterPassword };
  const post = poster(supabaseUrl, keys.publishableKey);
  const accessToken = await signIn(post, recruiter);
  await database.sql("select public.add_tenant_member($1, $2, 'owner')", [email, tenant]);
  await database.sql('update public.tenants set allowed_origins = $1 where external_id = $2', [
    origins,
    tenant,
  ]);
  const [row] = await database.sql<{ id: string }>(
    `select i.id from public.interviews i join public.tenants t on t.id = i.tenant_id
     where t.external_id = $1 and i.external_id = $2`,
    [tenant, interview],
  );
  const made = await post('/rest/v1/rpc/create_invitation', { p_interview: row?.id }, accessToken);
  if (typeof made.body['token'] !== 'string') throw failure('No invitation could be made', made);
  return { recruiter, invitation: made.body['token'] };
}

interface Reply {
  status: number;
  body: Record<string, unknown>;
}

type Post = (path: string, body: unknown, accessToken?: string) => Promise<Reply>;

function poster(supabaseUrl: string, publishableKey: string): Post {
  return async (path, body, accessToken) => {
    const reply = await fetch(supabaseUrl + path, {
      method: 'POST',
      headers: {
        apikey: publishableKey,
        'content-type': 'application/json',
        ...(accessToken === undefined ? {} : { authorization: `Bearer ${accessToken}` }),
      },
      body: JSON.stringify(body),
    });
    return { status: reply.status, body: (await reply.json()) as Record<string, unknown> };
  };
}

async function signIn(post: Post, credentials: Demo['recruiter']): Promise<string> {
  const known = await post('/auth/v1/token?grant_type=password', credentials);
  const reply = known.status === 200 ? known : await post('/auth/v1/signup', credentials);
  const token = reply.body['access_token'];
  if (typeof token !== 'string') throw failure('The recruiter can not sign in', reply);
  return token;
}

function failure(what: string, { status, body }: Reply): StackError {
  return new StackError(`${what} (${status}): ${JSON.stringify(body)}`);
}
