import { setTimeout } from 'node:timers/promises';
import type { ClientMessage, ServerMessage } from '@interview/protocol';
import { ProxyError } from '../proxy-error.ts';
import type { LiveSession } from './live-session.ts';

/** Between two looks for the reply, milliseconds. */
const LOOK_MS = 150;
/** A holder that says nothing for so long is gone, or too busy to be waited for, milliseconds. */
const PATIENCE_MS = 8_000;

const forHolder = new Set<ClientMessage['type']>([
  'connected',
  'trouble',
  'muted',
  'action',
  'text',
  'pause',
  'unpause',
  'complete',
]);

/**
 * Hands a message to the process that supervises the session's call, where that is another one, and waits for its reply.
 * Returns undefined where this process may answer itself.
 *
 * @throws {ProxyError} the holder's refusal; `supervision_unavailable` where it does not answer
 */
export async function forward(
  session: LiveSession,
  message: ClientMessage,
): Promise<ServerMessage | null | undefined> {
  if (session.call !== null || !forHolder.has(message.type)) return undefined;
  const { storage } = session.services;
  const id = await storage.sendCommand(session.id, message);
  if (id === null) return undefined;
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    await setTimeout(LOOK_MS);
    const last = Date.now() >= until;
    const reply = await storage.commandReply(id, last);
    if (reply && 'message' in reply) return reply.message;
    if (reply) throw new ProxyError(reply.error.code, reply.error.message);
    if (last) {
      throw new ProxyError(
        'supervision_unavailable',
        'The interviewer can not be reached just now. Try again.',
      );
    }
  }
}
