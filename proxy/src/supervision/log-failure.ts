import type { RealtimeServerEvent } from '@interview/protocol';
import type { FastifyBaseLogger } from 'fastify';

/** Objections that mean nothing. */
const EXPECTED = new Set([
  // A page asks for an item that is not there to see whether the provider still answers.
  'item_retrieve_invalid_item_id',
  // Whoever cuts does not know whether anything runs.
  'response_cancel_not_active',
  // After a gap what may have got lost is sent again.
  'item_create_duplicate_item_id',
]);

/** Writes down what did not work at the provider, without a word of what was said. */
export function logFailure(event: RealtimeServerEvent, log: FastifyBaseLogger): void {
  if (event.type === 'error' && !(event.code !== null && EXPECTED.has(event.code))) {
    log.info({ code: event.code }, 'the provider objects');
  } else if (event.type === 'response.done' && event.response.status === 'failed') {
    log.warn({ reason: event.response.reason }, 'a response failed');
  }
}
