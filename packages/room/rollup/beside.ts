import { readdirSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'rollup';
import type { Piece } from './syntax-tree.ts';

/*
 * The script-tag file is small since much of it lies beside it, as `ai-interview-room.<name>.js`: parts that a page takes
 * while it comes up or goes live, parts that few need, and languages. Names are of a-z, 0-9 and hyphens. What else the SDK
 * loads on demand is in the main file, since a candidate may be offline when it is needed.
 */
const packages = fileURLToPath(new URL('../..', import.meta.url));
const rtc = (path: string): string => `${packages}rtc/src/${path}.ts`;
const room = (path: string): string => `${packages}room/src/${path}.ts`;

/** Name and source of each part. Whoever adds one loads it by `import()`, and in a room by `controllers/late.ts`. */
export const parts: Readonly<Record<string, string>> = {
  alone: rtc('session/alone'),
  http: rtc('signalling/http'),
  'ask-proxy': rtc('signalling/ask-proxy'),
  practice: rtc('media/practice'),
  'start-by-client': rtc('session/start-by-client'),
  'keep-call': rtc('session/keep-call'),
  candidate: rtc('session/candidate'),
  resumable: rtc('session/resumable'),
  'late-rows': rtc('session/late-rows'),
  'by-token': room('room/by-token'),
  'define-late': room('room/define-late'),
  check: room('room/check'),
  help: room('room/help'),
  live: room('room/live'),
  bar: room('room/talk-bar'),
  after: room('room/after'),
};

/** By the moment at which its words are needed; each is a file beside the script. */
const moments = ['core', 'before', 'check', 'help', 'steps', 'live', 'trouble', 'after'];

const translations = `${packages}room/src/translations/`;

/** What we speak beside English: every file in the folder that is named by a tag, which other modules there are not. */
const tags = readdirSync(translations)
  .map((file) => /^([a-z]{2,3}(?:-[a-z0-9]+)*)\.ts$/.exec(file)?.[1] ?? 'en')
  .filter((tag) => tag !== 'en');

/** Name and source of each moment of each language. */
export const languages: Readonly<Record<string, string>> = Object.fromEntries(
  tags.flatMap((tag) =>
    moments.map((moment) => [`${tag}-${moment}`, `${translations}${tag}.ts?${moment}`]),
  ),
);

/** In the main file stands in for `languages.ts`: there a language is several files. */
const languagesBeside = `
  const load = async (tag) => Object.assign({}, ...(await Promise.all(
    ${JSON.stringify(moments.join(' '))}.split(' ').map((moment) => import(\`./ai-interview-room.\${tag}-\${moment}.js\`)))));
  export const languages = Object.fromEntries(
    ${JSON.stringify(tags.join(' '))}.split(' ').map((tag) => [tag, () => load(tag)]));`;

/** What the main file has instead of elements and words that come later. */
const instead: Readonly<Record<string, string>> = {
  [room('transcript/transcript')]: 'export const AiInterviewTranscript = null;',
  [room('visualizer/visualizer')]: 'export const AiInterviewVisualizer = null;',
  [room('device-check/device-check')]: 'export const AiInterviewDeviceCheck = null;',
  [room('translations/en/check')]: 'export const check = {};',
  [room('translations/en/help')]: 'export const help = {};',
  [room('translations/en/steps')]: 'export const steps = {};',
  [room('translations/en/live')]: 'export const live = {};',
  [room('translations/en/after')]: 'export const after = {};',
  [room('translations/languages')]: languagesBeside,
};

/** The module that a relative import means. */
function meant(source: string, importer: string | undefined): string | null {
  return importer !== undefined && source.startsWith('.')
    ? resolve(dirname(importer), source)
    : null;
}

/** In the main file: leaves to the files beside it what is theirs. */
export const besideTheScript: Plugin = {
  name: 'beside-the-script',
  resolveId(source, importer) {
    const id = meant(source, importer);
    return id !== null && id in instead ? `\0instead:${id}` : null;
  },
  load: (id) => (id.startsWith('\0instead:') ? instead[id.slice('\0instead:'.length)] : null),
  resolveDynamicImport(specifier, importer) {
    const source = typeof specifier === 'string' ? meant(specifier, importer) : null;
    const part = Object.entries(parts).find(([, path]) => path === source);
    return part ? { id: `./ai-interview-room.${part[0]}.js`, external: 'relative' } : null;
  },
  renderDynamicImport: () => ({ left: 'again(', right: ')' }),
};

/**
 * Loads a file beside the script, and once more under another address where that fails: most browsers remember a failure
 * for as long as the page is open. Not where the page names a hash: none is named for that other address. Stands in front
 * of the main file.
 */
export const again = `const loaded = {}, again = (path) => loaded[path] ??= import(path)
  .catch((error) => {
    if (document.querySelector('link[integrity][href$="' + path.slice(1) + '"]')) throw error;
    return import(path + '?' + Date.now());
  })
  .catch((error) => { delete loaded[path]; throw error; });`;

interface Export extends Piece {
  source?: { value: string };
  specifiers?: { exported: { name: string } }[];
}

/**
 * In a file beside the script: takes from it what `shared.ts` lists, so that it is there once and an error of one is one
 * of the other. What that list misses fails to build, rather than to be there twice.
 */
export function sharedWithTheScript(): Plugin {
  const list = room('shared');
  let names: string[] = [];
  const modules = new Set<string>([rtc('errors')]);
  return {
    name: 'shared-with-the-script',
    async buildStart() {
      // Directives reach for what is below `lit`: a second one of that would not know the first one's templates.
      for (const below of ['lit-html', 'lit-element/lit-element.js', '@lit/reactive-element']) {
        const module = await this.resolve(below, list);
        if (module !== null) modules.add(module.id);
      }
      const code = readFileSync(list, 'utf8');
      for (const piece of this.parse(code).body as Export[]) {
        const { source, specifiers = [] } = piece;
        if (source === undefined) this.error('The list holds nothing but `export … from`.');
        const module = await this.resolve(source.value, list);
        if (module !== null) modules.add(module.id);
        names = [...names, ...specifiers.map(({ exported }) => exported.name)];
      }
    },
    async resolveId(source, importer) {
      if (importer === undefined) return source.includes('?') ? `\0moment:${source}` : null;
      if (source.startsWith('\0moment:')) return null;
      const module = await this.resolve(source, importer, { skipSelf: true });
      return module !== null && modules.has(module.id) ? '\0shared' : null;
    },
    load: (id) =>
      id.startsWith('\0moment:')
        ? `export { ${id.split('?')[1]} } from '${id.slice('\0moment:'.length).split('?')[0]}';`
        : id === '\0shared'
          ? `export const { ${names.join(', ')} } = customElements.get('ai-interview-room').shared;
           export const isInterviewErrorCode = (value) => interviewErrorCodes.includes(value);`
          : null,
  };
}
