import type { Run } from './job.ts';

/** Deletes what a tenant no longer keeps of a class of data; the database wants it again by itself. */
export const retain: Run = async ({ rpc }, job) => {
  await rpc('retain', { p_tenant: job.tenant_id, p_class: job.subject });
};
