import { readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { esbuildPlugin } from '@web/dev-server-esbuild';
import { chromeLauncher } from '@web/test-runner-chrome';
import { browserFlags, findBrowser } from './src/browser.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

const built = ['/packages/room/dist', '/packages/room/dist/versioned'];

/** Built files come as they are: a page names them by their hash. */
function asBuilt(context, next) {
  if (!built.includes(dirname(context.path))) return next();
  context.type = context.path.endsWith('.json') ? 'json' : 'js';
  context.body = readFileSync(`${root}${dirname(context.path).slice(1)}/${basename(context.path)}`);
}

export default {
  rootDir: root,
  files: [`${root}packages/*/src/**/*.browser.test.ts`],
  nodeResolve: { exportConditions: ['source', 'development', 'browser'] },
  concurrency: 1,
  middleware: [asBuilt],
  browsers: [
    chromeLauncher({
      launchOptions: { executablePath: findBrowser(), args: browserFlags, headless: true },
    }),
  ],
  plugins: [
    esbuildPlugin({
      ts: true,
      target: 'es2022',
      tsconfig: fileURLToPath(new URL('../room/tsconfig.json', import.meta.url)),
    }),
  ],
};
