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
      openai: {
        apiKey: 'sk-test',
        baseUrl: 'https://api.openai.com/v1',
        model: 'gpt-realtime-2.1',
        transcriptionModel: 'gpt-transcribe',
        voice: 'marin',
      },
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
    expect(config).toMatchObject({ simulation: true, openai: { apiKey: null } });
  });
});
