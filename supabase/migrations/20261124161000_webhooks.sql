-- Webhooks: what a tenant's own systems are told, and what became of telling them. Scheme: standardwebhooks.com.

create table public.webhook_endpoints (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null references public.tenants (id) on delete cascade,
  -- Plain http is for this machine only, and only a local project sends there.
  url text not null constraint webhook_endpoints_url_check check (
    char_length(url) <= 2000 and url ~ '^[\x21-\x7e]+$'
    and url ~ '^(https://[^/?#@\\]+|http://(localhost|127\.0\.0\.1|\[::1\])(:[0-9]{1,5})?)([/?][^#\\]*)?$'
  ),
  types text[] not null constraint webhook_endpoints_types_check check (
    cardinality(types) > 0
    and types <@ array['session.completed', 'session.abandoned', 'report.ready', 'integrity.event']
  ),
  description text check (char_length(description) <= 200),
  created_by uuid references auth.users (id) on delete set null,
  created_at timestamptz not null default now(),
  disabled_at timestamptz,
  -- By an owner, or because the endpoint answered 410: it wants no more.
  disabled_by text constraint webhook_endpoints_disabled_by_check check (disabled_by in ('owner', 'gone')),
  check ((disabled_at is null) = (disabled_by is null))
);
create index webhook_endpoints_tenant on public.webhook_endpoints (tenant_id);
alter table public.webhook_endpoints enable row level security;

-- Several at a time while one is replaced. Apart from the endpoint, because nobody but the service may read them.
create table public.webhook_secrets (
  id bigint generated always as identity primary key,
  tenant_id uuid not null references public.tenants (id) on delete cascade,
  endpoint_id uuid not null references public.webhook_endpoints (id) on delete cascade,
  secret text not null check (secret ~ '^whsec_[A-Za-z0-9+/]{43}=$'),
  created_at timestamptz not null default now(),
  -- Set when a later one took its place.
  expires_at timestamptz
);
create index webhook_secrets_endpoint on public.webhook_secrets (endpoint_id);
create index webhook_secrets_tenant on public.webhook_secrets (tenant_id);
alter table public.webhook_secrets enable row level security;

-- One event for one endpoint. Its id goes out as `webhook-id`, the same at each attempt.
create table public.webhook_deliveries (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null references public.tenants (id) on delete cascade,
  endpoint_id uuid not null references public.webhook_endpoints (id) on delete cascade,
  session_id uuid references public.interview_sessions (id) on delete cascade,
  type text not null,
  -- Protocol WebhookEvent: ids and times, never what anybody said.
  payload jsonb not null,
  status text not null default 'waiting' constraint webhook_deliveries_status_check
    check (status in ('waiting', 'delivered', 'dead')),
  -- All that were made; fences what an earlier run still reports.
  attempts integer not null default 0,
  -- Those in a row that failed since it was wanted.
  failures integer not null default 0,
  -- Of the last attempt: the HTTP status, or why there was none.
  last_status integer,
  last_error text constraint webhook_deliveries_last_error_check check (
    last_error in ('address_refused', 'unresolved', 'timeout', 'unreachable', 'status', 'disabled')
  ),
  created_at timestamptz not null default now(),
  attempted_at timestamptz,
  -- When it is tried again.
  next_at timestamptz
);
create index webhook_deliveries_tenant on public.webhook_deliveries (tenant_id, created_at desc);
create index webhook_deliveries_endpoint on public.webhook_deliveries (endpoint_id, created_at desc);
create index webhook_deliveries_session on public.webhook_deliveries (session_id);
alter table public.webhook_deliveries enable row level security;

revoke all on public.webhook_endpoints, public.webhook_secrets, public.webhook_deliveries
  from anon, authenticated, service_role;
grant select on public.webhook_endpoints, public.webhook_deliveries to authenticated, service_role;
grant select on public.webhook_secrets to service_role;

create policy "Owners see the webhooks of their tenant" on public.webhook_endpoints
  for select to authenticated using (private.is_member(tenant_id, array['owner']));
create policy "Owners see what was delivered to their webhooks" on public.webhook_deliveries
  for select to authenticated using (private.is_member(tenant_id, array['owner']));

-- Events: a delivery and its job in the transaction that made the event, for each endpoint that wants it.

create function private.want_delivery(p_endpoint public.webhook_endpoints, p_session uuid, p_type text, p_data jsonb)
returns uuid
language plpgsql volatile set search_path = ''
as $$
declare
  v_id uuid;
begin
  insert into public.webhook_deliveries (tenant_id, endpoint_id, session_id, type, payload, next_at)
  values (
    p_endpoint.tenant_id, p_endpoint.id, p_session, p_type,
    jsonb_build_object('type', p_type, 'timestamp', private.iso(now()), 'data', p_data), now()
  )
  returning id into v_id;
  perform private.want_job(p_endpoint.tenant_id, p_session, 'deliver_webhook', v_id::text, now());
  return v_id;
end
$$;

create function private.announce(p_session uuid, p_type text, p_data jsonb) returns void
language plpgsql volatile set search_path = ''
as $$
begin
  perform private.want_delivery(e, s.id, p_type, jsonb_build_object(
    'tenant_id', s.tenant_id, 'session_id', s.id, 'session_external_id', s.external_id
  ) || p_data)
  from public.interview_sessions s
  join public.webhook_endpoints e on e.tenant_id = s.tenant_id
  where s.id = p_session and e.disabled_at is null and p_type = any (e.types);
end
$$;

create function private.announce_session() returns trigger
language plpgsql set search_path = ''
as $$
begin
  perform private.announce(new.id, 'session.' || new.status, jsonb_build_object(
    'interview_id', new.interview_id, 'candidate_id', new.candidate_id, 'end_reason', new.end_reason,
    'started_at', private.iso(new.started_at), 'ended_at', private.iso(new.ended_at)
  ));
  return null;
end
$$;
create trigger announce_session after update of status on public.interview_sessions
  for each row when (old.status <> new.status and new.status in ('completed', 'abandoned'))
  execute function private.announce_session();

create function private.announce_report() returns trigger
language plpgsql set search_path = ''
as $$
begin
  if tg_op = 'INSERT' or old.revision <> new.revision then
    perform private.announce(new.session_id, 'report.ready', jsonb_build_object(
      'revision', new.revision, 'transcript_sha256', new.transcript_sha256
    ));
  end if;
  return null;
end
$$;
create trigger announce_report after insert or update on public.interview_reports
  for each row execute function private.announce_report();

-- Without the detail, which may hold what somebody wrote.
create function private.announce_integrity() returns trigger
language plpgsql set search_path = ''
as $$
begin
  perform private.announce(new.session_id, 'integrity.event', jsonb_build_object(
    'event_id', new.id, 'kind', new.kind, 'call_id', new.call_id, 'recorded_at', private.iso(new.recorded_at)
  ));
  return null;
end
$$;
create trigger announce_integrity after insert on public.integrity_events
  for each row execute function private.announce_integrity();

-- Delivery, by the service.

-- What is sent next: {url, secrets, payload, attempt}, newest secret first; null where nothing is to be sent any more.
create function public.webhook_delivery(p_delivery uuid) returns jsonb
language sql stable security definer set search_path = ''
as $$
  select jsonb_build_object(
    'url', e.url, 'payload', d.payload, 'attempt', d.attempts + 1,
    'secrets', (
      select jsonb_agg(s.secret order by s.id desc) from public.webhook_secrets s
      where s.endpoint_id = e.id and (s.expires_at is null or s.expires_at > now())
    )
  )
  from public.webhook_deliveries d
  join public.webhook_endpoints e on e.id = d.endpoint_id
  where d.id = p_delivery and d.status = 'waiting' and e.disabled_at is null
$$;

-- How long to wait after so many failures in a row; null after the last. The specification's example schedule.
create function private.webhook_delay(p_failures integer) returns interval
language sql immutable parallel safe set search_path = ''
as $$
  select (array[
    '5 s', '5 min', '30 min', '2 h', '5 h', '10 h', '14 h', '20 h', '24 h'
  ]::interval[])[p_failures]
$$;

-- Gives up what still waits for an endpoint that gets nothing any more.
create function private.give_up_deliveries(p_endpoint uuid) returns void
language sql volatile set search_path = ''
as $$
  update public.webhook_deliveries set status = 'dead', last_error = 'disabled', next_at = null
  where endpoint_id = p_endpoint and status = 'waiting'
$$;

-- Writes down how attempt `p_attempt` went: its HTTP status, or an error where there was none. → {status}; null where
-- another attempt was written down before. A failure wants the next attempt, up to ten; 410 ends the endpoint.
create function public.record_delivery(p_delivery uuid, p_attempt integer, p_status integer, p_error text) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_row public.webhook_deliveries;
  v_delay interval;
begin
  select * into v_row from public.webhook_deliveries where id = p_delivery for update;
  if v_row.id is null or v_row.status <> 'waiting' or v_row.attempts + 1 <> p_attempt then
    return null;
  end if;
  if p_status between 200 and 299 then
    v_row.status := 'delivered';
  else
    -- Up to a tenth more, so that many that failed together don't come back together.
    v_delay := private.webhook_delay(v_row.failures + 1) * (1 + random() / 10);
    v_row.failures := v_row.failures + 1;
    v_row.status := case when v_delay is null or p_status = 410 then 'dead' else 'waiting' end;
  end if;
  v_row.next_at := case when v_row.status = 'waiting' then now() + v_delay end;
  update public.webhook_deliveries
  set status = v_row.status, attempts = p_attempt, failures = v_row.failures, attempted_at = now(),
    last_status = p_status, next_at = v_row.next_at,
    last_error = case when v_row.status = 'delivered' then null else coalesce(p_error, 'status') end
  where id = p_delivery;
  if v_row.status = 'waiting' then
    perform private.want_job(v_row.tenant_id, v_row.session_id, 'deliver_webhook', p_delivery::text, v_row.next_at);
  elsif p_status = 410 then
    update public.webhook_endpoints set disabled_at = now(), disabled_by = 'gone'
    where id = v_row.endpoint_id and disabled_at is null;
    perform private.give_up_deliveries(v_row.endpoint_id);
  end if;
  return jsonb_build_object('status', v_row.status);
end
$$;

-- What owners do, over the API. Bodies stand behind it, so that nothing in reach of the API runs with more rights than
-- its caller's.

create function private.new_webhook_secret(p_endpoint public.webhook_endpoints) returns text
language sql volatile set search_path = ''
as $$
  insert into public.webhook_secrets (tenant_id, endpoint_id, secret)
  values (
    p_endpoint.tenant_id, p_endpoint.id, 'whsec_' || translate(private.random_token(), '-_', '+/') || '='
  )
  returning secret
$$;

-- The endpoint, locked, where it is one of the caller's own tenant.
create function private.owned_webhook(p_endpoint uuid) returns public.webhook_endpoints
language sql volatile set search_path = ''
as $$
  select e from public.webhook_endpoints e
  where e.id = p_endpoint and private.is_member(e.tenant_id, array['owner'])
  for update
$$;

-- Makes an endpoint: {id, secret}. The secret is in the reply and nowhere else.
-- Errors: forbidden, rate_limited (ten are the most), bad_request.
create function private.create_webhook(p_tenant uuid, p_url text, p_types text[], p_description text) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_row public.webhook_endpoints;
begin
  if not private.is_member(p_tenant, array['owner']) then
    return private.refusal('forbidden');
  end if;
  perform from public.tenants where id = p_tenant for update;
  if (select count(*) from public.webhook_endpoints where tenant_id = p_tenant) >= 10 then
    return private.refusal('rate_limited');
  end if;
  insert into public.webhook_endpoints (tenant_id, url, types, description, created_by)
  values (p_tenant, p_url, p_types, p_description, (select auth.uid()))
  returning * into v_row;
  return jsonb_build_object('id', v_row.id, 'secret', private.new_webhook_secret(v_row));
exception when check_violation or not_null_violation then
  return private.refusal('bad_request');
end
$$;

-- Changes what is not null. Switching it off gives up what waits. Errors: forbidden, bad_request.
create function private.change_webhook(
  p_endpoint uuid, p_url text, p_types text[], p_description text, p_enabled boolean
) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_row public.webhook_endpoints := private.owned_webhook(p_endpoint);
begin
  if v_row.id is null then
    return private.refusal('forbidden');
  end if;
  update public.webhook_endpoints
  set url = coalesce(p_url, url), types = coalesce(p_types, types),
    description = coalesce(p_description, description),
    disabled_at = case p_enabled when true then null when false then coalesce(disabled_at, now()) else disabled_at end,
    disabled_by = case p_enabled when true then null when false then 'owner' else disabled_by end
  where id = p_endpoint;
  if p_enabled = false then
    perform private.give_up_deliveries(p_endpoint);
  end if;
  return jsonb_build_object('ok', true);
exception when check_violation then
  return private.refusal('bad_request');
end
$$;

-- Forgets an endpoint with all that was delivered to it. Errors: forbidden.
create function private.delete_webhook(p_endpoint uuid) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_row public.webhook_endpoints := private.owned_webhook(p_endpoint);
begin
  if v_row.id is null then
    return private.refusal('forbidden');
  end if;
  delete from public.webhook_endpoints where id = p_endpoint;
  return jsonb_build_object('ok', true);
end
$$;

-- Makes a new secret: {secret}. For `p_keep_s` seconds, a day by default, events are signed with the former ones too; 0
-- ends them at once. Errors: forbidden, rate_limited (five at a time are the most), bad_request.
create function private.rotate_webhook_secret(p_endpoint uuid, p_keep_s integer) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_row public.webhook_endpoints := private.owned_webhook(p_endpoint);
begin
  if v_row.id is null then
    return private.refusal('forbidden');
  elsif p_keep_s is null or p_keep_s not between 0 and 2592000 then
    return private.refusal('bad_request');
  end if;
  update public.webhook_secrets
  set expires_at = least(expires_at, now() + make_interval(secs => p_keep_s))
  where endpoint_id = p_endpoint;
  delete from public.webhook_secrets where endpoint_id = p_endpoint and expires_at <= now();
  if (select count(*) from public.webhook_secrets where endpoint_id = p_endpoint) >= 5 then
    return private.refusal('rate_limited');
  end if;
  return jsonb_build_object('secret', private.new_webhook_secret(v_row));
end
$$;

-- Sends a `webhook.test` event, whatever types the endpoint wants: {delivery_id}. What became of it stands in
-- webhook_deliveries. Errors: forbidden, unsupported (it is switched off), rate_limited (ten a minute).
create function private.test_webhook(p_endpoint uuid) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_row public.webhook_endpoints := private.owned_webhook(p_endpoint);
begin
  if v_row.id is null then
    return private.refusal('forbidden');
  elsif v_row.disabled_at is not null then
    return private.refusal('unsupported');
  elsif (
    select count(*) from public.webhook_deliveries
    where endpoint_id = p_endpoint and type = 'webhook.test' and created_at > now() - interval '1 minute'
  ) >= 10 then
    return private.refusal('rate_limited');
  end if;
  return jsonb_build_object('delivery_id', private.want_delivery(v_row, null, 'webhook.test', jsonb_build_object(
    'tenant_id', v_row.tenant_id, 'endpoint_id', v_row.id
  )));
end
$$;

-- Sends a delivery once more, from the first attempt on, under its old id. Errors: forbidden, unsupported (the endpoint
-- is switched off). What waits is sent now.
create function private.replay_delivery(p_delivery uuid) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_row public.webhook_endpoints := private.owned_webhook(
    (select endpoint_id from public.webhook_deliveries where id = p_delivery)
  );
begin
  if v_row.id is null then
    return private.refusal('forbidden');
  elsif v_row.disabled_at is not null then
    return private.refusal('unsupported');
  end if;
  perform private.want_job(tenant_id, session_id, 'deliver_webhook', id::text, now())
  from public.webhook_deliveries where id = p_delivery;
  update public.webhook_deliveries set status = 'waiting', failures = 0, next_at = now()
  where id = p_delivery;
  return jsonb_build_object('ok', true);
end
$$;

create function public.create_webhook(p_tenant uuid, p_url text, p_types text[], p_description text default null)
returns jsonb
language sql volatile security invoker set search_path = ''
as $$ select private.create_webhook(p_tenant, p_url, p_types, p_description) $$;

create function public.change_webhook(
  p_endpoint uuid, p_url text default null, p_types text[] default null, p_description text default null,
  p_enabled boolean default null
) returns jsonb
language sql volatile security invoker set search_path = ''
as $$ select private.change_webhook(p_endpoint, p_url, p_types, p_description, p_enabled) $$;

create function public.delete_webhook(p_endpoint uuid) returns jsonb
language sql volatile security invoker set search_path = ''
as $$ select private.delete_webhook(p_endpoint) $$;

create function public.rotate_webhook_secret(p_endpoint uuid, p_keep_s integer default 86400) returns jsonb
language sql volatile security invoker set search_path = ''
as $$ select private.rotate_webhook_secret(p_endpoint, p_keep_s) $$;

create function public.test_webhook(p_endpoint uuid) returns jsonb
language sql volatile security invoker set search_path = ''
as $$ select private.test_webhook(p_endpoint) $$;

create function public.replay_delivery(p_delivery uuid) returns jsonb
language sql volatile security invoker set search_path = ''
as $$ select private.replay_delivery(p_delivery) $$;

revoke all on function
  private.want_delivery(public.webhook_endpoints, uuid, text, jsonb), private.announce(uuid, text, jsonb),
  private.announce_session(), private.announce_report(), private.announce_integrity(),
  private.webhook_delay(integer), private.give_up_deliveries(uuid),
  private.new_webhook_secret(public.webhook_endpoints), private.owned_webhook(uuid),
  public.webhook_delivery(uuid), public.record_delivery(uuid, integer, integer, text),
  private.create_webhook(uuid, text, text[], text), public.create_webhook(uuid, text, text[], text),
  private.change_webhook(uuid, text, text[], text, boolean), public.change_webhook(uuid, text, text[], text, boolean),
  private.delete_webhook(uuid), public.delete_webhook(uuid),
  private.rotate_webhook_secret(uuid, integer), public.rotate_webhook_secret(uuid, integer),
  private.test_webhook(uuid), public.test_webhook(uuid),
  private.replay_delivery(uuid), public.replay_delivery(uuid)
from public, anon, authenticated;
grant execute on function public.webhook_delivery(uuid), public.record_delivery(uuid, integer, integer, text)
to service_role;
grant execute on function
  private.create_webhook(uuid, text, text[], text), public.create_webhook(uuid, text, text[], text),
  private.change_webhook(uuid, text, text[], text, boolean), public.change_webhook(uuid, text, text[], text, boolean),
  private.delete_webhook(uuid), public.delete_webhook(uuid),
  private.rotate_webhook_secret(uuid, integer), public.rotate_webhook_secret(uuid, integer),
  private.test_webhook(uuid), public.test_webhook(uuid),
  private.replay_delivery(uuid), public.replay_delivery(uuid)
to authenticated;
