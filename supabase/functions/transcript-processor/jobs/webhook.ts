import { Webhook } from 'standardwebhooks';
import * as z from 'zod/mini';
import { call } from '../../_shared/database.ts';
import { postWebhook } from '../webhooks/post-webhook.ts';
import type { Run } from './job.ts';

const Delivery = z.nullable(
  z.object({
    url: z.url(),
    payload: z.unknown(),
    attempt: z.int(),
    /** The newest first. */
    secrets: z.array(z.string()),
  }),
);

/**
 * Makes one attempt at a delivery, by standardwebhooks.com. How it went is written down, and with it when the next one
 * is due: a failure of the receiver is none of the job. An attempt that could not be written down is made again, so
 * receivers know events by `webhook-id`.
 */
export const deliverWebhook: Run = async ({ rpc, local, resolve, now }, job) => {
  const p_delivery = job.subject;
  const delivery = await call(rpc, 'webhook_delivery', { p_delivery }, Delivery);
  if (delivery === null) return;
  const { url, attempt, secrets } = delivery;
  const body = JSON.stringify(delivery.payload);
  const id = `msg_${p_delivery.replaceAll('-', '')}`;
  const at = new Date(now());
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'interview-room-webhooks/1',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, at, body)).join(' '),
  };
  const { status, error } = await postWebhook(new URL(url), headers, body, { local, resolve });
  const outcome = { p_attempt: attempt, p_status: status, p_error: error };
  await rpc('record_delivery', { p_delivery, ...outcome });
};
