import { describe, expect, it } from 'vitest';
import { integrityOf, snippet, withVersion } from '../../room/rollup/versioned.ts';

const built = new Map([
  [
    'ai-interview-room.js',
    'customElements.get("ai-interview-room");again("./ai-interview-room.live.js");import(`./ai-interview-room.${tag}.js`)\n//# sourceMappingURL=ai-interview-room.js.map\n',
  ],
  ['ai-interview-room.live.js', 'export const live = 1;'],
]);

describe('the files under names that tell their version', () => {
  const files = withVersion(built, '1.2.3');

  it('load each other by these names, and keep the name of the element', () => {
    expect([...files.keys()]).toEqual([
      'ai-interview-room-1.2.3.js',
      'ai-interview-room-1.2.3.live.js',
    ]);
    expect(files.get('ai-interview-room-1.2.3.js')).toBe(
      'customElements.get("ai-interview-room");again("./ai-interview-room-1.2.3.live.js");import(`./ai-interview-room-1.2.3.${tag}.js`)\n',
    );
  });

  it('are named in a page by the hash that a browser computes', async () => {
    const code = files.get('ai-interview-room-1.2.3.live.js') ?? '';
    const digest = await crypto.subtle.digest('SHA-384', new TextEncoder().encode(code));
    const hash = `sha384-${btoa(String.fromCharCode(...new Uint8Array(digest)))}`;
    expect(integrityOf(code)).toBe(hash);
    expect(snippet(files, '1.2.3', ['live']).split('\n')).toEqual([
      `<link rel="modulepreload" href="/ai-interview-room-1.2.3.live.js" integrity="${hash}" />`,
      expect.stringMatching(
        /^<script type="module" src="\/ai-interview-room-1\.2\.3\.js" integrity="sha384-\S{64}"><\/script>$/,
      ),
    ]);
  });
});
