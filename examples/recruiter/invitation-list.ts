import type { AdjustmentRequest } from './adjustment-rows.ts';
import { requestLines } from './adjustments.ts';
import { confirmed } from './confirm.ts';
import { decide } from './decide.ts';
import { button, byId, dayOf, make, showItems, timeOf } from './document.ts';
import { canDecide, canResend, stateOf } from './invitation-state.ts';
import type { Invitation, MadeInvitation, Recruiting } from './recruiting.ts';

/** What the list does with an invitation. */
export interface InvitationActions {
  recruiting: Recruiting;
  /** What candidates asked for, the newest first. */
  requests: readonly AdjustmentRequest[];
  mayWrite: boolean;
  isOwner: boolean;
  /** A link was made anew. */
  onResent: (made: MadeInvitation, invitation: Invitation) => void;
  /** Something changed. */
  refresh: () => Promise<void>;
}

/** Shows the newest invitations with what can be done with each. */
export function showInvitations(
  invitations: readonly Invitation[],
  actions: InvitationActions,
): void {
  byId('no-invitations', HTMLElement).hidden = invitations.length > 0;
  showItems(
    byId('invitations', HTMLUListElement),
    invitations.map((invitation) => row(invitation, actions)),
  );
}

/** Whom it is for, as well as that is known. */
export function nameOfInvitation(invitation: Invitation): string {
  const { candidate_name: name, candidate_email: email, note, max_uses: uses } = invitation;
  return name ?? email ?? note ?? (uses > 1 ? `A link for ${uses} people` : 'Somebody');
}

function row(invitation: Invitation, actions: InvitationActions): HTMLLIElement {
  const name = nameOfInvitation(invitation);
  const { state, label } = stateOf(invitation);
  const about = [
    invitation.interviews.title,
    name === invitation.candidate_email ? null : invitation.candidate_email,
    name === invitation.note ? null : invitation.note,
    invitation.max_minutes === null ? null : `at most ${invitation.max_minutes} minutes`,
    invitation.resent_at === null ? null : `sent again ${timeOf(invitation.resent_at)}`,
    `made ${dayOf(invitation.created_at)}`,
    state === 'open' ? `until ${dayOf(invitation.expires_at)}` : null,
  ].filter((part) => part !== null);
  const item = make(
    'li',
    'entry',
    make('h3', 'name', name),
    make('span', `status ${state}`, label),
    make('p', 'note', about.join(' · ')),
  );
  const requests = actions.requests.filter(({ invitation_id: id }) => id === invitation.id);
  item.append(...requests.flatMap(requestLines));
  const trouble = make('p', 'trouble');
  trouble.role = 'alert';
  item.append(buttons(invitation, actions, trouble), trouble);
  return item;
}

function buttons(
  invitation: Invitation,
  { recruiting, requests, mayWrite, isOwner, onResent, refresh }: InvitationActions,
  trouble: HTMLElement,
): HTMLElement {
  const tell = (words: string): void => {
    trouble.textContent = words;
  };
  const name = nameOfInvitation(invitation);
  const target = { p_invitation: invitation.id };
  const bar = make('div', 'row');
  const add = (label: string, act: () => Promise<void>): void => {
    const made = button(label, 'quiet', act, tell);
    made.ariaLabel = `${label}: ${name}`;
    bar.append(made);
  };
  if (mayWrite && canResend(invitation)) {
    add('New link', async () => {
      const sure = await confirmed(
        `A new link for ${name}?`,
        'The former link stops working at once. An interview that was begun goes on with the new one.',
        'Make a new link',
      );
      if (!sure) return;
      const made = await recruiting.call<MadeInvitation>('resend_invitation', target);
      await refresh();
      onResent(made, invitation);
    });
  }
  if (mayWrite && canDecide(invitation)) {
    const request = requests.find(
      ({ invitation_id: id, kind }) => id === invitation.id && kind !== 'help',
    );
    add(request === undefined || request.unasked ? 'Adjust' : 'Decide', async () => {
      const about = request ? { p_adjustment: request.id } : { p_invitation: invitation.id };
      const isDecided = await decide(recruiting, { name, target: about, request: request ?? null });
      if (isDecided) await refresh();
    });
  }
  if (mayWrite && invitation.revoked_at === null) {
    add('Revoke', async () => {
      const sure = await confirmed(
        `Revoke the invitation of ${name}?`,
        'Its link stops working at once, also for an interview that was begun. This can not be undone.',
        'Revoke',
      );
      if (!sure) return;
      await recruiting.call('revoke_invitation', target);
      await refresh();
    });
  }
  if (isOwner && invitation.interview_sessions.length === 0) {
    add('Delete', async () => {
      const sure = await confirmed(
        `Delete the invitation of ${name}?`,
        'Name, address and note are forgotten, and the link stops working. This can not be undone.',
        'Delete',
      );
      if (!sure) return;
      await recruiting.call('erase_invitation', target);
      await refresh();
    });
  }
  for (const session of invitation.interview_sessions.filter((one) => one.status !== 'cancelled')) {
    const link = make('a', 'quiet', 'Read the session');
    link.href = `#session=${session.id}`;
    link.ariaLabel = `Read the session: ${name}`;
    bar.append(link);
  }
  return bar;
}
