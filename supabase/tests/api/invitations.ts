import type { Domain, Interview } from '../api.ts';
import type { Database } from '../database.ts';
import { invite, sha256 } from '../world.ts';

const unused = async ({ tenant }: Interview, { sql }: Database) => {
  const [row] = await sql(
    `select i.id from public.interview_invitations i where i.tenant_id = $1
       and not exists (select from public.interview_sessions s where s.invitation_id = i.id)`,
    tenant.id,
  );
  return { p_invitation: row?.['id'] };
};

export const domain: Domain = {
  relations: {
    interviews: { readers: ['owner', 'recruiter', 'reviewer'], serviceWrites: true },
    interview_invitations: { readers: ['owner', 'recruiter', 'reviewer'] },
    adjustments: { readers: ['owner', 'recruiter'] },
  },
  service: [
    'ask_before_start',
    'ask_in_session',
    'look_at_invitation',
    'redeem_invitation',
    'start_for_tenant',
  ],
  members: {
    create_invitation: {
      by: ['owner', 'recruiter'],
      args: ({ tenant }) => ({ p_interview: tenant.interview }),
    },
    revoke_invitation: {
      by: ['owner', 'recruiter'],
      args: ({ invitation }) => ({ p_invitation: invitation.id }),
    },
    resend_invitation: {
      by: ['owner', 'recruiter'],
      args: unused,
    },
    erase_invitation: {
      by: ['owner'],
      args: unused,
    },
    allow_another_device: {
      by: ['owner', 'recruiter'],
      args: ({ session }) => ({ p_session: session }),
    },
  },
  setUp: async (database, tenant) => {
    await invite(database, tenant);
  },
  during: async ({ rpc }, { session, invitation }) => {
    await rpc('ask_before_start', {
      p_invitation_hash: sha256(invitation.token),
      p_device_hash: sha256(invitation.key),
      p_kind: 'human',
      p_note: 'Please call me.',
      p_origin: null,
    });
    await rpc('ask_in_session', { p_session: session, p_kind: 'help', p_note: 'I hear nothing.' });
  },
};
