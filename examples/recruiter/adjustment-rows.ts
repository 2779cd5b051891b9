import type { Recruiting, Session } from './recruiting.ts';

/** Of the planned length; `none` is without a limit. */
export type Multiplier = '1' | '1.25' | '1.5' | '2' | 'none';

/** What a candidate asked for, or what was decided for them unasked, and what was decided, the newest last. */
export interface AdjustmentRequest {
  id: number;
  invitation_id: string | null;
  session_id: string | null;
  kind: 'adjustment' | 'human' | 'help';
  note: string;
  asked_at: string;
  unasked: boolean;
  adjustment_decisions: { id: number; multiplier: Multiplier; mode: 'voice' | 'text' | null }[];
}

/** The newest 200 of everybody, or those of one session and its invitation; the newest first. */
export function requestsOf(
  recruiting: Recruiting,
  about: { session: Session } | null,
): Promise<AdjustmentRequest[]> {
  return recruiting.rows((client) => {
    const all = client
      .from('adjustments')
      .select(
        'id,invitation_id,session_id,kind,note,asked_at,unasked,adjustment_decisions!adjustment_decisions_adjustment_fkey(id,multiplier,mode)',
      )
      .order('id', { ascending: false })
      .limit(200);
    if (about === null) return all;
    const { id, invitation_id: invitation, interview_invitations: known } = about.session;
    // Of a link for many, only what this session asked.
    const ofInvitation = `and(invitation_id.eq.${invitation},session_id.is.null)`;
    return invitation !== null && known?.max_uses === 1
      ? all.or(`session_id.eq.${id},${ofInvitation}`)
      : all.eq('session_id', id);
  });
}
