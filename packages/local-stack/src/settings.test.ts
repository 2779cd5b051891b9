import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readSettings } from './settings.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stack-settings-'));
  path = join(folder, 'keys.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('readSettings', () => {
  it('keeps the keys that it makes, for their owner alone', () => {
    const first = readSettings(path, {});
    expect(readSettings(path, {}).keys).toEqual(first.keys);
    expect(first.keys.jwtSecret.length).toBeGreaterThanOrEqual(32);
    expect(new Set(Object.values(first.keys)).size).toBe(5);
    expect(statSync(path).mode & 0o077).toBe(0);
  });

  it('makes others where none are kept', () => {
    expect(readSettings(null, {}).keys).not.toEqual(readSettings(null, {}).keys);
  });

  it("takes the proxy's variables from the environment, and keeps them out of the file", () => {
    const given = {
      JWT_SECRET: 'of the environment, and long enough for it',
      JWT_SECRET_PREVIOUS: 'former',
      ALLOWED_ORIGINS: 'https://a.test,https://b.test',
      PORT: '8123',
    };
    const settings = readSettings(path, given);
    expect(settings.keys.jwtSecret).toBe(given.JWT_SECRET);
    expect(settings.tokenSecrets).toEqual({ JWT_SECRET_PREVIOUS: 'former' });
    expect(settings.allowedOrigins).toEqual(['https://a.test', 'https://b.test']);
    expect(settings.proxyPort).toBe(8123);
    expect(readSettings(path, {}).keys.jwtSecret).not.toBe(given.JWT_SECRET);
  });

  it('is simulated unless a key is given, and hands the key to the proxy alone', () => {
    expect(readSettings(null, {}).simulated).toBe(true);
    expect(readSettings(null, { OPENAI_API_KEY: ' ' }).simulated).toBe(true);
    const real = readSettings(null, { OPENAI_API_KEY: 'sk-x', OPENAI_VOICE: 'cedar' });
    expect(real.simulated).toBe(false);
    expect(real.providerKey).toEqual({ OPENAI_API_KEY: 'sk-x' });
    expect(real.inherited).toEqual({ OPENAI_VOICE: 'cedar' });
    const rotated = readSettings(null, { OPENAI_API_KEYS: 'sk-y,sk-x' });
    expect(rotated).toMatchObject({
      simulated: false,
      providerKey: { OPENAI_API_KEYS: 'sk-y,sk-x' },
    });
    expect(rotated.inherited).not.toHaveProperty('OPENAI_API_KEYS');
    const both = readSettings(null, { OPENAI_API_KEY: 'sk-x', SIMULATION_MODE: 'true' });
    expect(both.simulated).toBe(true);
  });
});
