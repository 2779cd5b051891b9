import type { Domain, Interview } from '../api.ts';
import type { Database } from '../database.ts';

const key = async ({ tenant }: Interview, { sql }: Database) => {
  const [row] = await sql('select id from public.tenant_api_keys where tenant_id = $1', tenant.id);
  return { p_key: row?.['id'] };
};

export const domain: Domain = {
  members: {
    create_api_key: {
      by: ['owner'],
      args: ({ tenant }) => ({
        p_tenant: tenant.id,
        p_name: 'Our site',
        p_scopes: '{sessions:start}',
      }),
    },
    rotate_api_key: { by: ['owner'], args: key },
    revoke_api_key: { by: ['owner'], args: key },
  },
};
