import { createClient, type SupabaseClient } from '@supabase/supabase-js';

/** What the page's server tells it; `recruiter` on a local stack only. */
export interface Config {
  supabaseUrl: string;
  publishableKey: string;
  /** Page that holds the room. */
  candidatePage: string;
  recruiter?: { email: string; password: string };
}

export interface Interview {
  id: string;
  title: string;
}

export interface Session {
  id: string;
  status: 'created' | 'active' | 'ending' | 'completed' | 'abandoned' | 'cancelled';
  end_reason: string | null;
  created_at: string;
  started_at: string | null;
  interviews: { title: string } | null;
  candidates: { name: string | null; email: string | null } | null;
  interview_invitations: { note: string | null } | null;
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

/** Everything that a recruiter asks of the database. Row-level security decides what comes back. */
export class Recruiting {
  readonly #client: SupabaseClient;

  constructor({ supabaseUrl, publishableKey }: Config) {
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

  async interviews(): Promise<Interview[]> {
    const reply = await this.#client.from('interviews').select('id,title').order('title');
    return rowsOf(reply) as Interview[];
  }

  /** The newest 50. */
  async sessions(): Promise<Session[]> {
    const reply = await this.#client
      .from('interview_sessions')
      .select(
        'id,status,end_reason,created_at,started_at,interviews(title),candidates(name,email),interview_invitations(note)',
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

  /** Makes an invitation; its token is told this once. */
  async invite(interviewId: string, note: string): Promise<string> {
    const reply = await this.#client.rpc('create_invitation', {
      p_interview: interviewId,
      p_note: note === '' ? null : note,
    });
    if (reply.error) throw reply.error;
    const made = reply.data as { token: string } | { error: string };
    if ('error' in made) throw new Error(`The invitation was refused (${made.error}).`);
    return made.token;
  }
}

function rowsOf(reply: { data: unknown; error: Error | null }): unknown {
  if (reply.error) throw reply.error;
  return reply.data ?? [];
}
