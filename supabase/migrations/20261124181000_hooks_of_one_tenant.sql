-- Webhooks and holds belong to the tenant of what they hang on, as all other rows do.
alter table public.webhook_endpoints add constraint webhook_endpoints_of_tenant unique (id, tenant_id);
alter table public.webhook_secrets
  drop constraint webhook_secrets_endpoint_id_fkey,
  add constraint webhook_secrets_endpoint_fkey foreign key (endpoint_id, tenant_id)
    references public.webhook_endpoints (id, tenant_id) on delete cascade;
alter table public.webhook_deliveries
  drop constraint webhook_deliveries_endpoint_id_fkey,
  add constraint webhook_deliveries_endpoint_fkey foreign key (endpoint_id, tenant_id)
    references public.webhook_endpoints (id, tenant_id) on delete cascade,
  drop constraint webhook_deliveries_session_id_fkey,
  add constraint webhook_deliveries_session_fkey foreign key (session_id, tenant_id)
    references public.interview_sessions (id, tenant_id) on delete cascade;
alter table public.legal_holds
  drop constraint legal_holds_candidate_id_fkey,
  add constraint legal_holds_candidate_fkey foreign key (candidate_id, tenant_id)
    references public.candidates (id, tenant_id) on delete cascade;
