import { createHash } from 'node:crypto';

/** What the names of all built files begin with. */
const NAME = 'ai-interview-room';

/** Names and contents of files. */
export type Files = ReadonlyMap<string, string>;

/**
 * The files as a site copies them: each name tells the version, also where one loads another. Nothing else in them reads
 * like the name of a file. Source maps stay behind.
 */
export function withVersion(files: Files, version: string): Files {
  const named = (text: string): string => text.replaceAll(`${NAME}.`, `${NAME}-${version}.`);
  const withoutMap = (code: string): string => code.replace(/\n\/\/# sourceMappingURL=.*/, '');
  return new Map([...files].map(([name, code]) => [named(name), named(withoutMap(code))]));
}

/** What a page names so that the browser refuses any other file (W3C Subresource Integrity). */
export function integrityOf(code: string): string {
  return `sha384-${createHash('sha384').update(code).digest('base64')}`;
}

/**
 * What a page holds: the script, and by `modulepreload` the hash of each file that the script loads at once.
 *
 * @param first names of those files
 */
export function snippet(files: Files, version: string, first: readonly string[]): string {
  const main = `${NAME}-${version}.js`;
  const preload = first.map((name) => `${NAME}-${version}.${name}.js`);
  const hash = (name: string): string => integrityOf(files.get(name) ?? '');
  return [
    ...preload.map(
      (name) => `<link rel="modulepreload" href="/${name}" integrity="${hash(name)}" />`,
    ),
    `<script type="module" src="/${main}" integrity="${hash(main)}"></script>`,
  ].join('\n');
}
