import { expect } from 'chai';
import { until } from './testing/page.ts';

/* The built files in pages of their own; `npm run build` comes first, as it does in `npm test`. */

const SCRIPT = '/packages/room/dist/ai-interview-room.js';

type Page = Window & typeof globalThis & { warned: string[] };

/** A page with a style of its own that holds `body`, and what it warned of. */
async function openPage(body: string): Promise<Page> {
  const frame = document.createElement('iframe');
  frame.className = 'own-page';
  frame.srcdoc = `<!doctype html><html lang="en"><title>Host</title>
    <style>body { margin: 7px; color: rgb(1, 2, 3); font: 17px serif } p { letter-spacing: 2px }</style>
    <script>
      window.warned = [];
      console.warn = (...said) => window.warned.push(said.join(' '));
    </script><body>${body}</body></html>`;
  const loaded = new Promise((resolve) => frame.addEventListener('load', resolve));
  document.body.append(frame);
  await loaded;
  return frame.contentWindow as Page;
}

async function defined(page: Page): Promise<void> {
  await until(
    () => page.customElements.get('ai-interview-room') !== undefined,
    () => 'The room was not defined.',
  );
}

/** What the page looks like, element by element. */
function look(page: Page): string[] {
  return ['html', 'body', 'p'].map((name) => {
    const element = page.document.querySelector(name);
    return element === null ? '' : JSON.stringify([...styleOf(page, element)]);
  });
}

function* styleOf(page: Page, element: Element): Iterable<[string, string]> {
  const style = page.getComputedStyle(element);
  for (const name of style) yield [name, style.getPropertyValue(name)];
}

async function addScript(page: Page, src: string, integrity = ''): Promise<void> {
  const script = page.document.createElement('script');
  script.integrity = integrity;
  script.type = 'module';
  script.src = src;
  await new Promise((resolve, reject) => {
    script.addEventListener('load', resolve);
    script.addEventListener('error', reject);
    page.document.head.append(script);
  });
}

/** An element that the page makes with a Lit of its own, which says much where it does not like something. */
async function addGreeting(page: Page): Promise<void> {
  const script = page.document.createElement('script');
  script.type = 'module';
  script.textContent = `import { LitElement, html } from '/node_modules/lit/index.js';
    customElements.define('page-greeting', class extends LitElement {
      render() { return html\`<b>Hello from the page</b>\`; }
    });`;
  page.document.head.append(script);
  await until(
    () => page.customElements.get('page-greeting') !== undefined,
    () => 'The page did not come up.',
  );
}

describe('the script-tag file in a page', () => {
  afterEach(() => {
    for (const frame of document.querySelectorAll('.own-page')) frame.remove();
  });

  it('changes nothing of the look of the page and adds no style to it', async () => {
    const page = await openPage('<p>Words of the page</p>');
    const before = look(page);
    const attributes = page.document.documentElement.outerHTML;
    await addScript(page, SCRIPT);
    await defined(page);
    expect(look(page)).to.deep.equal(before);
    expect(page.document.styleSheets).to.have.length(1);
    expect(page.document.adoptedStyleSheets).to.have.length(0);
    page.document.querySelector('script[src]')?.remove();
    expect(page.document.documentElement.outerHTML).to.equal(attributes);
  });

  it('evaluates nothing of itself when it is loaded a second time', async () => {
    const page = await openPage('');
    await addScript(page, SCRIPT);
    await defined(page);
    const first = page.customElements.get('ai-interview-room');
    // Lit makes its policy as soon as it is evaluated, and registers elements with it.
    const made: string[] = [];
    const { trustedTypes } = page as unknown as {
      trustedTypes: { createPolicy: (name: string, rules: object) => unknown };
    };
    const createPolicy = trustedTypes.createPolicy.bind(trustedTypes);
    trustedTypes.createPolicy = (name, rules) => {
      made.push(name);
      return createPolicy(name, rules);
    };
    await addScript(page, `${SCRIPT}?second`);
    expect(made).to.deep.equal([]);
    expect(page.customElements.get('ai-interview-room')).to.equal(first);
    // The spy does see a Lit that is evaluated.
    await addScript(page, '/node_modules/lit/index.js?other');
    expect(made).to.include('lit-html');
  });

  it('is taken by its version and hash, loads what belongs to it, and no file with another hash', async () => {
    const folder = '/packages/room/dist/versioned/';
    const reply = await fetch(`${folder}integrity.json`);
    const hashes = (await reply.json()) as Record<string, string>;
    const [main = '', ...others] = Object.keys(hashes);
    expect(main).to.match(/^ai-interview-room-\d+\.\d+\.\d+\.js$/);
    const page = await openPage('');
    await addScript(page, folder + main, hashes[main]);
    await defined(page);
    const loaded = (): string[] =>
      page.performance
        .getEntriesByType('resource')
        .map(({ name }) => name.split('/').at(-1) ?? '')
        .filter((name) => name.startsWith('ai-interview-room'));
    const elements = others.find((name) => name.endsWith('.define-late.js')) ?? '';
    await until(
      () => loaded().includes(elements),
      () => `Loaded: ${loaded().join()}`,
    );
    expect(loaded().filter((name) => !(name in hashes))).to.deep.equal([]);
    const other = await openPage('');
    const refused = addScript(other, folder + main, hashes[elements]);
    expect(await refused.catch(() => 'refused')).to.equal('refused');
  });

  it('takes no file beside it whose hash is not the one that the page names', async () => {
    const folder = '/packages/room/dist/versioned/';
    const reply = await fetch(`${folder}integrity.json`);
    const hashes = (await reply.json()) as Record<string, string>;
    const [main = '', ...others] = Object.keys(hashes);
    const elements = others.find((name) => name.endsWith('.define-late.js')) ?? '';
    const page = await openPage('');
    const link = page.document.createElement('link');
    Object.assign(link, { rel: 'modulepreload', href: folder + elements, integrity: hashes[main] });
    const checked = new Promise((resolve) => {
      link.addEventListener('error', () => resolve('refused'));
      link.addEventListener('load', () => resolve('taken'));
    });
    page.document.head.append(link);
    expect(await checked).to.equal('refused');
    await addScript(page, folder + main, hashes[main]);
    await defined(page);
    // It is asked for again after half a second.
    const end = performance.now() + 900;
    await until(
      () => performance.now() > end,
      () => '',
    );
    expect(page.customElements.get('ai-interview-transcript')).to.equal(undefined);
  });

  for (const order of ['before', 'after']) {
    it(`lives beside a Lit that the page loads ${order} it, and neither disturbs the other`, async () => {
      const page = await openPage(
        '<page-greeting></page-greeting><ai-interview-room></ai-interview-room>',
      );
      if (order === 'before') await addGreeting(page);
      await addScript(page, SCRIPT);
      await defined(page);
      if (order === 'after') await addGreeting(page);
      const inside = (name: string): string =>
        page.document.querySelector(name)?.shadowRoot?.textContent ?? '';
      await until(
        () => inside('ai-interview-room').includes('not set up'),
        () => inside('ai-interview-room'),
      );
      expect(inside('page-greeting')).to.contain('Hello from the page');
      expect(page.warned.filter((text) => text.includes('Multiple versions'))).to.deep.equal([]);
    });
  }
});
