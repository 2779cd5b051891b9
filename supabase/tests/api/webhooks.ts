import type { Domain, Interview } from '../api.ts';
import type { Database } from '../database.ts';

const endpoint = async ({ tenant }: Interview, { sql }: Database) => {
  const [row] = await sql(
    'select id from public.webhook_endpoints where tenant_id = $1',
    tenant.id,
  );
  return { p_endpoint: row?.['id'] };
};

export const domain: Domain = {
  relations: {
    webhook_endpoints: { readers: ['owner'] },
    webhook_secrets: { readers: [] },
    webhook_deliveries: { readers: ['owner'] },
  },
  service: ['record_delivery', 'webhook_delivery'],
  members: {
    create_webhook: {
      by: ['owner'],
      args: ({ tenant }) => ({
        p_tenant: tenant.id,
        p_url: 'https://other.example/',
        p_types: '{report.ready}',
      }),
    },
    change_webhook: { by: ['owner'], args: endpoint },
    delete_webhook: { by: ['owner'], args: endpoint },
    rotate_webhook_secret: { by: ['owner'], args: endpoint },
    test_webhook: { by: ['owner'], args: endpoint },
    replay_delivery: {
      by: ['owner'],
      args: async ({ tenant }, { sql }) => {
        const [row] = await sql(
          'select id from public.webhook_deliveries where tenant_id = $1 limit 1',
          tenant.id,
        );
        return { p_delivery: row?.['id'] };
      },
    },
  },
  setUp: async ({ rpcAs }, { id, owner }) => {
    await rpcAs({ user: owner }, 'create_webhook', {
      p_tenant: id,
      p_url: 'https://hooks.example/',
      p_types: '{session.completed}',
    });
  },
};
