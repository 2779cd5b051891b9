import type { RealtimeServerEvent } from '@interview/protocol';
import type { FastifyBaseLogger } from 'fastify';

/** Writes down what did not work at the provider, without a word of what was said. */
export function logFailure(event: RealtimeServerEvent, log: FastifyBaseLogger): void {
  // A page asks for an item that is not there to see whether the provider still answers.
  if (event.type === 'error' && event.code !== 'item_retrieve_invalid_item_id') {
    log.info({ code: event.code }, 'the provider objects');
  } else if (event.type === 'response.done' && event.response.status === 'failed') {
    log.warn({ reason: event.response.reason }, 'a response failed');
  }
}
