import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { bundleScripts, type Scripts } from './bundle.ts';
import { root } from './folders.ts';

/** React says it in development only. */
const warning = 'The result of getSnapshot should be cached';

let scripts: Scripts;

beforeAll(async () => {
  scripts = await bundleScripts();
}, 30_000);

function text(all: Scripts, path: string): string {
  return new TextDecoder().decode(all.get(path));
}

describe('the scripts of the example pages', () => {
  it.each(['script-tag', 'sdk', 'react', 'vue', 'recruiter'])(
    'hold what %s asks for',
    async (page) => {
      const html = await readFile(join(root, 'examples', page, 'index.html'), 'utf8');
      const [, script = ''] = /<script type="module" src="([^"]+)"/.exec(html) ?? [];
      expect([...scripts.keys()]).toContain(script);
    },
  );

  it('are built for production, or for development where that is asked for', async () => {
    expect(text(scripts, '/react.js')).not.toContain(warning);
    expect(text(await bundleScripts('development'), '/react.js')).toContain(warning);
  }, 30_000);

  it('hold no compiler of templates, which a strict policy would refuse', () => {
    expect(text(scripts, '/vue.js')).not.toMatch(/new Function|Function\(/);
  });
});
