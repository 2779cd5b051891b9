import { inject } from 'vitest';

/** One row as recruiters read it. */
export interface Row {
  entry_id: string;
  role: string;
  text: string;
  status: string;
  call_id: string;
  call_ordinal: number;
  source: string;
}

/** A session as recruiters see it. */
export interface SessionRow {
  id: string;
  status: string;
  phase: string;
  end_reason: string | null;
  gaps: unknown[];
}

/** What a signed-in recruiter asks of the API; only row-level security stands between it and the tables. */
export class Recruiter {
  readonly #headers: Record<string, string>;

  private constructor(accessToken: string) {
    this.#headers = {
      apikey: inject('stack').publishableKey,
      authorization: `Bearer ${accessToken}`,
      'content-type': 'application/json',
    };
  }

  static async signIn(): Promise<Recruiter> {
    const { supabaseUrl, publishableKey, recruiter } = inject('stack');
    const reply = await fetch(`${supabaseUrl}/auth/v1/token?grant_type=password`, {
      method: 'POST',
      headers: { apikey: publishableKey, 'content-type': 'application/json' },
      body: JSON.stringify(recruiter),
    });
    const { access_token: token } = (await reply.json()) as { access_token: string };
    return new Recruiter(token);
  }

  /** Makes an invitation to an interview. */
  async invite(interview: string, maxUses = 1): Promise<{ id: string; token: string }> {
    return (await this.rpc('create_invitation', {
      p_interview: interview,
      p_max_uses: maxUses,
    })) as { id: string; token: string };
  }

  /** The newest session of an invitation. */
  async session(invitationId: string): Promise<SessionRow | undefined> {
    const [row] = await this.read<SessionRow>(
      `interview_sessions?invitation_id=eq.${invitationId}&order=created_at.desc&limit=1`,
    );
    return row;
  }

  /** The transcript as everybody reads it. */
  transcript(sessionId: string): Promise<Row[]> {
    return this.read(`transcript_current?session_id=eq.${sessionId}&order=ordinal`);
  }

  /** One side's rows alone. */
  async transcriptOf(sessionId: string, source: 'browser' | 'server'): Promise<Row[]> {
    return (await this.rpc('transcript_of_source', {
      p_session: sessionId,
      p_source: source,
    })) as Row[];
  }

  async report(sessionId: string): Promise<Record<string, unknown> | undefined> {
    const [row] = await this.read<{ report: Record<string, unknown> }>(
      `interview_reports?session_id=eq.${sessionId}`,
    );
    return row?.report;
  }

  /** Calls a database function. */
  async rpc(name: string, parameters: unknown): Promise<unknown> {
    const reply = await fetch(`${inject('stack').supabaseUrl}/rest/v1/rpc/${name}`, {
      method: 'POST',
      headers: this.#headers,
      body: JSON.stringify(parameters),
    });
    if (!reply.ok) throw new Error(`${name}: ${reply.status} ${await reply.text()}`);
    return reply.json();
  }

  /** Reads rows. */
  async read<T>(query: string): Promise<T[]> {
    const reply = await fetch(`${inject('stack').supabaseUrl}/rest/v1/${query}`, {
      headers: this.#headers,
    });
    if (!reply.ok) throw new Error(`${query}: ${reply.status} ${await reply.text()}`);
    return (await reply.json()) as T[];
  }
}
