import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { describe, expect, inject, it } from 'vitest';

const runbook = readFileSync(new URL('../../proxy/OPERATIONS.md', import.meta.url), 'utf8');
const blocks = [...runbook.matchAll(/```bash run\n(.*?)```/gs)].map(([, block = '']) =>
  block.trim(),
);

describe('the runbook', () => {
  it('has blocks that run here', () => {
    expect(blocks.length).toBeGreaterThanOrEqual(5);
  });

  it.each(blocks)('%s', async (block) => {
    const { proxyUrl, supabaseUrl, secretKey, tenantApiKey } = inject('stack');
    const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', block], {
      env: {
        ...process.env,
        PROXY: proxyUrl,
        SUPABASE_URL: supabaseUrl,
        SUPABASE_SECRET_KEY: secretKey,
        TENANT_API_KEY: tenantApiKey,
      },
      timeout: 60_000,
    });
    expect(stdout.trim()).not.toBe('');
  });
});
