import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Secrets of one stack, made at its first start and kept beside its data. */
export interface Keys {
  publishableKey: string;
  secretKey: string;
  /** Signs session tokens. */
  jwtSecret: string;
  /** Signs user tokens. */
  authJwtSecret: string;
  recruiterPassword: string;
}

/** What the environment decides. */
export interface Settings {
  keys: Keys;
  /** False where a key for the real provider is given. */
  simulated: boolean;
  /** The proxy's preferred port, where given. */
  proxyPort: number | undefined;
  /** Origins that the environment allows at the proxy, beside the stack's own. */
  allowedOrigins: string[];
  /** What every child process gets beside its own variables. */
  inherited: Record<string, string>;
  /** What the proxy and the functions get as the environment has it. */
  tokenSecrets: Record<string, string>;
  /** What the proxy alone gets as the environment has it. */
  providerKey: Record<string, string>;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Variables that would mislead a child: each service gets its own. */
const notInherited = new Set([
  'PORT',
  'HOST',
  'NODE_OPTIONS',
  'JWT_SECRET',
  'JWT_SECRET_PREVIOUS',
  'ALLOWED_ORIGINS',
  'SIMULATION_MODE',
  'SIMULATOR_URL',
  'SUPABASE_URL',
  'SUPABASE_SECRET_KEY',
  'SUPABASE_SECRET_KEYS',
  'SUPABASE_SERVICE_ROLE_KEY',
  'AUTH_JWT_SECRET',
  'OPENAI_API_KEY',
  'OPENAI_API_KEYS',
  'SAFETY_IDENTIFIER_SALT',
]);

/**
 * Reads the environment, and the keys that are kept at `keysPath`; makes those that are missing.
 *
 * @param keysPath File of the stack's own keys; null keeps none.
 */
export function readSettings(
  keysPath: string | null,
  environment: Environment = process.env,
): Settings {
  const given = (name: string): string | undefined => environment[name]?.trim() || undefined;
  const keys = keptKeys(keysPath);
  const only = (name: string): Record<string, string> => {
    const value = given(name);
    return value === undefined ? {} : { [name]: value };
  };
  const port = Number(given('PORT'));
  return {
    keys: { ...keys, jwtSecret: given('JWT_SECRET') ?? keys.jwtSecret },
    simulated:
      given('SIMULATION_MODE') === 'true' ||
      (given('OPENAI_API_KEY') ?? given('OPENAI_API_KEYS')) === undefined,
    proxyPort: Number.isInteger(port) && port > 0 ? port : undefined,
    allowedOrigins: (given('ALLOWED_ORIGINS') ?? '').split(',').filter((origin) => origin !== ''),
    inherited: inheritedFrom(environment),
    tokenSecrets: only('JWT_SECRET_PREVIOUS'),
    providerKey: {
      ...only('OPENAI_API_KEY'),
      ...only('OPENAI_API_KEYS'),
      ...only('SAFETY_IDENTIFIER_SALT'),
    },
  };
}

function inheritedFrom(environment: Environment): Record<string, string> {
  const kept = Object.entries(environment).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !notInherited.has(entry[0]),
  );
  return Object.fromEntries(kept);
}

function keptKeys(path: string | null): Keys {
  const kept = path === null ? {} : readKept(path);
  const keys: Keys = {
    publishableKey: kept.publishableKey ?? `sb_publishable_${secret(24)}`,
    secretKey: kept.secretKey ?? `sb_secret_${secret(24)}`,
    jwtSecret: kept.jwtSecret ?? secret(48),
    authJwtSecret: kept.authJwtSecret ?? secret(48),
    recruiterPassword: kept.recruiterPassword ?? secret(12),
  };
  if (path !== null) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `${JSON.stringify(keys, null, 2)}\n`, { mode: 0o600 });
  }
  return keys;
}

function readKept(path: string): Partial<Keys> {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Partial<Keys>;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}

function secret(bytes: number): string {
  return randomBytes(bytes).toString('base64url');
}
