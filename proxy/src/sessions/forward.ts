import { storableText, type ClientMessage, type ServerMessage } from '@interview/protocol';
import { ProxyError } from '../proxy-error.ts';
import type { CommandReply, Storage } from '../storage/port.ts';
import type { LiveSession, Page } from './live-session.ts';

/** Between two looks for the reply, milliseconds. */
const LOOK_MS = 150;
/** A holder that says nothing for so long is gone, or too busy to be waited for, milliseconds. */
const PATIENCE_MS = 8_000;
/** A completion waits up to 8 s for open speech. The page gives up after 15 s, milliseconds. */
const COMPLETION_PATIENCE_MS = 14_000;

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
 * Returns undefined where this process may answer itself. A message that a page repeats is done once.
 *
 * @throws {ProxyError} the holder's refusal; `supervision_unavailable` where it does not answer
 */
export async function forward(
  session: Pick<LiveSession, 'id' | 'call' | 'services'>,
  page: Pick<Page, 'writer'>,
  message: ClientMessage,
): Promise<ServerMessage | null | undefined> {
  if (session.call !== null || !forHolder.has(message.type)) return undefined;
  const { storage } = session.services;
  const id = await storage.sendCommand(session.id, storable(message), keyOf(page, message));
  if (id === null) return undefined;
  const patience = message.type === 'complete' ? COMPLETION_PATIENCE_MS : PATIENCE_MS;
  const until = Date.now() + patience;
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    const last = Date.now() >= until;
    const reply = await look(storage, id, last);
    if (reply === 'withdrawn') {
      throw unavailable('The interviewer can not be reached just now. Try again.');
    }
    if (reply && 'message' in reply) return reply.message;
    if (reply) throw new ProxyError(reply.error.code, reply.error.message);
    if (last) {
      throw unavailable(
        'The interviewer was asked and has not answered yet. See what happens before you ask again.',
      );
    }
  }
}

/** A look that fails says nothing of the command: it may have been done. */
async function look(
  storage: Storage,
  id: number,
  last: boolean,
): Promise<CommandReply | 'withdrawn' | null> {
  try {
    return await storage.commandReply(id, last);
  } catch (error) {
    if (error instanceof ProxyError && error.retryable) return null;
    throw error;
  }
}

/** Neither NUL nor half a surrogate pair can be stored on the way. */
function storable(message: ClientMessage): ClientMessage {
  return message.type === 'text' ? { ...message, text: storableText(message.text) } : message;
}

/** Ids are a page's own: two page loads may choose the same. */
function keyOf({ writer }: Pick<Page, 'writer'>, message: ClientMessage): string | undefined {
  return writer !== null && 'id' in message ? `${writer}.${message.id}` : undefined;
}

function unavailable(words: string): ProxyError {
  return new ProxyError('supervision_unavailable', words);
}
