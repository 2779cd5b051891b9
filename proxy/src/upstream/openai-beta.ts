import { randomUUID } from 'node:crypto';
import { ProxyError } from '../proxy-error.ts';
import { openAiBetaSession } from './openai-beta-session.ts';
import { exchange, hangUp, type OpenAiServer } from './openai-http.ts';
import type { OpenAiModels } from './openai-session.ts';
import type { Upstream } from './port.ts';

/** Begins the id of a call that its server did not name: it can't be asked for anything. */
const UNNAMED_PREFIX = 'unnamed-';

export interface OpenAiBetaOptions extends OpenAiModels, OpenAiServer {
  /** Name to store. */
  name: string;
}

/**
 * The shape that OpenAI's Realtime API had before its general availability, removed there on 2026-05-12 and still spoken
 * by compatible servers: `POST /realtime?model=` takes the bare offer. The session goes over the browser's data channel
 * (`session.update`), and nobody else has a channel into the call.
 */
export function openAiBeta(options: OpenAiBetaOptions): Upstream {
  return {
    name: options.name,
    dialect: 'openai-realtime',
    supervised: false,
    openCall: async (offer, spec, gone) => {
      if (!spec.ownPage) {
        throw new ProxyError('unsupported', 'This interviewer needs a page of the interview SDK.');
      }
      const answered = await exchange(
        options,
        {
          path: `realtime?model=${encodeURIComponent(options.model)}`,
          headers: {
            'content-type': 'application/sdp',
            accept: 'application/sdp',
            'openai-beta': 'realtime=v1',
          },
          body: Buffer.from(offer, 'utf8'),
          answeredBy: [200, 201],
          unnamed: `${UNNAMED_PREFIX}${randomUUID()}`,
        },
        gone,
      );
      return { ...answered, session: openAiBetaSession(spec, options) };
    },
    // The beta had no word for it: a call ends when its browser closes it.
    hangup: (providerCallId) =>
      providerCallId.startsWith(UNNAMED_PREFIX)
        ? Promise.resolve()
        : hangUp(options, providerCallId),
    attach: () =>
      Promise.reject(
        new ProxyError('supervision_unavailable', 'This interviewer can not be supervised.'),
      ),
  };
}
