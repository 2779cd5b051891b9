import * as z from 'zod/mini';

/** Fly answers most requests in well under a second: one that takes longer counts as unanswered, milliseconds. */
export const FLY_REQUEST_MS = 5_000;

/** A machine as the Machines API tells of it. */
export const FlyMachine = z.object({
  id: z.string().check(z.regex(/^[A-Za-z0-9._-]{1,64}$/)),
  /** fly.io/docs/machines/machine-states; others may come. */
  state: z.string(),
  checks: z._default(z.nullable(z.array(z.object({ status: z.string() }))), null),
});
export type FlyMachine = z.infer<typeof FlyMachine>;

/**
 * Why Fly did not do what was asked.
 *
 * - `name_taken`: there is such a machine already
 * - `no_capacity`: the region has no room for it
 * - `quota`: the organisation may have no more machines
 * - `busy`: too many requests at a time
 * - `denied`: the token or the app is wrong
 * - `rejected`: the request is wrong
 * - `unreachable`: no answer, or 5xx: what was asked for may have been done
 */
export type FlyReason =
  'name_taken' | 'no_capacity' | 'quota' | 'busy' | 'denied' | 'rejected' | 'unreachable';

/** A request to Fly that came to nothing. Its message is for operators, and holds no token. */
export class FlyError extends Error {
  override readonly name = 'FlyError';
  readonly reason: FlyReason;
  /** Machine that a refusal names. */
  readonly machineId: string | null;

  constructor(reason: FlyReason, message: string, machineId: string | null = null) {
    super(message);
    this.reason = reason;
    this.machineId = machineId;
  }
}

export interface FlyApp {
  /** `https://api.machines.dev`, or another address of the same API, without a slash at its end. */
  apiUrl: string;
  token: string;
  app: string;
}

/**
 * The part of Fly's Machines API that is used here (fly.io/docs/machines/api/machines-resource). Each request takes at
 * most `ms` milliseconds.
 */
export class FlyMachines {
  readonly #app: FlyApp;

  constructor(app: FlyApp) {
    this.#app = app;
  }

  /**
   * Makes and boots a machine. Names are unique in an app.
   *
   * @throws FlyError
   */
  async create(
    machine: { name: string; region: string; config: unknown },
    ms: number,
  ): Promise<FlyMachine> {
    return FlyMachine.parse(await this.#ask(ms, 'POST', '', machine));
  }

  /** A machine by its id; null where there is none any more. @throws FlyError */
  async get(id: string, ms: number): Promise<FlyMachine | null> {
    const found = await this.#ask(ms, 'GET', `/${id}`);
    return found === null ? null : FlyMachine.parse(found);
  }

  /** Machines whose metadata say so. @throws FlyError */
  async find(key: string, value: string, ms: number): Promise<FlyMachine[]> {
    const query = `?metadata.${key}=${encodeURIComponent(value)}`;
    return z.array(FlyMachine).parse((await this.#ask(ms, 'GET', query)) ?? []);
  }

  /** Stops a machine, if need be, and does away with it. @throws FlyError */
  async destroy(id: string, ms: number): Promise<void> {
    await this.#ask(ms, 'DELETE', `/${id}?force=true`);
  }

  /** null for 404 about a single machine. */
  async #ask(ms: number, method: string, path: string, body?: unknown): Promise<unknown> {
    const { status, text } = await this.#send(ms, method, path, body);
    if (status === 404 && path.startsWith('/')) return null;
    if (status < 200 || status > 299) throw refusalOf(method, status, text);
    return text === '' ? null : asJson(text);
  }

  async #send(
    ms: number,
    method: string,
    path: string,
    body: unknown,
  ): Promise<{ status: number; text: string }> {
    const { apiUrl, token, app } = this.#app;
    try {
      const response = await fetch(`${apiUrl}/v1/apps/${app}/machines${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        redirect: 'manual',
        signal: AbortSignal.timeout(ms),
      });
      return { status: response.status, text: await response.text() };
    } catch (error) {
      const name = error instanceof Error ? error.name : 'no answer';
      throw new FlyError('unreachable', `${method} was not answered: ${name}`);
    }
  }
}

const Refused = z.object({
  error: z._default(z.string(), ''),
  /** A word for some refusals; where it stands, the text need not be read. */
  status: z.optional(z.string()),
});

function refusalOf(method: string, status: number, body: string): FlyError {
  const { error: text, status: word } = Refused.safeParse(asJson(body)).data ?? { error: body };
  const detail = `${method} was answered with ${status}: ${text.slice(0, 200)}`;
  const id = /machine ID ([A-Za-z0-9_-]+)/.exec(text)?.[1] ?? null;
  return new FlyError(reasonOf(status, word, text), detail, id);
}

/** Statuses as documented; texts as `flyctl` tells them apart (superfly/flyctl, internal/flapsutil and flaps). */
function reasonOf(status: number, word: string | undefined, text: string): FlyReason {
  if (status === 429) return 'busy';
  if (status >= 500 || status === 408) return 'unreachable';
  if (/unique machine name violation/.test(text)) return 'name_taken';
  if (word === 'insufficient_capacity') return 'no_capacity';
  if (/insufficient \w+ available|no capacity|candidate host/i.test(text)) return 'no_capacity';
  if (/machine limit|quota|billing/i.test(text)) return 'quota';
  if (status === 401 || status === 403 || status === 404) return 'denied';
  return 'rejected';
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
