import { byId, copyOf, numberOf, showOptions, valueOf, wordsOf } from './document.ts';
import { invitationEmail } from './invitation-email.ts';
import type { Config, MadeInvitation, Membership, Plan, Recruiting } from './recruiting.ts';
import { RefusedError } from './refusals.ts';

const daySeconds = 86_400;

/** Names of fields as the database calls them. */
const fields: Record<string, string> = {
  name: 'name',
  email: 'email',
  note: 'note',
  expires_in_s: 'days',
  max_uses: 'uses',
  max_minutes: 'minutes',
};

/** The form that makes a link. Calls back with what was made, and for whom. */
export function inviteForm(
  recruiting: Recruiting,
  onMade: (made: MadeInvitation, interviewId: string, name: string | null) => void,
): void {
  const form = byId('invite', HTMLFormElement);
  const trouble = byId('invite-trouble', HTMLElement);
  const textOf = (name: string): string | null => valueOf(form, name) || null;
  const togglePerson = (): void => {
    byId('invite-person', HTMLFieldSetElement).disabled = (numberOf(form, 'uses') ?? 1) > 1;
  };
  form.addEventListener('input', togglePerson);

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    trouble.textContent = '';
    for (const field of form.elements) field.removeAttribute('aria-invalid');
    const interview = valueOf(form, 'interview');
    const isForOne = (numberOf(form, 'uses') ?? 1) === 1;
    const name = isForOne ? textOf('name') : null;
    recruiting
      .call<MadeInvitation>('create_invitation', {
        p_interview: interview,
        p_expires_in_s: (numberOf(form, 'days') ?? 14) * daySeconds,
        p_max_uses: numberOf(form, 'uses') ?? 1,
        p_note: textOf('note'),
        p_max_minutes: numberOf(form, 'minutes'),
        p_name: name,
        p_email: isForOne ? textOf('email') : null,
      })
      .then(
        (made) => {
          form.reset();
          togglePerson();
          onMade(made, interview, name);
        },
        (error: unknown) => {
          trouble.textContent = wordsOf(error);
          if (error instanceof RefusedError && error.field !== null) {
            const field = form.elements.namedItem(fields[error.field] ?? '');
            if (field instanceof HTMLElement) {
              field.ariaInvalid = 'true';
              field.focus();
            }
          }
        },
      );
  });
}

/** Fills in what candidates can be invited to: the newest versions that are not archived. */
export function showInvitable(plans: readonly Plan[]): void {
  const select = byId('invite', HTMLFormElement).querySelector('select');
  const offered = plans.filter(({ archived_at: archived }) => archived === null);
  if (select) {
    showOptions(
      select,
      offered.map(({ id, title, version }) => ({
        value: id,
        label: version === 1 ? title : `${title}, version ${version}`,
      })),
    );
  }
}

/** The one place where a link is shown. */
export class ShownLink {
  readonly #panel = byId('invited', HTMLElement);
  readonly #link = byId('link', HTMLInputElement);
  readonly #email = byId('email-text', HTMLTextAreaElement);
  readonly #pages: Pick<Config, 'candidatePage' | 'accountPage'>;

  constructor(pages: Pick<Config, 'candidatePage' | 'accountPage'>) {
    this.#pages = pages;
    for (const [id, field] of [
      ['copy', this.#link],
      ['copy-email', this.#email],
    ] as const) {
      const copier = byId(id, HTMLButtonElement);
      copier.addEventListener('click', () => copyOf(field, copier));
    }
    byId('hide-link', HTMLButtonElement).addEventListener('click', () => {
      this.hide();
      byId('invite', HTMLFormElement).querySelector('select')?.focus();
    });
  }

  show(
    made: MadeInvitation,
    about: { plan: Plan; memberships: readonly Membership[]; name: string | null },
  ): void {
    const { plan, memberships, name } = about;
    const page = plan.account_required ? this.#pages.accountPage : this.#pages.candidatePage;
    const link = `${page}#interview=${made.token}`;
    const tenant = memberships.find(({ tenant_id: id }) => id === plan.tenant_id);
    const company = tenant?.tenants.name ?? plan.inviter;
    this.#link.value = link;
    this.#email.value = invitationEmail({ plan, company, name, link, expires: made.expires_at });
    byId('copy', HTMLElement).textContent = 'Copy the link';
    byId('copy-email', HTMLElement).textContent = 'Copy the e-mail';
    this.#panel.hidden = false;
    this.#panel.scrollIntoView({ block: 'start' });
    this.#link.focus({ preventScroll: true });
    this.#link.select();
  }

  hide(): void {
    this.#panel.hidden = true;
    this.#link.value = '';
    this.#email.value = '';
  }
}
