import type { Domain } from '../api.ts';
import { invite } from '../world.ts';

/** What is decided about sessions before and while they run: consents taken back, more time, how many there may be. */
export const domain: Domain = {
  relations: {
    consents_current: { readers: ['owner', 'recruiter', 'reviewer', 'candidate'] },
    adjustment_decisions: { readers: ['owner', 'recruiter'], stands: 'mode' },
  },
  service: [
    'ask_for_tenant',
    'call_hung_up',
    'claim_hangups',
    'invite_for_tenant',
    'look_for_tenant',
    'withdraw_by_invitation',
    'withdraw_for_tenant',
    'withdraw_in_session',
  ],
  members: {
    withdraw_consent: {
      by: ['candidate'],
      args: ({ session }) => ({ p_session: session, p_purposes: ['other_roles'] }),
    },
    decide_adjustment: {
      by: ['owner', 'recruiter'],
      args: ({ session }) => ({ p_session: session, p_multiplier: '1.5' }),
    },
    set_limits: {
      by: ['owner'],
      args: ({ tenant }) => ({ p_tenant: tenant.id, p_limits: { max_attempts: 20 } }),
    },
  },
  setUp: async (database, tenant) => {
    const { id } = await invite(database, tenant);
    const decision = { p_invitation: id, p_multiplier: '1.25' };
    await database.rpcAs({ user: tenant.recruiter }, 'decide_adjustment', decision);
  },
};
