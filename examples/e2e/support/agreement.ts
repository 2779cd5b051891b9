import { createHash } from 'node:crypto';
import { inject } from 'vitest';

/** Yes to everything that an interview asks for, as a tenant's backend looks it up and sends it on. */
export async function agreement(interview: string): Promise<Record<string, unknown>[]> {
  const { supabaseUrl, tenantApiKey } = inject('stack');
  const reply = await fetch(`${supabaseUrl}/functions/v1/interview-start`, {
    method: 'POST',
    headers: { authorization: `Bearer ${tenantApiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      step: 'look',
      session_id: 'not-yet',
      tenant_id: 'test-tenant',
      interview_id: interview,
    }),
  });
  const { consents } = (await reply.json()) as {
    consents: { purpose: string; version: string; text: string }[];
  };
  return consents.map(({ purpose, version, text }) => ({
    purpose,
    version,
    text_hash: createHash('sha256').update(text).digest('hex'),
    locale: 'en',
    granted: true,
  }));
}
