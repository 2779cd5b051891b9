import type { Domain } from '../api.ts';
import { sha256 } from '../world.ts';

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
    allow_another_device: {
      by: ['owner', 'recruiter'],
      args: ({ session }) => ({ p_session: session }),
    },
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
