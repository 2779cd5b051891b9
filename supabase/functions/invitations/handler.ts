import { ExternalId, InvitationToken, storableText } from '@interview/protocol';
import * as z from 'zod/mini';
import { credentialOf } from '../_shared/credential.ts';
import { call, type Rpc } from '../_shared/database.ts';
import { endpoint, type EndpointOptions } from '../_shared/endpoint.ts';
import { readJson } from '../_shared/read-json.ts';
import { malformed, Refusal } from '../_shared/refusal.ts';
import { sha256Hex } from '../_shared/secrets.ts';

/** What `invitations` is built of. */
export interface InvitationsDependencies extends EndpointOptions {
  rpc: Rpc;
}

const MAX_BODY_BYTES = 256 * 1024;
const MAX_INVITATIONS = 500;
const DAY_S = 86_400;

/** One invitation, by an id of the caller's own. */
const Wanted = z.strictObject({
  id: ExternalId,
  name: z.optional(z.string().check(z.minLength(1), z.maxLength(200))),
  // As the table checks it, which takes addresses in every script.
  email: z.optional(z.string().check(z.maxLength(320), z.regex(/^[^\s@]+@[^\s@]+$/))),
  note: z.optional(z.string().check(z.maxLength(500))),
  expires_in_s: z.optional(z.int().check(z.minimum(60), z.maximum(365 * DAY_S))),
  max_uses: z.optional(z.int().check(z.minimum(1), z.maximum(1000))),
  max_minutes: z.optional(z.int().check(z.minimum(1), z.maximum(1_000_000))),
  /** Gives an invitation that there is a new token; the former one is dead from then on. */
  resend: z.optional(z.boolean()),
});
type Wanted = z.infer<typeof Wanted>;

const Batch = z.strictObject({
  tenant_id: z.union([z.uuid(), ExternalId]),
  interview_id: z.optional(z.union([z.uuid(), ExternalId])),
  invitations: z.array(z.unknown()).check(z.minLength(1), z.maxLength(MAX_INVITATIONS)),
});

/** What the database answers for one; `id` is the caller's. */
const Answered = z.object({
  id: z.string(),
  status: z.enum(['created', 'resent', 'exists', 'refused']),
  invitation_id: z.optional(z.uuid()),
  token: z.optional(InvitationToken),
  expires_at: z.optional(z.string()),
  error: z.optional(z.string()),
  field: z.optional(z.string()),
});

interface Refused {
  status: 'refused';
  id: string | null;
  code: string;
  message: string;
}

/**
 * `POST /functions/v1/invitations`: a tenant's backend invites up to 500 people with its API key. The answer has one
 * entry for each, in their order, and a token is told once: by the request that made it.
 */
export function invitationsHandler(
  deps: InvitationsDependencies,
): (request: Request) => Promise<Response> {
  return endpoint(deps, async (request) => {
    const credential = credentialOf(request);
    const body = await readJson(request, MAX_BODY_BYTES);
    const batch = Batch.safeParse(body);
    if (!batch.success) throw malformed(batch.error.issues);
    if (credential.kind !== 'api_key') {
      throw new Refusal('token_missing', 'Send your tenant API key as: Authorization: Bearer ik_…');
    }
    const { tenant_id: tenant, interview_id: interview, invitations } = batch.data;
    const read = readEach(invitations);
    const wanted = read.filter((one): one is Wanted => !('status' in one));
    const answered = await call(
      deps.rpc,
      'invite_for_tenant',
      {
        p_key_hash: await sha256Hex(credential.key),
        p_tenant: tenant,
        p_interview: interview ?? null,
        p_items: wanted.map(storable),
      },
      z.object({ invitations: z.array(Answered) }),
    );
    const rest = answered.invitations.values();
    return {
      invitations: read.map((one) => ('status' in one ? one : replyOf(rest.next().value, one.id))),
    };
  });
}

/** Each by itself, so that one slip of the pen doesn't stop the other 499. */
function readEach(invitations: readonly unknown[]): (Wanted | Refused)[] {
  const seen = new Set<string>();
  return invitations.map((given) => {
    const { success, data, error } = Wanted.safeParse(given);
    if (!success) return refused(idOf(given), malformed(error.issues));
    if (seen.has(data.id)) {
      return refused(data.id, new Refusal('bad_request', 'This id comes twice in the batch.'));
    }
    seen.add(data.id);
    const named = data.name !== undefined || data.email !== undefined;
    if (named && (data.max_uses ?? 1) > 1) {
      return refused(
        data.id,
        new Refusal('bad_request', 'A link of several uses is for nobody in particular.'),
      );
    }
    return data;
  });
}

function idOf(given: unknown): string | null {
  return z.object({ id: ExternalId }).safeParse(given).data?.id ?? null;
}

function refused(id: string | null, { code, message }: Refusal): Refused {
  return { status: 'refused', id, code, message };
}

function storable({ name, email, note, ...rest }: Wanted): Wanted {
  return {
    ...rest,
    ...(name !== undefined && { name: storableText(name) }),
    ...(email !== undefined && { email: storableText(email) }),
    ...(note !== undefined && { note: storableText(note) }),
  };
}

const remedies: Record<string, string> = {
  invitation_revoked: 'It was taken back. Use another id for a new one.',
  invitation_completed: 'Its interview is over. Use another id for a new one.',
  invitation_in_use: 'Somebody is in the midst of an interview with this link.',
  bad_request: 'Not as documented.',
};

function replyOf(answered: z.infer<typeof Answered> | undefined, id: string): unknown {
  if (answered?.id !== id) throw new Error('invite_for_tenant answered another batch');
  if (answered.status !== 'refused') return answered;
  const code = answered.error ?? 'bad_request';
  const field = answered.field === undefined ? '' : ` (${answered.field})`;
  return { status: 'refused', id, code, message: `${remedies[code] ?? 'Refused.'}${field}` };
}
