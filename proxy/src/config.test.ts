import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from './config.ts';

const good = {
  JWT_SECRET: 'x'.repeat(32),
  OPENAI_API_KEY: 'sk-test',
  SUPABASE_URL: 'https://project.supabase.co/',
  SUPABASE_SECRET_KEY: 'sb_secret_test',
};
const published = 'super-secret-jwt-token-with-at-least-32-characters-long';

function problems(env: Record<string, string>): readonly string[] {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('readConfig', () => {
  it('fills in what has a default', () => {
    expect(readConfig(good)).toEqual({
      port: 8080,
      host: '0.0.0.0',
      environment: 'production',
      logLevel: 'info',
      local: false,
      machineId: null,
      simulation: false,
      simulatorUrl: 'http://127.0.0.1:8090/v1',
      jwtSecrets: [good.JWT_SECRET],
      jwksUrl: null,
      openai: {
        api: 'openai',
        apiKeys: ['sk-test'],
        baseUrl: 'https://api.openai.com/v1',
        model: 'gpt-realtime-2.1',
        transcriptionModel: 'gpt-transcribe',
        voice: 'marin',
        sideband: true,
        safetySalt: `safety-identifier:${good.JWT_SECRET}`,
      },
      isolation: null,
      supabase: { url: 'https://project.supabase.co', secretKey: 'sb_secret_test' },
      metricsToken: null,
      region: null,
      tickIntervalMs: 15_000,
      allowedOrigins: [],
      redisUrl: null,
      limits: { offersInFlight: 512, perSession: 600, perTenant: 12_000, perAddress: 600 },
    });
  });

  it('names everything that is missing or malformed at once, and no value', () => {
    const found = problems({
      PORT: 'eighty',
      JWT_SECRET: 'short-secret',
      ALLOWED_ORIGINS: 'https://a.example/path',
    });
    expect(found.map((one) => one.split(' ')[0])).toEqual(
      expect.arrayContaining([
        'PORT',
        'JWT_SECRET',
        'OPENAI_API_KEY',
        'SUPABASE_URL',
        'SUPABASE_SECRET_KEY',
        'ALLOWED_ORIGINS',
      ]),
    );
    expect(found.join()).not.toContain('short-secret');
    expect(problems({ ...good, OPENAI_BASE_URL: 'ftp://x' })).toHaveLength(1);
    expect(problems({ ...good, REDIS_URL: 'http://x', MAX_OFFERS_IN_FLIGHT: '0' })).toHaveLength(2);
  });

  it('takes empty variables for missing ones, as compose files leave them', () => {
    expect(problems({ ...good, OPENAI_API_KEY: '' })[0]).toMatch(/^OPENAI_API_KEY/);
    expect(readConfig({ ...good, PORT: '', JWT_SECRET_PREVIOUS: '' }).port).toBe(8080);
  });

  it.each(['JWT_SECRET', 'JWT_SECRET_PREVIOUS'])('refuses a published %s but locally', (name) => {
    const env = { ...good, [name]: published };
    expect(problems(env)[0]).toMatch(new RegExp(`^${name} `));
    expect(readConfig({ ...env, NODE_ENV: 'development' }).local).toBe(true);
    expect(readConfig({ ...env, SIMULATION_MODE: 'true' }).local).toBe(true);
  });

  it('counts the bytes of a secret and not its letters', () => {
    expect(problems({ ...good, JWT_SECRET: 'ü'.repeat(16) })).toEqual([]);
    expect(problems({ ...good, JWT_SECRET: 'ü'.repeat(15) })).toHaveLength(1);
  });

  it('needs no key where every call is simulated', () => {
    const config = readConfig({ ...good, OPENAI_API_KEY: '', SIMULATION_MODE: 'true' });
    expect(config).toMatchObject({ simulation: true, openai: { apiKeys: [] } });
  });

  it('puts the newest of several keys first, and the single one last', () => {
    const keysOf = (env: Record<string, string>) => readConfig({ ...good, ...env }).openai.apiKeys;
    expect(keysOf({ OPENAI_API_KEYS: ' sk-new, sk-old,sk-test' })).toEqual([
      'sk-new',
      'sk-old',
      'sk-test',
    ]);
    expect(keysOf({ OPENAI_API_KEYS: 'sk-new', OPENAI_API_KEY: '' })).toEqual(['sk-new']);
    expect(keysOf({ OPENAI_API_KEY: 'sk-test\n' })).toEqual(['sk-test']);
    const odd = problems({ ...good, OPENAI_API_KEYS: 'sk-new,sk old' });
    expect(odd[0]).toMatch(/^OPENAI_API_KEYS/);
    expect(odd.join()).not.toContain('sk old');
  });

  it('knows the regional hosts, and takes no second address beside one', () => {
    const region = (name: string) => readConfig({ ...good, OPENAI_REGION: name }).openai.baseUrl;
    expect(region('eu')).toBe('https://eu.api.openai.com/v1');
    expect(problems({ ...good, OPENAI_REGION: 'mars' })[0]).toMatch(/^OPENAI_REGION/);
    const both = { OPENAI_REGION: 'eu', OPENAI_BASE_URL: 'https://models.example/v1' };
    expect(problems({ ...good, ...both })).toHaveLength(1);
  });

  it('asks where Azure is, which has no common address', () => {
    expect(problems({ ...good, UPSTREAM: 'azure' })[0]).toMatch(/^OPENAI_BASE_URL is missing/);
    const address = 'https://northwind.openai.azure.com/openai/v1/';
    expect(
      readConfig({ ...good, UPSTREAM: 'azure', OPENAI_BASE_URL: address }).openai,
    ).toMatchObject({
      api: 'azure',
      baseUrl: 'https://northwind.openai.azure.com/openai/v1',
    });
    expect(problems({ ...good, UPSTREAM: 'llama' })[0]).toMatch(/^UPSTREAM/);
  });

  it('knows its machine where every session has its own', () => {
    const fly = { ...good, SESSION_ISOLATION: 'fly-machine', FLY_APP_NAME: 'proxy' };
    expect(problems(fly)[0]).toMatch(/^FLY_MACHINE_ID/);
    const machine = { ...fly, FLY_MACHINE_ID: '1857156b526dd8' };
    const none = { machineId: '1857156b526dd8', machineApp: null, session: null };
    expect(readConfig(machine).isolation).toEqual(none);
    expect(readConfig({ ...machine, FLY_MACHINE_APP: 'proxy' }).isolation).toEqual(none);
    const session = '0d6b1d4e-0c1c-4c1e-9a51-3f2d8f1f0001';
    expect(
      readConfig({ ...machine, FLY_MACHINE_APP: 'sessions', SESSION_ID: session }).isolation,
    ).toEqual({ ...none, machineApp: 'sessions', session });
    expect(problems({ ...machine, SESSION_ID: 'mine' })[0]).toMatch(/^SESSION_ID/);
    expect(readConfig({ ...good, FLY_MACHINE_ID: 'x' }).isolation).toBeNull();
  });

  it('reads published keys over a safe connection only, but locally', () => {
    const keys = (url: string) => ({ ...good, JWT_JWKS_URL: url });
    const safe = 'https://issuer.example/.well-known/jwks.json';
    expect(readConfig(keys(safe)).jwksUrl).toBe(safe);
    const plain = keys('http://127.0.0.1:9/jwks.json');
    expect(problems(plain)[0]).toMatch(/^JWT_JWKS_URL/);
    expect(readConfig({ ...plain, NODE_ENV: 'development' }).jwksUrl).toBe(plain.JWT_JWKS_URL);
  });
});
