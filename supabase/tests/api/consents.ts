import type { Domain } from '../api.ts';

export const domain: Domain = {
  relations: {
    consents: { readers: ['owner', 'recruiter', 'reviewer', 'candidate'], stands: 'granted' },
    consents_current: { readers: ['owner', 'recruiter', 'reviewer', 'candidate'] },
  },
  service: ['withdraw_by_invitation', 'withdraw_for_tenant', 'withdraw_in_session'],
  members: {
    withdraw_consent: {
      by: ['candidate'],
      args: ({ session }) => ({ p_session: session, p_purposes: ['other_roles'] }),
    },
  },
};
