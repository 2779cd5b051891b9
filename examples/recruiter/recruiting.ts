import { createClient, type SupabaseClient } from '@supabase/supabase-js';
import type { InterviewDefinition, Rubric } from '@interview/protocol';
import type { Quality } from './connection-line.ts';
import { RefusedError } from './refusals.ts';

/** What the page's server tells it; `recruiter` on a local stack only. */
export interface Config {
  supabaseUrl: string;
  publishableKey: string;
  /** Page that holds the room. */
  candidatePage: string;
  /** The same for interviews that demand an account: candidates sign in there first. */
  accountPage: string;
  recruiter?: { email: string; password: string };
}

/** A tenant that the signed-in person belongs to. */
export interface Membership {
  tenant_id: string;
  role: 'owner' | 'recruiter' | 'reviewer';
  tenants: { name: string };
}

/** One version of an interview. */
export type Plan = Required<Omit<InterviewDefinition, 'external_id' | 'rubric'>> & {
  id: string;
  tenant_id: string;
  external_id: string | null;
  rubric: Rubric | null;
  rubric_approved_at: string | null;
  series_id: string;
  version: number;
  edits: number;
  copied_from: string | null;
  created_at: string;
  used_at: string | null;
  archived_at: string | null;
};

export interface Invitation {
  id: string;
  candidate_name: string | null;
  candidate_email: string | null;
  note: string | null;
  created_at: string;
  expires_at: string;
  revoked_at: string | null;
  resent_at: string | null;
  uses: number;
  max_uses: number;
  max_minutes: number | null;
  interview_id: string;
  interviews: { title: string };
  interview_sessions: { id: string; status: Session['status']; started_at: string | null }[];
}

/** What is told once: the token of a link. */
export interface MadeInvitation {
  id: string;
  token: string;
  expires_at: string;
}

export interface Session {
  id: string;
  status: 'created' | 'active' | 'ending' | 'completed' | 'abandoned' | 'cancelled';
  end_reason: string | null;
  created_at: string;
  started_at: string | null;
  device_open: boolean;
  /** Calls that were opened. */
  attempts: number;
  region: string | null;
  connected_at: string | null;
  quality: Quality;
  invitation_id: string | null;
  interviews: { title: string } | null;
  candidates: { name: string | null; email: string | null } | null;
  interview_invitations: { note: string | null; max_uses: number } | null;
}

export interface Line {
  entry_id: string;
  role: 'candidate' | 'interviewer' | 'system';
  text: string;
  status: 'final' | 'interrupted' | 'failed' | 'inaudible';
  started_ms: number | null;
  call_ordinal: number;
}

export interface Report {
  end_reason: string | null;
  duration_s: number | null;
  questions: { id: string; text: string; status: 'asked' | 'not_asked' }[];
  counts: { utterances: number; candidate: number; interviewer: number; gaps: number };
  transcript_sha256: string;
  /** Missing in reports from before there was such a thing. */
  unsupervised_calls?: number[];
}

/**
 * Everything that a recruiter asks of the database. Row-level security decides what comes back. Embedded rows name their
 * foreign key, since tables hang together in more ways than one.
 */
export class Recruiting {
  readonly #client: SupabaseClient;
  readonly #functions: string;
  readonly #key: string;

  constructor({ supabaseUrl, publishableKey }: Config) {
    this.#functions = `${supabaseUrl}/functions/v1`;
    this.#key = publishableKey;
    this.#client = createClient(supabaseUrl, publishableKey, {
      auth: { detectSessionInUrl: false },
    }) as SupabaseClient;
  }

  /** Email of who is signed in, or null. */
  async signedIn(): Promise<string | null> {
    const { data } = await this.#client.auth.getSession();
    return data.session?.user.email ?? null;
  }

  async signIn(email: string, password: string): Promise<void> {
    const { error } = await this.#client.auth.signInWithPassword({ email, password });
    if (error) throw error;
  }

  async signOut(): Promise<void> {
    // On this device: other devices stay signed in, and it works while the server can't be reached.
    await this.#client.auth.signOut({ scope: 'local' });
  }

  /** Tenants of the signed-in person, who sees the other members too. */
  async memberships(): Promise<Membership[]> {
    const { data } = await this.#client.auth.getSession();
    const reply = await this.#client
      .from('tenant_members')
      .select('tenant_id,role,tenants(name)')
      .eq('user_id', data.session?.user.id ?? '');
    return rowsOf(reply) as Membership[];
  }

  /** Every version of every plan, the newest of each first. */
  async plans(): Promise<Plan[]> {
    const reply = await this.#client
      .from('interviews')
      .select('*')
      .order('title')
      .order('version', { ascending: false });
    return rowsOf(reply) as Plan[];
  }

  /** The newest 100. */
  async invitations(): Promise<Invitation[]> {
    const reply = await this.#client
      .from('interview_invitations')
      .select(
        'id,candidate_name,candidate_email,note,created_at,expires_at,revoked_at,resent_at,uses,max_uses,max_minutes,interview_id,interviews!interview_invitations_interview_fkey(title),interview_sessions!interview_sessions_invitation_fkey(id,status,started_at)',
      )
      .order('created_at', { ascending: false })
      .limit(100);
    return rowsOf(reply) as Invitation[];
  }

  /** The newest 50. */
  async sessions(): Promise<Session[]> {
    const reply = await this.#client
      .from('interview_sessions')
      .select(
        'id,status,end_reason,created_at,started_at,device_open,attempts,region,connected_at,quality,invitation_id,interviews!interview_sessions_interview_fkey(title),candidates!interview_sessions_candidate_fkey(name,email),interview_invitations!interview_sessions_invitation_fkey(note,max_uses)',
      )
      .order('created_at', { ascending: false })
      .limit(50);
    return rowsOf(reply) as Session[];
  }

  async transcript(sessionId: string): Promise<Line[]> {
    const reply = await this.#client
      .from('transcript_current')
      .select('entry_id,role,text,status,started_ms,call_ordinal')
      .eq('session_id', sessionId)
      .order('ordinal');
    return rowsOf(reply) as Line[];
  }

  /** Null until the session was processed. */
  async report(sessionId: string): Promise<Report | null> {
    const reply = await this.#client
      .from('interview_reports')
      .select('report')
      .eq('session_id', sessionId);
    const [row] = rowsOf(reply) as { report: Report }[];
    return row?.report ?? null;
  }

  /** Asks an edge function with the rights of who is signed in; the reply is as it came, since the client decodes it. */
  async post(name: string, body: unknown): Promise<Response> {
    const { data } = await this.#client.auth.getSession();
    return fetch(`${this.#functions}/${name}`, {
      method: 'POST',
      headers: {
        apikey: this.#key,
        authorization: `Bearer ${data.session?.access_token ?? ''}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify(body),
    });
  }

  /** Rows that `ask` asks for, of a shape that the caller knows. */
  async rows<Row>(
    ask: (client: SupabaseClient) => PromiseLike<{ data: unknown; error: Error | null }>,
  ): Promise<Row[]> {
    return rowsOf(await ask(this.#client)) as Row[];
  }

  /**
   * Calls a function of the database.
   *
   * @param words what to say of a refusal with that code, where the desk's own words do not fit
   * @throws RefusedError where it was refused
   */
  async call<Reply>(
    name: string,
    parameters: Record<string, unknown>,
    words: Record<string, string> = {},
  ): Promise<Reply> {
    const reply = await this.#client.rpc(name, parameters);
    if (reply.error) throw reply.error;
    const refused = reply.data as { error?: string; field?: string };
    if (refused.error !== undefined) {
      throw new RefusedError(refused.error, refused.field ?? null, words[refused.error]);
    }
    return reply.data as Reply;
  }
}

function rowsOf(reply: { data: unknown; error: Error | null }): unknown {
  if (reply.error) throw reply.error;
  return reply.data ?? [];
}
