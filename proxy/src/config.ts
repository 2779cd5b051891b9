import { SessionId } from '@interview/protocol';
import * as z from 'zod';
import {
  apiKey,
  blankAsMissing,
  count,
  httpUrl,
  list,
  metricsToken,
  optionalHttpUrl,
  optionalText,
  origin,
  redisUrl,
  secret,
  text,
  trimmed,
  withDefault,
} from './config-fields.ts';
import { problemsBetween, type Variables } from './config-problems.ts';

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
    JWT_SECRET: z.preprocess(blankAsMissing, secret),
    JWT_SECRET_PREVIOUS: z.preprocess(blankAsMissing, secret.optional()),
    // Published keys of an issuer that signs session tokens in place of interview-start.
    JWT_JWKS_URL: optionalHttpUrl,
    // What the provider speaks: OpenAI's Realtime API, its retired beta as compatible servers do, or Azure OpenAI's.
    UPSTREAM: z.preprocess(
      blankAsMissing,
      z.enum(['openai', 'openai-beta', 'azure']).default('openai'),
    ),
    OPENAI_API_KEY: z.preprocess(trimmed, apiKey.optional()),
    // Several while they are rotated, newest first, separated by commas.
    OPENAI_API_KEYS: list(apiKey),
    // For Azure: https://<resource>.openai.azure.com/openai/v1
    OPENAI_BASE_URL: optionalHttpUrl,
    // Keeps data in a region (projects with data residency only).
    OPENAI_REGION: z.preprocess(blankAsMissing, z.enum(['us', 'eu', 'au', 'in', 'jp']).optional()),
    // Off where the server gives only the browser a channel into a call. Such interviews are not supervised.
    OPENAI_SIDEBAND: z.preprocess(blankAsMissing, z.stringbool().default(true)),
    // Keeps the provider's names of candidates the same when JWT_SECRET is rotated.
    SAFETY_IDENTIFIER_SALT: z.preprocess(blankAsMissing, secret.optional()),
    OPENAI_MODEL: withDefault('gpt-realtime-2.1'),
    OPENAI_TRANSCRIPTION_MODEL: withDefault('gpt-transcribe'),
    OPENAI_VOICE: withDefault('marin'),
    // A machine for every session: what `interview-start` is told, the proxies must be told too.
    SESSION_ISOLATION: z.preprocess(
      blankAsMissing,
      z.enum(['shared', 'fly-machine']).default('shared'),
    ),
    // Set by Fly on every machine.
    FLY_MACHINE_ID: optionalText,
    FLY_APP_NAME: optionalText,
    // App of the sessions' machines, where it is another one.
    FLY_MACHINE_APP: optionalText,
    // Set on the machine of one session, which ends with it.
    SESSION_ID: z.preprocess(blankAsMissing, z.optional(SessionId)),
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
    ALLOWED_ORIGINS: list(origin),
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
  /** Keys that verify too; null where nobody publishes any. */
  jwksUrl: string | null;
  openai: {
    api: 'openai' | 'openai-beta' | 'azure';
    /** Newest first; empty where every call is simulated. */
    apiKeys: readonly string[];
    baseUrl: string;
    /** The provider gives the server a channel into a call. */
    sideband: boolean;
    /** Names candidates to the provider without telling who they are. */
    safetySalt: string;
    model: string;
    transcriptionModel: string;
    voice: string;
  };
  /** null where the proxies share the sessions. */
  isolation: Isolation | null;
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

/** How sessions with machines of their own are found. */
export interface Isolation {
  /** This machine, as tokens name it. */
  machineId: string;
  /** App of the sessions' machines; null where it is this one's. */
  machineApp: string | null;
  /** The session that this machine is for; null where it is for none. */
  session: SessionId | null;
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
export function readConfig(env: Variables = process.env): Config {
  const parsed = Environment.safeParse(env);
  const problems = parsed.success ? [] : parsed.error.issues.map(describeIssue);
  problems.push(...problemsBetween(env));
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
    jwksUrl: found.JWT_JWKS_URL ?? null,
    openai: {
      api: found.UPSTREAM,
      apiKeys: apiKeysOf(found),
      baseUrl: found.OPENAI_BASE_URL ?? regionalUrl(found.OPENAI_REGION),
      sideband: found.OPENAI_SIDEBAND,
      safetySalt: found.SAFETY_IDENTIFIER_SALT ?? `safety-identifier:${found.JWT_SECRET}`,
      model: found.OPENAI_MODEL,
      transcriptionModel: found.OPENAI_TRANSCRIPTION_MODEL,
      voice: found.OPENAI_VOICE,
    },
    isolation:
      found.SESSION_ISOLATION === 'shared' || found.FLY_MACHINE_ID === undefined
        ? null
        : {
            machineId: found.FLY_MACHINE_ID,
            machineApp:
              found.FLY_MACHINE_APP === found.FLY_APP_NAME ? null : (found.FLY_MACHINE_APP ?? null),
            session: found.SESSION_ID ?? null,
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

/** The single key is older than any that were listed beside it. */
function apiKeysOf(found: { OPENAI_API_KEYS: string[]; OPENAI_API_KEY?: string | undefined }) {
  const keys = [...found.OPENAI_API_KEYS, found.OPENAI_API_KEY];
  return [...new Set(keys.filter((key) => key !== undefined))];
}

/** Hosts as of 2026-11 (developers.openai.com, data controls). */
function regionalUrl(region: string | undefined): string {
  return `https://${region === undefined ? '' : `${region}.`}api.openai.com/v1`;
}
