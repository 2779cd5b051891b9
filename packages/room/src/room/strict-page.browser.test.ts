import { expect } from 'chai';
import { furnishLive } from '../testing/furnish.ts';
import { clearPage, until } from '../testing/page.ts';
import { SessionDouble } from '../testing/session-double.ts';

const policy = [
  "script-src 'self'",
  "style-src 'self'",
  "require-trusted-types-for 'script'",
  "trusted-types lit-html 'allow-duplicates'",
].join('; ');

/** A page of its own that allows next to nothing, with the room's script in it. */
async function strictPage(): Promise<{ page: Window & typeof globalThis; refused: string[] }> {
  const frame = document.createElement('iframe');
  frame.className = 'placed';
  frame.srcdoc = `<!doctype html><html lang="en"><meta http-equiv="content-security-policy" content="${policy}">
    <title>Strict</title><body><script type="module" src="/packages/room/src/index.ts"></script></body></html>`;
  const loaded = new Promise((resolve) => frame.addEventListener('load', resolve));
  document.body.append(frame);
  await loaded;
  const page = frame.contentWindow as (Window & typeof globalThis) | null;
  if (page === null) throw new Error('The page has no window.');
  const refused: string[] = [];
  page.document.addEventListener('securitypolicyviolation', (event) => {
    refused.push(`${event.violatedDirective} ${event.sample}`);
  });
  return { page, refused };
}

describe('a page with a strict content security policy', () => {
  afterEach(clearPage);

  it('shows the whole talk, styled, and nothing is refused', async () => {
    const { page, refused } = await strictPage();
    await until(
      () => page.customElements.get('ai-interview-room') !== undefined,
      () => `The room was not defined. Refused: ${refused.join()}`,
    );
    const session = new SessionDouble();
    const { room } = await furnishLive(session, page.document);
    expect(page.getComputedStyle(room).display).to.equal('block');
    const stage = room.renderRoot.querySelector('.stage');
    expect(stage !== null && page.getComputedStyle(stage).display).to.equal('grid');
    session.heard = { candidate: 0.6, interviewer: 0.6 };
    const ring = room.renderRoot.querySelector('ai-interview-visualizer')?.shadowRoot;
    const before = ring?.querySelector('.spokes')?.getAttribute('d');
    await until(
      () => ring?.querySelector('.spokes')?.getAttribute('d') !== before,
      () => 'The ring never moved.',
    );
    expect(refused).to.deep.equal([]);
    // The same page does refuse what it should.
    const attempt = page.document.createElement('p');
    attempt.setAttribute('style', 'color: red');
    page.document.body.append(attempt);
    await until(
      () => refused.length > 0,
      () => 'The policy is not in force.',
    );
  });
});
