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

interface ApiKey {
  id: string;
  name: string;
  scopes: string[];
  created_at: string;
  expires_at: string | null;
  revoked_at: string | null;
}

const scopeWords: Record<string, string> = {
  'sessions:start': 'start interviews',
  'invitations:write': 'invite candidates',
  'transcripts:read': 'read transcripts',
};

/** The form that makes a key of a tenant's backend, and the one place where it is shown. */
export class KeyDesk {
  readonly #recruiting: Recruiting;
  readonly #form = byId('new-key', HTMLFormElement);
  readonly #panel = byId('made-key', HTMLElement);
  readonly #key = byId('key', HTMLInputElement);
  #tenant = '';

  constructor(recruiting: Recruiting) {
    this.#recruiting = recruiting;
    const trouble = byId('new-key-trouble', HTMLElement);
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      trouble.textContent = '';
      this.#make().catch((error: unknown) => {
        trouble.textContent = wordsOf(error);
      });
    });
    const copier = byId('copy-key', HTMLButtonElement);
    copier.addEventListener('click', () => copyOf(this.#key, copier));
    byId('hide-key', HTMLButtonElement).addEventListener('click', () => this.hide());
  }

  hide(): void {
    this.#panel.hidden = true;
    this.#key.value = '';
  }

  async show(tenant: string): Promise<void> {
    this.#tenant = tenant;
    const keys = await this.#recruiting.rows<ApiKey>((client) =>
      client
        .from('tenant_api_keys')
        .select('id,name,scopes,created_at,expires_at,revoked_at')
        .order('created_at', { ascending: false }),
    );
    byId('no-keys', HTMLElement).hidden = keys.length > 0;
    showItems(
      byId('keys-list', HTMLUListElement),
      keys.map((key) => this.#row(key)),
    );
  }

  async #make(): Promise<void> {
    const scopes = [...this.#form.querySelectorAll<HTMLInputElement>('input[name=scope]')]
      .filter(({ checked }) => checked)
      .map(({ value }) => value);
    if (scopes.length === 0) throw new Error('Choose what it may do.');
    const { key } = await this.#recruiting.call<{ key: string }>('create_api_key', {
      p_tenant: this.#tenant,
      p_name: valueOf(this.#form, 'name'),
      p_scopes: scopes,
    });
    this.#form.reset();
    await this.#told(key);
  }

  async #told(key: string): Promise<void> {
    this.#key.value = key;
    byId('copy-key', HTMLElement).textContent = 'Copy the key';
    this.#panel.hidden = false;
    this.#key.focus();
    this.#key.select();
    await this.show(this.#tenant);
  }

  #row(key: ApiKey): HTMLLIElement {
    const isPast = key.expires_at !== null && Date.parse(key.expires_at) <= Date.now();
    const isDead = key.revoked_at !== null || isPast;
    const label = key.revoked_at !== null ? 'Revoked' : isPast ? 'Expired' : 'Works';
    const until = key.expires_at === null ? [] : [`until ${timeOf(key.expires_at)}`];
    const about = [
      `May ${key.scopes.map((scope) => scopeWords[scope] ?? scope).join(', ')}`,
      `made ${dayOf(key.created_at)}`,
      ...(isDead ? [] : until),
    ];
    const trouble = make('p', 'trouble');
    trouble.role = 'alert';
    const item = make(
      'li',
      'entry',
      make('h3', 'name', key.name),
      make('span', `status ${isDead ? 'revoked' : 'completed'}`, label),
      make('p', 'note', about.join(' · ')),
    );
    if (!isDead) item.append(this.#buttons(key, trouble));
    item.append(trouble);
    return item;
  }

  #buttons({ id, name }: ApiKey, trouble: HTMLElement): HTMLElement {
    const tell = (words: string): void => {
      trouble.textContent = words;
    };
    const rotate = async (): Promise<void> => {
      const details = 'The new one is shown once. The former one works for another day.';
      if (!(await confirmed(`A new key in place of “${name}”?`, details, 'Make a new key'))) return;
      const made = await this.#recruiting.call<{ key: string }>('rotate_api_key', { p_key: id });
      await this.#told(made.key);
    };
    const revoke = async (): Promise<void> => {
      const details = 'Whatever uses it is refused from now on. This can not be undone.';
      if (!(await confirmed(`Revoke the key “${name}”?`, details, 'Revoke'))) return;
      await this.#recruiting.call('revoke_api_key', { p_key: id });
      await this.show(this.#tenant);
    };
    const bar = make('div', 'row');
    for (const [label, act] of [
      ['Replace', rotate],
      ['Revoke', revoke],
    ] as const) {
      const made = button(label, 'quiet', act, tell);
      made.ariaLabel = `${label}: ${name}`;
      bar.append(made);
    }
    return bar;
  }
}
