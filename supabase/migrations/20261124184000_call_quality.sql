-- What a call was made with, and how its media fared: written beside the call by the proxy, summed up on its session.

alter table public.session_calls
  -- Where the proxy that opened it stands, and which machine of it; null where nobody says.
  add column region text check (char_length(region) between 1 and 64),
  add column machine_id text check (char_length(machine_id) between 1 and 128),
  add column model text check (char_length(model) between 1 and 128),
  -- Since when the candidate's page has had no media; null while it has.
  add column troubled_at timestamptz,
  -- How often that began.
  add column troubles integer not null default 0,
  -- {samples, at, rtt_ms, jitter_ms, loss, concealed, rating: {n, mean, min, max, last}, warnings: {name: n}}
  add column quality jsonb not null default '{}'
    check (jsonb_typeof(quality) = 'object' and octet_length(quality::text) <= 4096),
  -- As RTCPeerConnection names them, as far as a server knows: it follows from the times and can't be anything else.
  add column connection_state text not null generated always as (case
    when closed_at is not null then case when connected_at is null then 'failed' else 'closed' end
    when connected_at is null then 'connecting'
    when troubled_at is not null then 'disconnected'
    else 'connected'
  end) stored constraint session_calls_connection_state_check
    check (connection_state in ('new', 'connecting', 'connected', 'disconnected', 'failed', 'closed'));

-- Of the newest call, but for the sums: attempts is how many calls were opened, quality is over all of them.
alter table public.interview_sessions
  add column connection_state text not null default 'new' constraint interview_sessions_connection_state_check
    check (connection_state in ('new', 'connecting', 'connected', 'disconnected', 'failed', 'closed')),
  add column provider text,
  add column model text,
  add column region text,
  add column machine_id text,
  -- When media first flowed in the newest call that had any; `started_at` is of the first.
  add column connected_at timestamptz,
  add column attempts integer not null default 0,
  add column quality jsonb not null default '{}'
    check (jsonb_typeof(quality) = 'object' and octet_length(quality::text) <= 4096);

update public.interview_sessions s
set connection_state = c.connection_state, provider = c.provider, connected_at = c.connected_at, attempts = c.ordinal
from (select distinct on (session_id) * from public.session_calls order by session_id, ordinal desc) c
where c.session_id = s.id;

-- Whoever changes a call holds its session's row by then, but for `call_answered`, which changes none of these.
create function private.follow_call() returns trigger
language plpgsql set search_path = ''
as $$
begin
  update public.interview_sessions
  set connection_state = new.connection_state, provider = new.provider, model = new.model, region = new.region,
    machine_id = new.machine_id, connected_at = coalesce(new.connected_at, connected_at), attempts = new.ordinal
  where id = new.session_id and attempts <= new.ordinal;
  return null;
end
$$;
create trigger session_follows_new_call after insert on public.session_calls
  for each row execute function private.follow_call();
create trigger session_follows_call after update on public.session_calls
  for each row when (old.connection_state <> new.connection_state) execute function private.follow_call();

-- A page says that it is connected when its media are back too.
create function private.end_trouble() returns trigger
language plpgsql set search_path = ''
as $$
begin
  new.troubled_at := null;
  return new;
end
$$;
create trigger connected_ends_trouble before update of connected_at on public.session_calls
  for each row when (old.troubled_at is not null) execute function private.end_trouble();

-- Whether a value is a number between zero and a bound.
create function private.is_within(p_value jsonb, p_most numeric) returns boolean
language sql immutable set search_path = ''
as $$
  select case when jsonb_typeof(p_value) = 'number' then (p_value)::numeric between 0 and p_most else false end
$$;

-- Whether a page's report is one: known figures within what they can be, milliseconds, shares and a rating of 1 to 5.
create function private.is_quality(p_quality jsonb) returns boolean
language sql immutable set search_path = ''
as $$
  select jsonb_typeof(p_quality) = 'object' and not exists (
    select from jsonb_each(case jsonb_typeof(p_quality) when 'object' then p_quality else '{}' end) f
    where case f.key
      when 'rtt_ms' then not private.is_within(f.value, 60000)
      when 'jitter_ms' then not private.is_within(f.value, 60000)
      when 'loss' then not private.is_within(f.value, 1)
      when 'concealed' then not private.is_within(f.value, 1)
      when 'rating' then f.value not in ('1', '2', '3', '4', '5')
      when 'warnings' then jsonb_typeof(f.value) <> 'array' or jsonb_array_length(f.value) > 8 or exists (
        select from jsonb_array_elements(f.value) w
        where jsonb_typeof(w) <> 'string' or w #>> '{}' !~ '^[a-z_]{1,32}$'
      )
      else true
    end
  )
$$;

-- A sum of reports with one more. Of warnings no more than sixteen kinds are told apart.
create function private.with_sample(p_sum jsonb, p_quality jsonb) returns jsonb
language plpgsql stable set search_path = ''
as $$
declare
  v_sum jsonb := p_sum || jsonb_build_object(
    'samples', coalesce((p_sum ->> 'samples')::integer, 0) + 1, 'at', private.iso(now())
  );
  v_warnings jsonb := coalesce(p_sum -> 'warnings', '{}');
  v_name text;
  v_value numeric;
  v_n integer;
begin
  for v_name, v_value in
    select key, (value)::numeric from jsonb_each(p_quality) where key <> 'warnings'
  loop
    v_n := coalesce((p_sum #>> array[v_name, 'n'])::integer, 0) + 1;
    v_sum := v_sum || jsonb_build_object(v_name, jsonb_build_object(
      'n', v_n,
      'mean', round(v_value / v_n + coalesce((p_sum #>> array[v_name, 'mean'])::numeric, 0) * (v_n - 1) / v_n, 4),
      'min', least((p_sum #>> array[v_name, 'min'])::numeric, round(v_value, 4)),
      'max', greatest((p_sum #>> array[v_name, 'max'])::numeric, round(v_value, 4)),
      'last', round(v_value, 4)
    ));
  end loop;
  for v_name in select distinct value from jsonb_array_elements_text(coalesce(p_quality -> 'warnings', '[]')) loop
    if v_warnings ? v_name or (select count(*) from jsonb_object_keys(v_warnings)) < 16 then
      v_warnings := v_warnings || jsonb_build_object(v_name, coalesce((v_warnings ->> v_name)::integer, 0) + 1);
    end if;
  end loop;
  return v_sum || jsonb_build_object('warnings', v_warnings);
end
$$;

-- Adds a page's report to the session's live call. {ok: false} where there is none. Errors: bad_request.
create function public.record_quality(p_session uuid, p_quality jsonb) returns jsonb
language plpgsql security definer set search_path = ''
as $$
begin
  if not coalesce(private.is_quality(p_quality), false) then
    return private.refusal('bad_request');
  end if;
  perform from public.interview_sessions where id = p_session for update;
  update public.session_calls set quality = private.with_sample(quality, p_quality)
  where session_id = p_session and closed_at is null and connected_at is not null;
  if not found then
    return jsonb_build_object('ok', false);
  end if;
  update public.interview_sessions set quality = private.with_sample(quality, p_quality) where id = p_session;
  return jsonb_build_object('ok', true);
end
$$;

-- The page of a live call has had no media for so long, milliseconds. {ok: false} where it is over or never had any.
create function public.record_trouble(p_call uuid, p_since_ms bigint) returns jsonb
language plpgsql security definer set search_path = ''
as $$
begin
  perform from public.interview_sessions s
  join public.session_calls c on c.session_id = s.id
  where c.id = p_call
  for update of s;
  update public.session_calls
  set troubles = troubles + (troubled_at is null)::integer,
    -- It is told again on each new connection: the first time counts. No page knows of a time before it had media.
    troubled_at = coalesce(troubled_at, greatest(
      connected_at, now() - make_interval(secs => least(greatest(p_since_ms, 0), 86400000) / 1000.0)
    ))
  where id = p_call and closed_at is null and connected_at is not null;
  return jsonb_build_object('ok', found);
end
$$;

-- Another signature and not a second one beside it: the API could not tell the two apart.
drop function public.open_call(uuid, text, text, text, text, boolean);

-- Opens a call, or finds the one that the same offer opened. The session's former call is closed with it. `p_own_page`
-- tells whether a page of ours made the offer; `p_model`, `p_region` and `p_machine` what the call is made with and where.
-- → {call_id, ordinal, former:[{call_id, provider, provider_call_id}], time_left_s, repeated?, provider_call_id?}
-- Errors: not_found, session_ended, session_limit, rate_limited (the tenant has too many calls), bad_request.
create function public.open_call(
  p_session uuid, p_offer_id text, p_writer text, p_reason text, p_provider text,
  p_own_page boolean default true, p_model text default null, p_region text default null, p_machine text default null
) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_session public.interview_sessions;
  v_call public.session_calls;
  v_former jsonb;
  v_time_left interval;
begin
  select * into v_session from public.interview_sessions where id = p_session for update;
  if v_session.id is null then
    return private.refusal('not_found');
  end if;
  select * into v_call from public.session_calls where session_id = p_session and offer_id = p_offer_id;
  if v_call.id is not null then
    return jsonb_build_object(
      'call_id', v_call.id, 'ordinal', v_call.ordinal, 'former', '[]'::jsonb,
      'repeated', true, 'provider_call_id', v_call.provider_call_id
    );
  end if;
  if v_session.status not in ('created', 'active') or v_session.deadline_at + private.overtime() < now() then
    return private.refusal('session_ended');
  end if;
  v_time_left := private.time_left(v_session);
  if v_time_left <= interval '0'
    or (select count(*) from public.session_calls where session_id = p_session) >= private.max_calls() then
    return private.refusal('session_limit');
  end if;
  -- Last of all locks, so that offers of one tenant are counted one after the other and never wait in a circle.
  perform pg_advisory_xact_lock(hashtextextended('live calls of ' || v_session.tenant_id, 0));
  if (
    select count(*)
    from public.session_calls c
    join public.interview_sessions s on s.id = c.session_id
    where c.tenant_id = v_session.tenant_id and c.closed_at is null and c.session_id <> p_session
      and private.call_end(c, s.deadline_at) >= now()
  ) >= (select max_live_calls from public.tenants where id = v_session.tenant_id) then
    return private.refusal('rate_limited');
  end if;
  with closed as (
    update public.session_calls set closed_at = now(), close_reason = 'superseded'
    where session_id = p_session and closed_at is null
    returning id, ordinal, provider, provider_call_id
  )
  select coalesce(jsonb_agg(jsonb_build_object(
    'call_id', id, 'provider', provider, 'provider_call_id', provider_call_id
  ) order by ordinal), '[]') into v_former from closed;
  insert into public.session_calls
    (tenant_id, session_id, ordinal, offer_id, writer_id, reason, provider, own_page, model, region, machine_id)
  values (
    v_session.tenant_id, p_session,
    (select coalesce(max(ordinal), 0) + 1 from public.session_calls where session_id = p_session),
    p_offer_id, p_writer, p_reason, p_provider, coalesce(p_own_page, true), p_model, p_region, p_machine
  )
  returning * into v_call;
  return jsonb_build_object(
    'call_id', v_call.id, 'ordinal', v_call.ordinal, 'former', v_former,
    'time_left_s', floor(extract(epoch from v_time_left))
  );
exception when check_violation or not_null_violation then
  return private.refusal('bad_request');
end
$$;

revoke all on function
  private.follow_call(), private.end_trouble(), private.is_within(jsonb, numeric), private.is_quality(jsonb),
  private.with_sample(jsonb, jsonb), public.record_quality(uuid, jsonb), public.record_trouble(uuid, bigint),
  public.open_call(uuid, text, text, text, text, boolean, text, text, text)
from public, anon, authenticated;
grant execute on function
  public.record_quality(uuid, jsonb), public.record_trouble(uuid, bigint),
  public.open_call(uuid, text, text, text, text, boolean, text, text, text)
to service_role;
