import { DELIVERY_GRACE_S, SessionWithdrawRequest, WithdrawReply } from '@interview/protocol';
import { call } from '../_shared/database.ts';
import { parse, Refusal } from '../_shared/refusal.ts';
import { readSessionToken } from '../_shared/session-token.ts';
import type { StartDependencies } from './handler.ts';

/** Takes consents back for whoever holds a session's token, for as long as that still delivers. */
export async function withdrawByToken(
  deps: StartDependencies,
  token: string,
  body: unknown,
  origin: string | null,
): Promise<WithdrawReply> {
  const { purposes } = parse(SessionWithdrawRequest, body);
  const secrets = [deps.jwtSecret, deps.jwtSecretPrevious].filter((secret) => secret !== null);
  const keys = { secrets, published: deps.publishedKeys ?? null };
  const claims = await readSessionToken(token, keys, deps.now(), DELIVERY_GRACE_S);
  if (origin !== null && !claims.org.includes(origin)) throw new Refusal('origin_not_allowed');
  const args = { p_session: claims.sid, p_purposes: purposes };
  return call(deps.rpc, 'withdraw_in_session', args, WithdrawReply);
}
