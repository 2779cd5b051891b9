import { type ConsentAnswer, StartReply, storableText } from '@interview/protocol';
import * as z from 'zod/mini';
import { mintSessionToken } from '../_shared/session-token.ts';
import type { StartDependencies } from './handler.ts';

/** What the database answers to a start. */
export const Started = z.object({
  session: StartReply.shape.session,
  candidate_id: z.uuid(),
  tenant_id: z.uuid(),
  origins: z.array(z.string()),
  transcript: StartReply.shape.transcript,
});

/** What a page is told of a session that was started or found again, with a token and, where it has one, its machine. */
export async function startReply(
  deps: StartDependencies,
  started: z.infer<typeof Started>,
): Promise<StartReply> {
  const { id, status } = started.session;
  // What is over needs no machine: any proxy delivers what is left.
  const isOpen = status === 'created' || status === 'active';
  const machine = deps.machineFor && isOpen ? await deps.machineFor(id) : null;
  const { token, expiresAt } = await mintSessionToken(
    {
      candidateId: started.candidate_id,
      sessionId: id,
      tenantId: started.tenant_id,
      origins: started.origins,
      simulation: deps.simulation,
      machine,
    },
    deps.jwtSecret,
    deps.now(),
  );
  return {
    session: started.session,
    token,
    expires_at: expiresAt,
    proxy: { ws_url: `${deps.proxyUrl.replace(/^http/, 'ws')}/ws`, http_url: deps.proxyUrl },
    transcript: started.transcript,
  };
}

/** Answers as the database can hold them. */
export function storableAnswers(answers: readonly ConsentAnswer[]): ConsentAnswer[] {
  return answers.map((answer) => ({ ...answer, version: storableText(answer.version) }));
}
