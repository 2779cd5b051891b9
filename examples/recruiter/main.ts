import { addressed, views, type View } from './address.ts';
import { confirmed } from './confirm.ts';
import { requestsOf } from './adjustment-rows.ts';
import { byId, wordsOf } from './document.ts';
import { showFailedWork } from './failed-work.ts';
import { showInvitations } from './invitation-list.ts';
import { inviteForm, showInvitable, ShownLink } from './invite.ts';
import { KeyDesk } from './keys.ts';
import { PlanEditor } from './plan-editor.ts';
import { showPlans } from './plan-list.ts';
import {
  Recruiting,
  type Config,
  type MadeInvitation,
  type Membership,
  type Plan,
} from './recruiting.ts';
import { SessionPlace } from './session-place.ts';
import { signInForm } from './sign-in.ts';
import { WebhookDesk } from './webhooks.ts';

/** A recruiter's desk: plan, invite, watch a talk grow, read it and its report. */

const pollMs = 2000;
const trouble = byId('page-trouble', HTMLElement);

void main();

async function main(): Promise<void> {
  const config = (await (await fetch('/config.json')).json()) as Config;
  const desk = new Desk(config);
  signInForm(desk.recruiting, config, () => void desk.enter());
  byId('sign-out', HTMLButtonElement).addEventListener('click', () => {
    void desk.recruiting.signOut().then(() => desk.enter());
  });
  addEventListener('hashchange', ({ oldURL }) => void desk.leave(oldURL));
  document.addEventListener('visibilitychange', () => void desk.refresh());
  setInterval(() => void desk.refresh(), pollMs);
  await desk.enter();
}

/** What the signed-in person sees and does. */
class Desk {
  readonly recruiting: Recruiting;
  readonly #link: ShownLink;
  readonly #sessions: SessionPlace;
  readonly #keys: KeyDesk;
  readonly #webhooks: WebhookDesk;
  readonly #editor: PlanEditor;
  #memberships: Membership[] = [];
  #plans: Plan[] = [];
  #isRefreshing = false;

  constructor(config: Config) {
    this.recruiting = new Recruiting(config);
    this.#link = new ShownLink(config);
    this.#sessions = new SessionPlace(this.recruiting);
    this.#keys = new KeyDesk(this.recruiting);
    this.#webhooks = new WebhookDesk(this.recruiting);
    this.#editor = new PlanEditor(this.recruiting);
    inviteForm(this.recruiting, (made, interviewId, name) => {
      this.#showLink(made, interviewId, name);
      void this.#showInvitations();
    });
  }

  /** Shows the desk to whoever is signed in, else the door. */
  async enter(): Promise<void> {
    const email = await this.recruiting.signedIn();
    byId('who', HTMLElement).textContent = email;
    byId('sign-in', HTMLElement).hidden = email !== null;
    for (const id of ['sign-out', 'places']) byId(id, HTMLElement).hidden = email === null;
    this.#memberships = [];
    try {
      if (email !== null) this.#memberships = await this.recruiting.memberships();
      for (const id of ['go-keys', 'go-webhooks']) {
        byId(id, HTMLElement).hidden = !this.#is('owner');
      }
      byId('invite', HTMLElement).hidden = !this.#mayWrite;
      byId('new-plan', HTMLElement).hidden = !this.#mayWrite;
      await this.open();
    } catch (error) {
      trouble.textContent = wordsOf(error);
    }
  }

  /** Follows a new address, unless somebody would rather stay with what they wrote. */
  async leave(former: string): Promise<void> {
    if (this.#editor.isDirty()) {
      const question = 'Leave without saving?';
      const sure = await confirmed(question, 'What you wrote here is lost.', 'Leave');
      if (!sure) {
        history.replaceState(null, '', former);
        return;
      }
    }
    await this.open();
  }

  /** Follows the address. */
  async open(): Promise<void> {
    const { view, id } = addressed();
    const isIn = !byId('places', HTMLElement).hidden;
    for (const each of views) {
      byId(`view-${each}`, HTMLElement).hidden = !isIn || each !== view;
      const link = document.getElementById(`go-${each}`);
      const isHere = each === view || (each === 'plans' && view === 'plan');
      if (isHere) link?.setAttribute('aria-current', 'page');
      else link?.removeAttribute('aria-current');
      // On a phone the places are wider than the screen.
      if (isHere) link?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    }
    this.#link.hide();
    this.#keys.hide();
    this.#webhooks.hide();
    this.#editor.close();
    trouble.textContent = '';
    try {
      const isOffice = view === 'sessions' || view === 'webhooks';
      const failed = showFailedWork(this.recruiting, isOffice ? this.#owned : null);
      if (isIn) await this.#fill(view, id);
      await failed;
    } catch (error) {
      trouble.textContent = wordsOf(error);
    }
  }

  /** Brings sessions or deliveries on screen up to date; one run at a time, none while nobody looks. */
  async refresh(): Promise<void> {
    const isShown = (id: string): boolean => !byId(`view-${id}`, HTMLElement).hidden;
    if (this.#isRefreshing || document.hidden) return;
    this.#isRefreshing = true;
    try {
      if (isShown('sessions')) await this.#sessions.refresh(this.#mayWrite);
      else if (isShown('webhooks') && this.#is('owner')) await this.#webhooks.refresh();
      else return;
      trouble.textContent = '';
    } catch (error) {
      trouble.textContent = wordsOf(error);
    } finally {
      this.#isRefreshing = false;
    }
  }

  get #mayWrite(): boolean {
    return this.#is('owner') || this.#is('recruiter');
  }

  /** The tenant that the person owns, or null. */
  get #owned(): string | null {
    return this.#memberships.find(({ role }) => role === 'owner')?.tenant_id ?? null;
  }

  #is(role: Membership['role']): boolean {
    return this.#memberships.some((membership) => membership.role === role);
  }

  async #fill(view: View, id: string | null): Promise<void> {
    if (view === 'sessions') {
      this.#sessions.open(id);
      await this.refresh();
    } else if (view === 'invitations') {
      await this.#showInvitations();
    } else if (view === 'plans') {
      await this.#showPlans();
    } else if (view === 'plan') {
      await this.#openPlan(id);
      byId('plan-title', HTMLElement).focus({ preventScroll: true });
    } else {
      if (this.#owned === null) throw new Error('This is for owners. Ask one of them.');
      await (view === 'keys' ? this.#keys : this.#webhooks).show(this.#owned);
    }
  }

  async #showInvitations(): Promise<void> {
    const [plans, invitations, requests] = await Promise.all([
      this.recruiting.plans(),
      this.recruiting.invitations(),
      this.#mayWrite ? requestsOf(this.recruiting, null) : [],
    ]);
    this.#plans = plans;
    showInvitable(plans);
    showInvitations(invitations, {
      requests,
      recruiting: this.recruiting,
      mayWrite: this.#mayWrite,
      isOwner: this.#is('owner'),
      refresh: () => this.#showInvitations(),
      onResent: (made, invitation) => {
        this.#showLink(made, invitation.interview_id, invitation.candidate_name);
      },
    });
  }

  #showLink(made: MadeInvitation, interviewId: string, name: string | null): void {
    const plan = this.#plans.find(({ id }) => id === interviewId);
    if (plan) this.#link.show(made, { plan, memberships: this.#memberships, name });
  }

  async #showPlans(): Promise<void> {
    showPlans(await this.recruiting.plans(), {
      recruiting: this.recruiting,
      mayWrite: this.#mayWrite,
      isOwner: this.#is('owner'),
      refresh: () => this.#showPlans(),
    });
  }

  async #openPlan(id: string | null): Promise<void> {
    const plan = (await this.recruiting.plans()).find((one) => one.id === id) ?? null;
    if (plan === null && id !== 'new') throw new Error('There is no such plan.');
    const tenant =
      this.#memberships.find(({ tenant_id: of }) => of === plan?.tenant_id) ?? this.#memberships[0];
    if (!tenant) throw new Error('Your account belongs to no company yet.');
    this.#editor.open(plan, tenant, {
      isReadOnly: !this.#mayWrite,
      onSaved: async (saved) => {
        // Without a step in the history: going back leads to the list, not to what was replaced.
        history.replaceState(null, '', `#plan=${saved.id}`);
        await this.#openPlan(saved.id);
      },
    });
  }
}
