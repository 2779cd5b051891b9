import type { FastifyInstance } from 'fastify';
import { asProxyError } from '../proxy-error.ts';
import type { Command, CommandReply } from '../storage/port.ts';
import type { LiveSessions } from './live-sessions.ts';
import { obey } from './messages.ts';
import type { Services } from './services.ts';

/** Between two looks for what other processes were asked, milliseconds. Our choice: a button should not feel stuck. */
const LOOK_MS = 500;

/** Does what candidates asked of other processes while this one supervises their calls. */
export function commandInbox(
  app: FastifyInstance,
  { sessions, services }: { sessions: LiveSessions; services: Services },
): void {
  const { storage, holder, log, drain } = services;
  let looking = false;
  const look = async (): Promise<void> => {
    if (looking || sessions.calls === 0) return;
    looking = true;
    try {
      for (const command of await storage.takeCommands(holder)) {
        void drain.during(() => carryOut(command));
      }
    } catch (error) {
      log.debug({ err: error }, 'commands not looked for');
    } finally {
      looking = false;
    }
  };
  const carryOut = async (command: Command): Promise<void> => {
    const reply = await replyTo(sessions, command);
    await storage.answerCommand(command.id, reply).catch((error: unknown) => {
      log.warn({ err: error }, 'command not answered');
    });
  };
  const timer = setInterval(() => void look(), LOOK_MS).unref();
  app.addHook('onClose', () => clearInterval(timer));
}

async function replyTo(
  sessions: LiveSessions,
  { session: id, message }: Command,
): Promise<CommandReply> {
  try {
    return await sessions.during(id, async (session) => {
      session.heardElsewhere();
      switch (message.type) {
        case 'authenticate':
        case 'refresh':
        case 'offer':
          // Tokens and calls are not handed on.
          return { message: null };
        default:
          return { message: await obey(session, message) };
      }
    });
  } catch (error) {
    const { code, message: words } = asProxyError(error);
    return { error: { code, message: words } };
  }
}
