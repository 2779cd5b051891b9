import { exchange, hangUp, type OpenAiServer } from './openai-http.ts';
import { openAiSession, type OpenAiModels } from './openai-session.ts';
import { attach } from './openai-sideband.ts';
import { multipart } from './multipart.ts';
import type { Upstream } from './port.ts';
import { safetyIdentifier } from './safety-identifier.ts';

export interface OpenAiOptions extends OpenAiModels, OpenAiServer {
  /** Name to store: `openai`, `azure`, or `simulator` for the one that speaks the same protocol. */
  name: string;
  /** Makes the candidate anonymous for the provider; null where it takes no such identifier. */
  safetySalt: string | null;
  /** False where the server gives nobody but the browser a channel into a call. */
  supervised: boolean;
}

/**
 * OpenAI's Realtime API (GA), and whatever speaks like it, Azure OpenAI for one: `POST /realtime/calls` with offer and
 * session as two parts, answered by 201 with the call's id in `Location`.
 */
export function openAiRealtime(options: OpenAiOptions): Upstream {
  const { name, safetySalt, supervised } = options;
  return {
    name,
    dialect: 'openai-realtime',
    supervised,
    session: (spec) => openAiSession(spec, options),
    openCall: (offer, spec, gone) => {
      const session = JSON.stringify(openAiSession(spec, options));
      const form = multipart([
        { name: 'sdp', type: 'application/sdp', body: offer },
        { name: 'session', type: 'application/json', body: session },
      ]);
      const identifier =
        safetySalt === null ? null : safetyIdentifier(spec.candidateId, safetySalt);
      const request = {
        path: 'realtime/calls',
        headers: {
          'content-type': form.contentType,
          accept: 'application/sdp',
          ...(identifier === null ? {} : { 'openai-safety-identifier': identifier }),
        },
        body: form.body,
        answeredBy: [201],
        unnamed: null,
      };
      return exchange(options, request, gone);
    },
    hangup: (providerCallId) => hangUp(options, providerCallId),
    attach: (providerCallId, handlers, signal) => attach(options, providerCallId, handlers, signal),
  };
}
