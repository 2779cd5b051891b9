-- The provider took the call. {ok: false, writer_id} where the call was closed meanwhile: a newer offer of that page
-- load knew no name to hang it up by, so whoever is told this does. The name is kept then too, for `claim_hangups`: who is
-- told may die before. Errors: call_not_found.
create or replace function public.call_answered(p_call uuid, p_provider_call_id text) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_call public.session_calls;
begin
  update public.session_calls
  set provider_call_id = p_provider_call_id, answered_at = coalesce(answered_at, now())
  where id = p_call
  returning * into v_call;
  if v_call.id is null then
    return private.refusal('call_not_found');
  end if;
  return jsonb_build_object(
    'ok', v_call.closed_at is null,
    'writer_id', case when v_call.closed_at is null then v_call.writer_id
      else private.actor(v_call.session_id) end
  );
end
$$;
