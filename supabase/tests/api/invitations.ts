import type { Domain } from '../api.ts';
import { invite, sha256 } from '../world.ts';

export const domain: Domain = {
  relations: {
    interview_invitations: { readers: ['owner', 'recruiter', 'reviewer'] },
    adjustments: { readers: ['owner', 'recruiter'] },
    adjustment_decisions: { readers: ['owner', 'recruiter'], stands: 'multiplier' },
  },
  service: [
    'ask_before_start',
    'ask_for_tenant',
    'ask_in_session',
    'invite_for_tenant',
    'look_at_invitation',
    'look_for_tenant',
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
      args: ({ invitation }) => ({ p_invitation: invitation.id }),
    },
    erase_invitation: {
      by: ['owner'],
      args: ({ invitation }) => ({ p_invitation: invitation.id }),
    },
    decide_adjustment: {
      by: ['owner', 'recruiter'],
      args: ({ session }) => ({ p_multiplier: '2', p_session: session }),
    },
    allow_another_device: {
      by: ['owner', 'recruiter'],
      args: ({ session }) => ({ p_session: session }),
    },
  },
  // Once an interview has begun, nothing is decided about it any more.
  setUp: async (database, tenant) => {
    const { id } = await invite(database, tenant);
    await database.rpcAs({ user: tenant.recruiter }, 'decide_adjustment', {
      p_multiplier: '1.5',
      p_invitation: id,
    });
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
