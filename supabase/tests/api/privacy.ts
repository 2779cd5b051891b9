import type { Domain, Interview } from '../api.ts';
import type { Database } from '../database.ts';

const candidate = async ({ session }: Interview, { sql }: Database) => {
  const [row] = await sql(
    'select candidate_id from public.interview_sessions where id = $1',
    session,
  );
  return { p_candidate: row?.['candidate_id'] };
};

export const domain: Domain = {
  relations: {
    retention_periods: { readers: ['owner', 'recruiter', 'reviewer'] },
    legal_holds: { readers: ['owner'] },
    erasures: { readers: ['owner'] },
  },
  service: ['retain'],
  members: {
    export_candidate: { by: ['owner'], args: candidate },
    erase_candidate: { by: ['owner'], args: candidate },
    place_hold: {
      by: ['owner'],
      args: async (interview, database) => ({
        ...(await candidate(interview, database)),
        p_reason: 'A complaint.',
      }),
    },
    release_hold: {
      by: ['owner'],
      args: async ({ tenant }, { sql }) => {
        const [row] = await sql(
          'select id from public.legal_holds where tenant_id = $1',
          tenant.id,
        );
        return { p_hold: row?.['id'] };
      },
    },
    set_retention: {
      by: ['owner'],
      args: ({ tenant }) => ({ p_tenant: tenant.id, p_class: 'report', p_days: 90 }),
    },
  },
  // Of two more people one is forgotten, and of the other all must stay.
  setUp: async ({ sql, rpcAs }, { id, owner }) => {
    const as = { user: owner };
    const [forgotten, held] = await sql(
      'insert into public.candidates (tenant_id) values ($1), ($1) returning id',
      id,
    );
    await rpcAs(as, 'erase_candidate', { p_candidate: forgotten?.['id'] });
    await rpcAs(as, 'place_hold', { p_candidate: held?.['id'], p_reason: 'A complaint.' });
    await rpcAs(as, 'set_retention', { p_tenant: id, p_class: 'transcript', p_days: 30 });
  },
};
