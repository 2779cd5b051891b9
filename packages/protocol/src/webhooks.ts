import * as z from 'zod/mini';
import { EndReason, Sha256 } from './session.ts';

/**
 * What an endpoint may ask to be told.
 *
 * @example
 * const everything = WebhookType.options;
 */
export const WebhookType = z.enum([
  'session.completed',
  'session.abandoned',
  'report.ready',
  'integrity.event',
]);
export type WebhookType = z.infer<typeof WebhookType>;

/** ISO 8601, UTC. */
const time = z.iso.datetime();
const session = {
  tenant_id: z.uuid(),
  session_id: z.uuid(),
  /** The id that the tenant's own backend gave the session, or null. */
  session_external_id: z.nullable(z.string()),
};
const sessionEnd = z.object({
  ...session,
  interview_id: z.uuid(),
  candidate_id: z.uuid(),
  end_reason: z.nullable(EndReason),
  started_at: z.nullable(time),
  ended_at: time,
});

/**
 * Body of a webhook request. It holds ids and times, never what anybody said: read what it is about from the database.
 * Ignore types and fields that you don't know; later versions add some.
 *
 * @example
 * const event = WebhookEvent.parse(new Webhook(secret).verify(body, headers));
 * if (event.type === 'report.ready') queue.add(event.data.session_id);
 */
export const WebhookEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('session.completed'), timestamp: time, data: sessionEnd }),
  /** Nobody ended it, and its time is long past. */
  z.object({ type: z.literal('session.abandoned'), timestamp: time, data: sessionEnd }),
  /** The conversation was settled, or settled anew because rows came late: then `revision` is higher. */
  z.object({
    type: z.literal('report.ready'),
    timestamp: time,
    data: z.object({ ...session, revision: z.int(), transcript_sha256: Sha256 }),
  }),
  z.object({
    type: z.literal('integrity.event'),
    timestamp: time,
    data: z.object({
      ...session,
      event_id: z.int(),
      /** What happened, such as `sequence_conflict`; its detail stands in `integrity_events`. */
      kind: z.string(),
      call_id: z.nullable(z.uuid()),
      recorded_at: time,
    }),
  }),
  /** An owner asked for it. */
  z.object({
    type: z.literal('webhook.test'),
    timestamp: time,
    data: z.object({ tenant_id: z.uuid(), endpoint_id: z.uuid() }),
  }),
]);
export type WebhookEvent = z.infer<typeof WebhookEvent>;
