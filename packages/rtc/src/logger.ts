/**
 * Where the package tells what it does. `console` fits. Fields never hold tokens, keys or spoken words.
 *
 * @example
 * new InterviewSession({ startUrl, invitation, logger: console });
 */
export interface Logger {
  debug(message: string, fields?: Readonly<Record<string, unknown>>): void;
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

const nothing = (): void => undefined;

/**
 * Says nothing; the default.
 *
 * @example
 * const logger: Logger = { ...silentLogger, error: (message, fields) => report(message, fields) };
 */
export const silentLogger: Logger = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
};
