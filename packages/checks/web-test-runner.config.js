import { fileURLToPath } from 'node:url';
import { esbuildPlugin } from '@web/dev-server-esbuild';
import { chromeLauncher } from '@web/test-runner-chrome';
import { browserFlags, findBrowser } from './src/browser.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

export default {
  rootDir: root,
  files: [`${root}packages/*/src/**/*.browser.test.ts`],
  nodeResolve: { exportConditions: ['source', 'development', 'browser'] },
  concurrency: 1,
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
