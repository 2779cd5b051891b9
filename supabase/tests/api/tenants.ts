import type { Domain } from '../api.ts';

export const domain: Domain = {
  relations: {
    tenants: { readers: ['owner', 'recruiter', 'reviewer'], serviceWrites: true },
    tenant_members: { readers: ['owner', 'recruiter', 'reviewer'], serviceWrites: true },
    tenant_api_keys: { readers: ['owner'], hidden: ['key_hash'], serviceWrites: true },
  },
  service: ['add_tenant_member'],
  predicates: ['is_candidate', 'is_member', 'my_candidates', 'my_sessions', 'my_tenants'],
};
