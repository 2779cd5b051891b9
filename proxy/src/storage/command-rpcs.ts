import {
  ClientMessage,
  isErrorCode,
  ServerMessage,
  SessionId,
  type ErrorCode,
} from '@interview/protocol';
import type { FastifyBaseLogger } from 'fastify';
import * as z from 'zod';
import type { Command, Storage } from './port.ts';
import type { Rpc } from './rpc.ts';

const Sent = z.object({ id: z.number().nullable() });
const Taken = z.array(z.object({ id: z.number(), session_id: SessionId, message: z.unknown() }));
const Code = z.custom<ErrorCode>(isErrorCode);
const Replied = z.object({
  reply: z
    .union([
      z.object({ message: z.nullable(ServerMessage) }),
      z.object({ error: z.object({ code: Code, message: z.string() }) }),
    ])
    .nullable(),
  withdrawn: z.boolean().default(false),
});

/** What one process asks of another on behalf of a page. */
export function commandRpcs(
  rpc: Rpc,
  log?: Pick<FastifyBaseLogger, 'warn'>,
): Pick<Storage, 'sendCommand' | 'takeCommands' | 'answerCommand' | 'commandReply'> {
  const answerCommand: Storage['answerCommand'] = async (id, reply) => {
    await rpc('answer_command', { p_id: id, p_reply: reply }, z.unknown());
  };
  /** One of a newer process may be unknown here; those beside it are done all the same. */
  const refuse = (id: number): void => {
    log?.warn({ command: id }, 'a command can not be read');
    const message = 'The interviewer does not know that message.';
    answerCommand(id, { error: { code: 'unknown_message', message } }).catch((error: unknown) => {
      log?.warn({ err: error }, 'command not answered');
    });
  };
  return {
    sendCommand: async (session, message, key) => {
      const keyed = key === undefined ? {} : { p_key: key };
      const parameters = { p_session: session, p_message: message, ...keyed };
      return (await rpc('send_command', parameters, Sent)).id;
    },
    takeCommands: async (holder) => {
      const commands: Command[] = [];
      for (const taken of await rpc('take_commands', { p_holder: holder }, Taken)) {
        const message = ClientMessage.safeParse(taken.message);
        if (!message.success) refuse(taken.id);
        else commands.push({ id: taken.id, session: taken.session_id, message: message.data });
      }
      return commands;
    },
    answerCommand,
    commandReply: async (id, last) => {
      const { reply, withdrawn } = await rpc('command_reply', { p_id: id, p_last: last }, Replied);
      return withdrawn ? 'withdrawn' : reply;
    },
  };
}
