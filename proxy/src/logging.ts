import { hideSecrets, type ClientMessage } from '@interview/protocol';
import { destination } from 'pino';
import type { Config } from './config.ts';
import { loggedRequest } from './logged-request.ts';

/** Fields that hold what no log may hold, at any depth, should somebody log an object with one. */
const hiddenFields = /"(token|authorization|apikey|sdp|text|note|name|email)":"(?:[^"\\]|\\.)*"/g;
const MAX_CAUSES = 5;

/** Where lines go, one JSON object each. */
export interface LogTarget {
  write: (line: string) => void;
}

/**
 * How the proxy logs: a JSON object a line, each request's lines by its `request_id`. What is logged is chosen where
 * it is logged; the rest here is a net below.
 */
export function logging(config: Config, target?: LogTarget) {
  return {
    level: config.logLevel,
    // Requests are logged by address and outcome; headers, which hold tokens, and bodies are not.
    serializers: {
      req: loggedRequest,
      err: loggedError,
      cause: loggedError,
      quality: loggedQuality,
    },
    // pino's own redaction costs 20 µs a line for this, and needs to know the depth.
    hooks: {
      streamWrite: (line: string) => hideSecrets(line.replace(hiddenFields, '"$1":"(hidden)"')),
    },
    // pino's own default writes behind: what is left at the exit it then tries to write for ever where nobody reads
    // any more, and the process never ends.
    stream: target ?? destination({ dest: 1, sync: true }),
  };
}

/** Warnings of the SDK (`QualityWarning` of `@interview/rtc`). A page may send any other word. */
const warningsOfOurs = new Set(['round_trip', 'jitter', 'loss', 'concealed', 'no_voice']);

/** What a page says of its media: figures, and warnings that we know. */
function loggedQuality(quality: Extract<ClientMessage, { type: 'quality' }>): object {
  return { ...quality, warnings: quality.warnings?.filter((one) => warningsOfOurs.has(one)) };
}

type LoggedError = {
  type: string;
  message: string;
  code?: string | number;
  stack: string;
  cause?: LoggedError;
};

/** An error without what libraries hang on to it: claims of tokens, requests, answers. */
export function loggedError(error: unknown, depth = 0): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error, message: 'not an error', stack: '' };
  const { name: type, message, stack, cause } = error;
  const { code } = error as { code?: unknown };
  return {
    type,
    message,
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    stack: stack ?? '',
    ...(cause === undefined || depth === MAX_CAUSES
      ? {}
      : { cause: loggedError(cause, depth + 1) }),
  };
}
