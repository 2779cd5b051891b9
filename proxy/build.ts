import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Takes the types away once, as node does at each start of what is still TypeScript: that takes half of the time until
 * the proxy is ready. `src` of the proxy and of the protocol become `dist` beside it; tests stay behind.
 */
const root = fileURLToPath(new URL('..', import.meta.url));

/** Modules of ours name each other with their extension. */
const ofOurs = /\b(from |import\()'(\.[^']*)\.ts'/g;

export function build(): void {
  for (const part of ['packages/protocol', 'proxy']) {
    const [from, to] = [join(root, part, 'src'), join(root, part, 'dist')];
    rmSync(to, { recursive: true, force: true });
    for (const file of globSync('**/*.ts', { cwd: from })) {
      if (/\.test\.ts$|^testing\//.test(file)) continue;
      const code = stripTypeScriptTypes(readFileSync(join(from, file), 'utf8'));
      const target = join(to, file.replace(/\.ts$/, '.js'));
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, code.replace(ofOurs, "$1'$2.js'"));
    }
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) build();
