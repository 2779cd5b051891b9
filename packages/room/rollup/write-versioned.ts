import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { languages, parts } from './beside.ts';
import { integrityOf, snippet, withVersion } from './versioned.ts';

/*
 * Runs after the build: writes the files under names that tell their version into `dist/versioned`, `integrity.json` beside
 * them, and prints what a page holds.
 */
const room = fileURLToPath(new URL('..', import.meta.url));
const { version } = JSON.parse(readFileSync(`${room}package.json`, 'utf8')) as { version: string };

/** Parts that every room loads while its first page is read. */
function atOnce(): string[] {
  const late = readFileSync(`${room}src/controllers/late.ts`, 'utf8');
  const sources = [...late.matchAll(/import\('\.\.\/(room\/[a-z-]+\.ts)'\)/g)].map(
    ([, path]) => path,
  );
  return Object.entries(parts)
    .filter(([, source]) => sources.some((path) => path && source.endsWith(`/src/${path}`)))
    .map(([name]) => name);
}

const names = ['', ...Object.keys({ ...parts, ...languages }).map((name) => `.${name}`)];
const built = new Map(
  names
    .map((name) => `ai-interview-room${name}.js`)
    .map((file) => [file, readFileSync(`${room}dist/${file}`, 'utf8')] as const),
);
const files = withVersion(built, version);
const hashes = Object.fromEntries([...files].map(([name, code]) => [name, integrityOf(code)]));

rmSync(`${room}dist/versioned`, { recursive: true, force: true });
mkdirSync(`${room}dist/versioned`);
for (const [name, code] of files) writeFileSync(`${room}dist/versioned/${name}`, code);
writeFileSync(`${room}dist/versioned/integrity.json`, `${JSON.stringify(hashes, null, 2)}\n`);

console.log(`\nFor a site, in dist/versioned:\n`);
for (const [name, hash] of Object.entries(hashes)) console.log(`${hash}  ${name}`);
console.log(`\n${snippet(files, version, atOnce())}\n`);
