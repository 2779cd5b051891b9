import type { Domain, Interview } from '../api.ts';
import type { Database } from '../database.ts';

const key = async ({ tenant }: Interview, { sql }: Database) => {
  const [row] = await sql('select id from public.tenant_api_keys where tenant_id = $1', tenant.id);
  return { p_key: row?.['id'] };
};

export const domain: Domain = {
  relations: {
    tenants: { readers: ['owner', 'recruiter', 'reviewer'], serviceWrites: true },
    tenant_members: { readers: ['owner', 'recruiter', 'reviewer'], serviceWrites: true },
    tenant_api_keys: { readers: ['owner'], hidden: ['key_hash'], serviceWrites: true },
  },
  service: ['add_tenant_member'],
  members: {
    create_api_key: {
      by: ['owner'],
      args: ({ tenant }) => ({
        p_tenant: tenant.id,
        p_name: 'Careers',
        p_scopes: '{sessions:start}',
      }),
    },
    rotate_api_key: { by: ['owner'], args: key },
    revoke_api_key: { by: ['owner'], args: key },
    set_limits: {
      by: ['owner'],
      args: ({ tenant }) => ({ p_tenant: tenant.id, p_limits: { max_attempts: 3 } }),
    },
  },
  predicates: ['is_candidate', 'is_member', 'my_candidates', 'my_sessions', 'my_tenants'],
};
