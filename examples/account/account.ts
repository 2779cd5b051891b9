import { createClient, type SupabaseClient } from '@supabase/supabase-js';

/** What the page's server tells it. */
export interface Config {
  supabaseUrl: string;
  publishableKey: string;
  startUrl: string;
}

/** The candidate's account with Supabase Auth. Every step throws what Auth answered, for `remedyFor`. */
export class Account {
  /** Sends the signed-in user along: for an interview's option `supabase`. */
  readonly client: SupabaseClient;

  constructor({ supabaseUrl, publishableKey }: Config) {
    this.client = createClient(supabaseUrl, publishableKey, {
      // The address holds an invitation, and nothing that signs anybody in.
      auth: { detectSessionInUrl: false },
    }) as SupabaseClient;
  }

  /** Address of who is signed in, or null. */
  async signedIn(): Promise<string | null> {
    const { data } = await this.client.auth.getSession();
    return data.session?.user.email ?? null;
  }

  /** Sends a code that signs in once; an account is made where there is none yet. */
  async sendCode(email: string): Promise<void> {
    const { error } = await this.client.auth.signInWithOtp({ email });
    if (error) throw error;
  }

  async enterCode(email: string, token: string): Promise<void> {
    const { error } = await this.client.auth.verifyOtp({ email, token, type: 'email' });
    if (error) throw error;
  }

  async enterPassword(email: string, password: string): Promise<void> {
    const { error } = await this.client.auth.signInWithPassword({ email, password });
    if (error) throw error;
  }

  /** True where the address must be confirmed first, by the code in a message. */
  async create(email: string, password: string): Promise<boolean> {
    const { data, error } = await this.client.auth.signUp({ email, password });
    if (error) throw error;
    return data.session === null;
  }

  /** On this device: it works while the server can't be reached, too. */
  async signOut(): Promise<void> {
    await this.client.auth.signOut({ scope: 'local' });
  }
}
