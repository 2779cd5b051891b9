import { confirmed } from './confirm.ts';
import {
  button,
  byId,
  copyOf,
  dayOf,
  make,
  showItems,
  timeOf,
  valueOf,
  wordsOf,
} from './document.ts';
import type { Recruiting } from './recruiting.ts';
import { RefusedError } from './refusals.ts';
import { showDeliveries } from './webhook-deliveries.ts';
import { eventWords } from './webhook-events.ts';
import { deliveriesOf, endpointsOf, type Endpoint } from './webhook-rows.ts';

const refusals = {
  bad_request:
    'This address can not be used: it must begin with https://, without a user name and without “#”.',
  rate_limited: 'There are ten endpoints, which is the most. Delete one first.',
};

/** Where a tenant's events go: endpoints, the one place where a secret is shown, and what became of each event. */
export class WebhookDesk {
  readonly #recruiting: Recruiting;
  readonly #form = byId('webhook', HTMLFormElement);
  readonly #trouble = byId('webhook-trouble', HTMLElement);
  readonly #panel = byId('made-secret', HTMLElement);
  readonly #secret = byId('secret', HTMLInputElement);
  #tenant = '';
  #endpoints: Endpoint[] = [];
  /** The endpoint that the form changes; null while it makes a new one. */
  #changing: Endpoint | null = null;

  constructor(recruiting: Recruiting) {
    this.#recruiting = recruiting;
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#trouble.textContent = '';
      this.#url.removeAttribute('aria-invalid');
      this.#save().catch((error: unknown) => this.#tell(error));
    });
    byId('webhook-cancel', HTMLButtonElement).addEventListener('click', () => {
      this.#edit(null);
      this.#url.focus();
    });
    const copier = byId('copy-secret', HTMLButtonElement);
    copier.addEventListener('click', () => copyOf(this.#secret, copier));
    byId('hide-secret', HTMLButtonElement).addEventListener('click', () => {
      this.hide();
      this.#url.focus();
    });
  }

  /** Takes the secret from the screen and forgets what was being changed. */
  hide(): void {
    this.#panel.hidden = true;
    this.#secret.value = '';
    if (this.#changing !== null) this.#edit(null);
  }

  async show(tenant: string): Promise<void> {
    this.#tenant = tenant;
    this.#endpoints = await endpointsOf(this.#recruiting, tenant);
    byId('no-webhooks', HTMLElement).hidden = this.#endpoints.length > 0;
    const list = byId('webhooks', HTMLUListElement);
    const mark = JSON.stringify(this.#endpoints);
    if (list.dataset['mark'] !== mark) {
      list.dataset['mark'] = mark;
      showItems(
        list,
        this.#endpoints.map((endpoint) => this.#row(endpoint)),
      );
    }
    const [dead, others] = await Promise.all([
      deliveriesOf(this.#recruiting, tenant, 'dead'),
      deliveriesOf(this.#recruiting, tenant, 'others'),
    ]);
    showDeliveries(dead, others, {
      recruiting: this.#recruiting,
      endpoints: this.#endpoints,
      refresh: () => this.refresh(),
    });
  }

  /** Brings what is on screen up to date. */
  refresh(): Promise<void> {
    return this.show(this.#tenant);
  }

  get #url(): HTMLInputElement {
    return byId('webhook-url', HTMLInputElement);
  }

  get #types(): HTMLInputElement[] {
    return [...this.#form.querySelectorAll<HTMLInputElement>('input[name=type]')];
  }

  #tell(error: unknown): void {
    this.#trouble.textContent = wordsOf(error);
    if (error instanceof RefusedError && error.code === 'bad_request') {
      this.#url.ariaInvalid = 'true';
      this.#url.focus();
    }
  }

  async #save(): Promise<void> {
    const types = this.#types.filter(({ checked }) => checked).map(({ value }) => value);
    if (types.length === 0) throw new Error('Choose what it is told.');
    const fields = {
      p_url: valueOf(this.#form, 'url'),
      p_types: types,
      p_description: valueOf(this.#form, 'description'),
    };
    if (this.#changing === null) {
      const made = await this.#recruiting.call<{ secret: string }>(
        'create_webhook',
        { p_tenant: this.#tenant, ...fields },
        refusals,
      );
      this.#edit(null);
      await this.#told(made.secret);
    } else {
      const { id } = this.#changing;
      await this.#recruiting.call('change_webhook', { p_endpoint: id, ...fields }, refusals);
      this.#edit(null);
      await this.refresh();
      this.#url.focus();
    }
  }

  /** Fills the form with an endpoint that is to be changed, or empties it for a new one. */
  #edit(endpoint: Endpoint | null): void {
    this.#changing = endpoint;
    this.#form.reset();
    this.#trouble.textContent = '';
    this.#url.removeAttribute('aria-invalid');
    byId('webhook-title', HTMLElement).textContent =
      endpoint === null ? 'A new endpoint' : 'Change the endpoint';
    byId('webhook-save', HTMLElement).textContent = endpoint === null ? 'Add it' : 'Save';
    byId('webhook-cancel', HTMLElement).hidden = endpoint === null;
    if (endpoint === null) return;
    this.#url.value = endpoint.url;
    byId('webhook-description', HTMLInputElement).value = endpoint.description ?? '';
    for (const box of this.#types) box.checked = endpoint.types.includes(box.value);
    this.#url.focus();
  }

  async #told(secret: string): Promise<void> {
    this.#secret.value = secret;
    byId('copy-secret', HTMLElement).textContent = 'Copy the secret';
    this.#panel.hidden = false;
    this.#panel.scrollIntoView({ block: 'start' });
    this.#secret.focus({ preventScroll: true });
    this.#secret.select();
    await this.refresh();
  }

  #row(endpoint: Endpoint): HTMLLIElement {
    const { description, disabled_at: off, disabled_by: by } = endpoint;
    const label = off === null ? 'On' : by === 'gone' ? 'Off: it answered 410' : 'Off';
    const about = [
      endpoint.types.map((type) => eventWords[type] ?? type).join(', '),
      ...(description ? [description] : []),
      off === null ? `made ${dayOf(endpoint.created_at)}` : `off since ${timeOf(off)}`,
    ];
    const trouble = make('p', 'trouble');
    trouble.role = 'alert';
    return make(
      'li',
      'entry',
      make('h3', 'name', endpoint.url),
      make('span', `status ${off === null ? 'completed' : 'revoked'}`, label),
      make('p', 'note', about.join(' · ')),
      this.#buttons(endpoint, trouble),
      trouble,
    );
  }

  #buttons(endpoint: Endpoint, trouble: HTMLElement): HTMLElement {
    const tell = (words: string): void => {
      trouble.textContent = words;
    };
    const isOn = endpoint.disabled_at === null;
    const acts: [string, () => Promise<void> | void][] = [
      ...(isOn ? [['Test', () => this.#test(endpoint)] as [string, () => Promise<void>]] : []),
      ['Change', () => this.#edit(endpoint)],
      ['New secret', () => this.#rotate(endpoint)],
      [isOn ? 'Switch off' : 'Switch on', () => this.#enable(endpoint, !isOn)],
      ['Delete', () => this.#delete(endpoint)],
    ];
    const bar = make('div', 'row');
    for (const [label, act] of acts) {
      const made = button(label, 'quiet', act, tell);
      made.ariaLabel = `${label}: ${endpoint.url}`;
      bar.append(made);
    }
    return bar;
  }

  async #test({ id }: Endpoint): Promise<void> {
    const words = { rate_limited: 'Ten tests a minute are the most. Wait a little.' };
    await this.#recruiting.call('test_webhook', { p_endpoint: id }, words);
    await this.refresh();
  }

  async #rotate({ id, url }: Endpoint): Promise<void> {
    const details =
      'The new one is shown once. For another day events are signed with the former one too.';
    if (!(await confirmed(`A new secret for ${url}?`, details, 'Make a new secret'))) return;
    const words = { rate_limited: 'Five secrets at a time are the most. Wait for one to end.' };
    const made = await this.#recruiting.call<{ secret: string }>(
      'rotate_webhook_secret',
      { p_endpoint: id },
      words,
    );
    await this.#told(made.secret);
  }

  async #enable({ id, url }: Endpoint, on: boolean): Promise<void> {
    const details = 'What waits for it is given up. That can be replayed once it is on again.';
    if (!on && !(await confirmed(`Switch ${url} off?`, details, 'Switch off'))) return;
    await this.#recruiting.call('change_webhook', { p_endpoint: id, p_enabled: on });
    await this.refresh();
  }

  async #delete({ id, url }: Endpoint): Promise<void> {
    const details =
      'It gets nothing any more, and what was delivered is forgotten. This can not be undone.';
    if (!(await confirmed(`Delete the endpoint ${url}?`, details, 'Delete'))) return;
    await this.#recruiting.call('delete_webhook', { p_endpoint: id });
    if (this.#changing?.id === id) this.#edit(null);
    await this.refresh();
  }
}
