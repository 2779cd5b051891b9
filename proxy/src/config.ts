import * as z from 'zod';

/** Secrets that stand in public documentation: anybody could sign with them. */
const wellKnownSecrets = new Set([
  'super-secret-jwt-token-with-at-least-32-characters-long',
  'your-super-secret-jwt-token-with-at-least-32-characters-long',
  'your-256-bit-secret-your-256-bit-secret',
  'a-string-secret-at-least-256-bits-long',
  'change-me-change-me-change-me-change-me',
]);

const MIN_SECRET_BYTES = 32;
const MIN_METRICS_TOKEN_CHARS = 16;

const blankAsMissing = (value: unknown): unknown => (value === '' ? undefined : value);
const text = z.preprocess(blankAsMissing, z.string());
const optionalText = z.preprocess(blankAsMissing, z.string().optional());
const withDefault = (value: string) => z.preprocess(blankAsMissing, z.string().default(value));
const httpUrl = (value?: string) => {
  const url = z
    .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
    .transform((address) => address.replace(/\/+$/, ''));
  return z.preprocess((given) => blankAsMissing(given) ?? value, url);
};
const secret = z
  .string({ error: 'is missing' })
  .refine((value) => Buffer.byteLength(value) >= MIN_SECRET_BYTES, {
    error: `must have at least ${MIN_SECRET_BYTES} bytes`,
  });
const metricsToken = z.string().min(MIN_METRICS_TOKEN_CHARS, {
  error: `must have at least ${MIN_METRICS_TOKEN_CHARS} characters`,
});
const redisUrl = z.url({ protocol: /^rediss?$/, error: 'must be a redis or rediss URL' });
const count = (value: number) =>
  z.preprocess(blankAsMissing, z.coerce.number().int().min(1).default(value));
const origin = z
  .string()
  .refine((value) => URL.canParse(value) && new URL(value).origin === value, {
    error: 'must be a list of origins, such as https://example.com,https://www.example.com',
  });

const Environment = z
  .object({
    PORT: z.preprocess(blankAsMissing, z.coerce.number().int().min(0).max(65_535).default(8080)),
    HOST: withDefault('0.0.0.0'),
    NODE_ENV: z.preprocess(
      blankAsMissing,
      z.enum(['production', 'development', 'test']).default('production'),
    ),
    LOG_LEVEL: z.preprocess(
      blankAsMissing,
      z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
    ),
    SIMULATION_MODE: z.preprocess(blankAsMissing, z.stringbool().default(false)),
    SIMULATOR_URL: httpUrl('http://127.0.0.1:8090/v1'),
    FLY_MACHINE_ID: optionalText,
    JWT_SECRET: z.preprocess(blankAsMissing, secret),
    JWT_SECRET_PREVIOUS: z.preprocess(blankAsMissing, secret.optional()),
    OPENAI_API_KEY: optionalText,
    OPENAI_BASE_URL: httpUrl('https://api.openai.com/v1'),
    OPENAI_MODEL: withDefault('gpt-realtime-2.1'),
    OPENAI_TRANSCRIPTION_MODEL: withDefault('gpt-transcribe'),
    OPENAI_VOICE: withDefault('marin'),
    SUPABASE_URL: httpUrl(),
    SUPABASE_SECRET_KEY: text,
    METRICS_TOKEN: z.preprocess(blankAsMissing, metricsToken.optional()),
    FLY_REGION: optionalText,
    TICK_INTERVAL_S: z.preprocess(
      blankAsMissing,
      z.coerce.number().int().min(0).max(3600).default(15),
    ),
    REDIS_URL: z.preprocess(blankAsMissing, redisUrl.optional()),
    MAX_OFFERS_IN_FLIGHT: count(512),
    RATE_LIMIT_SESSION: count(600),
    RATE_LIMIT_TENANT: count(12_000),
    RATE_LIMIT_ADDRESS: count(600),
    ALLOWED_ORIGINS: z.preprocess(
      (value) =>
        typeof value === 'string'
          ? value
              .split(',')
              .map((one) => one.trim())
              .filter((one) => one !== '')
          : [],
      z.array(origin),
    ),
  })
  .transform((env) => ({
    ...env,
    // The stack on a developer's machine runs simulated or in development; only there are loose rules safe.
    LOCAL: env.SIMULATION_MODE || env.NODE_ENV === 'development',
  }));

/** Settings of the proxy, checked. */
export interface Config {
  port: number;
  host: string;
  environment: 'production' | 'development' | 'test';
  logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';
  /** Loopback pages and documented secrets are taken. */
  local: boolean;
  /** Every call goes to the simulated interviewer. */
  simulation: boolean;
  simulatorUrl: string;
  /** Where the process runs, as Fly names its machines; null elsewhere. */
  machineId: string | null;
  /** The first signs; all verify. */
  jwtSecrets: readonly [string, ...string[]];
  openai: {
    /** null where every call is simulated. */
    apiKey: string | null;
    baseUrl: string;
    model: string;
    transcriptionModel: string;
    voice: string;
  };
  supabase: { url: string; secretKey: string };
  /** Opens `/metrics`; null leaves that to clients on the private network. */
  metricsToken: string | null;
  /** Where this machine stands, as Fly says; null elsewhere. */
  region: string | null;
  /** How often the processor is asked to work off what is due, milliseconds; 0: never. */
  tickIntervalMs: number;
  /** Origins that may open a socket before they have shown a token. */
  allowedOrigins: readonly string[];
  /** Where counts of requests are shared; null where each process counts for itself. */
  redisUrl: string | null;
  limits: {
    /** Offers that this process has at the provider at a time; further ones are refused at once. */
    offersInFlight: number;
    /** Requests a minute of one session, of all sessions of a tenant, and of one address without a valid token. */
    perSession: number;
    perTenant: number;
    perAddress: number;
  };
}

/** Everything that is missing or malformed, by the name of its variable. Never holds a value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`The environment is incomplete:\n${problems.map((one) => `  ${one}`).join('\n')}`);
    this.problems = problems;
  }
}

/**
 * Reads the settings.
 *
 * @throws {ConfigError} which names every variable at fault at once
 * @example
 * const config = readConfig();
 */
export function readConfig(env: Env = process.env): Config {
  const parsed = Environment.safeParse(env);
  const problems = parsed.success ? [] : parsed.error.issues.map(describeIssue);
  problems.push(...problemsOfSecrets(env), ...problemsOfKey(env));
  if (!parsed.success || problems.length > 0) throw new ConfigError([...new Set(problems)]);
  const found = parsed.data;
  return {
    port: found.PORT,
    host: found.HOST,
    environment: found.NODE_ENV,
    logLevel: found.LOG_LEVEL,
    local: found.LOCAL,
    simulation: found.SIMULATION_MODE,
    simulatorUrl: found.SIMULATOR_URL,
    machineId: found.FLY_MACHINE_ID ?? null,
    jwtSecrets:
      found.JWT_SECRET_PREVIOUS === undefined
        ? [found.JWT_SECRET]
        : [found.JWT_SECRET, found.JWT_SECRET_PREVIOUS],
    openai: {
      apiKey: found.OPENAI_API_KEY ?? null,
      baseUrl: found.OPENAI_BASE_URL,
      model: found.OPENAI_MODEL,
      transcriptionModel: found.OPENAI_TRANSCRIPTION_MODEL,
      voice: found.OPENAI_VOICE,
    },
    supabase: { url: found.SUPABASE_URL, secretKey: found.SUPABASE_SECRET_KEY },
    metricsToken: found.METRICS_TOKEN ?? null,
    region: found.FLY_REGION ?? null,
    tickIntervalMs: found.TICK_INTERVAL_S * 1000,
    allowedOrigins: found.ALLOWED_ORIGINS,
    redisUrl: found.REDIS_URL ?? null,
    limits: {
      offersInFlight: found.MAX_OFFERS_IN_FLIGHT,
      perSession: found.RATE_LIMIT_SESSION,
      perTenant: found.RATE_LIMIT_TENANT,
      perAddress: found.RATE_LIMIT_ADDRESS,
    },
  };
}

function describeIssue(issue: z.core.$ZodIssue): string {
  const name = String(issue.path[0] ?? 'environment');
  const missing = issue.code === 'invalid_type' && issue.input === undefined;
  return `${name} ${missing ? 'is missing' : issue.message}`;
}

type Env = Readonly<Record<string, string | undefined>>;

/** Read apart from the schema, so that what depends on it is told together with everything else. */
function isSimulated(env: Env): boolean {
  return z.stringbool().safeParse(env['SIMULATION_MODE']).data === true;
}

function problemsOfSecrets(env: Env): string[] {
  if (isSimulated(env) || env['NODE_ENV'] === 'development') return [];
  return ['JWT_SECRET', 'JWT_SECRET_PREVIOUS']
    .filter((name) => wellKnownSecrets.has(env[name] ?? ''))
    .map((name) => `${name} is a published default: make one with openssl rand -base64 48`);
}

function problemsOfKey(env: Env): string[] {
  const missing = (env['OPENAI_API_KEY'] ?? '') === '';
  return missing && !isSimulated(env)
    ? ['OPENAI_API_KEY is missing (or set SIMULATION_MODE=true)']
    : [];
}
