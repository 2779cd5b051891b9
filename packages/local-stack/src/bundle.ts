import { basename, join } from 'node:path';
import { build, stop, type BuildFailure } from 'esbuild';
import { root } from './folders.ts';
import { StackError } from './stack-error.ts';

/** Scripts by the path at which pages load them. */
export type Scripts = ReadonlyMap<string, Uint8Array>;

const entries = {
  'ai-interview-room': 'packages/room/src/script-tag.ts',
  sdk: 'examples/sdk/main.ts',
  react: 'examples/react/main.tsx',
  vue: 'examples/vue/main.ts',
  account: 'examples/account/main.ts',
  recruiter: 'examples/recruiter/main.ts',
};

/** What Vue asks of whoever bundles it. */
const vueFlags = {
  __VUE_OPTIONS_API__: 'false',
  __VUE_PROD_DEVTOOLS__: 'false',
  __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
};

/**
 * Bundles what the example pages load, straight from source.
 *
 * @param mode `development`: frameworks check what they are asked, and React's StrictMode mounts everything twice.
 * @throws StackError with the first errors where something does not compile.
 */
export async function bundleScripts(
  mode: 'production' | 'development' = 'production',
): Promise<Scripts> {
  const outdir = join(root, 'assets');
  try {
    const { outputFiles } = await build({
      entryPoints: Object.fromEntries(
        Object.entries(entries).map(([name, path]) => [name, join(root, path)]),
      ),
      absWorkingDir: root,
      bundle: true,
      // Languages and what else is loaded on demand stay files of their own.
      splitting: true,
      format: 'esm',
      target: 'es2022',
      jsx: 'automatic',
      define: vueFlags,
      conditions: ['source', 'module', 'browser'],
      sourcemap: 'linked',
      chunkNames: 'chunk-[hash]',
      // It also tells esbuild which NODE_ENV the frameworks are to find.
      minify: mode === 'production',
      outdir,
      write: false,
      logLevel: 'silent',
    });
    return new Map(outputFiles.map((file) => [`/${basename(file.path)}`, file.contents]));
  } catch (error) {
    throw new StackError(describe(error), { cause: error });
  } finally {
    // Its process would stay beside the stack for nothing.
    await stop();
  }
}

function describe(error: unknown): string {
  const failed = (error as Partial<BuildFailure>).errors ?? [];
  const lines = failed.slice(0, 5).map(({ text, location }) => {
    return `  ${location ? `${location.file}:${location.line}: ` : ''}${text}`;
  });
  return `The pages' scripts could not be built.\n${lines.join('\n') || String(error)}`;
}
