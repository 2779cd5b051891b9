import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findCycle, importsOf, isTest, root, sources, type Import } from './imports.ts';

const folders = [
  'packages/protocol/src',
  'packages/rtc/src',
  'packages/room/src',
  'packages/simulator/src',
  'packages/local-stack/src',
  'packages/checks/src',
  'proxy/src',
  'supabase/functions',
];

/** Imports of the shipped files of a folder that `allowed` does not cover. */
function strangers(folder: string, allowed: (one: Import) => boolean): string[] {
  return (
    sources(folder)
      .filter((path) => !isTest(path))
      .flatMap(importsOf)
      .filter((one) => !(one.target?.startsWith(`${folder}/`) ?? allowed(one)))
      // Made from the migrations: whoever calls the database may know its types, of which nothing is left at run time.
      .filter((one) => !(one.typeOnly && one.target === 'supabase/database.types.ts'))
      .map((one) => `${one.from} imports ${one.specifier}`)
  );
}

const oneOf =
  (...patterns: (string | RegExp)[]) =>
  (one: Import) =>
    patterns.some((pattern) =>
      typeof pattern === 'string' ? pattern === one.specifier : pattern.test(one.specifier),
    );

/** `transport` for `packages/rtc/src/transport/webrtc.ts`, null for files at the top. */
function rtcRoom(path: string | null): string | null {
  return /^packages\/rtc\/src\/([^/]+)\//.exec(path ?? '')?.[1] ?? null;
}

/** A function is a part of its own, since each is deployed alone. */
function partDepth(path: string): number {
  if (path.startsWith('packages/')) return 2;
  return path.startsWith('supabase/functions/') ? 3 : 1;
}

describe('who may import what', () => {
  it('lets protocol import zod/mini and nothing else', () => {
    expect(strangers('packages/protocol/src', oneOf('zod/mini'))).toEqual([]);
  });

  it('lets rtc import protocol and nothing else', () => {
    expect(strangers('packages/rtc/src', oneOf('@interview/protocol'))).toEqual([]);
  });

  it('lets room import lit and the door of rtc', () => {
    expect(strangers('packages/room/src', oneOf(/^lit(\/|$)/, '@interview/rtc'))).toEqual([]);
  });

  it('lets the simulator and the proxy import protocol, but no other part', () => {
    const allowed = (one: Import): boolean =>
      one.specifier === '@interview/protocol' || !/^(@interview\/|\.)/.test(one.specifier);
    expect(strangers('packages/simulator/src', allowed)).toEqual([]);
    expect(strangers('proxy/src', allowed)).toEqual([]);
  });

  it('lets a function import protocol and _shared, never another function', () => {
    const bad = sources('supabase/functions')
      .flatMap(importsOf)
      .filter((one) => {
        if (!one.target) return /^@interview\/(?!protocol$)/.test(one.specifier);
        const own = one.from.split('/')[2];
        const other = one.target.split('/')[2];
        return other !== own && other !== '_shared' && !isTest(one.from);
      });
    expect(bad).toEqual([]);
  });

  it('lets examples use doors only', () => {
    const inside = sources('examples')
      .filter((path) => !path.startsWith('examples/e2e/'))
      .flatMap(importsOf)
      .filter((one) => one.target?.startsWith('examples/') === false);
    expect(inside).toEqual([]);
  });

  it('keeps the rooms of rtc apart: only the facade and session/ join them', () => {
    const shared = [
      'errors.ts',
      'logger.ts',
      'options.ts',
      'events.ts',
      'within.ts',
      'kept-text.ts',
    ];
    const joined = sources('packages/rtc/src')
      .filter((path) => !isTest(path))
      .filter((path) => !['session', null].includes(rtcRoom(path)))
      .flatMap(importsOf)
      .filter((one) => one.target !== null && !one.typeOnly)
      .filter((one) => rtcRoom(one.target) !== rtcRoom(one.from))
      .filter((one) => !shared.includes(basename(one.target ?? '')))
      .map((one) => `${one.from} imports ${one.specifier}`);
    expect(joined).toEqual([]);
  });

  it('lets only upstream/ know a provider', () => {
    const knows = sources('proxy/src')
      .filter((path) => !isTest(path) && !path.startsWith('proxy/src/upstream/'))
      .filter((path) => !['config.ts', 'app.ts', 'server.ts'].includes(basename(path)))
      .flatMap(importsOf)
      .filter((one) => /upstream\/.*openai/.test(one.target ?? ''))
      .map((one) => `${one.from} imports ${one.specifier}`);
    expect(knows).toEqual([]);
  });
});

describe('the house', () => {
  const shipped = folders.flatMap(sources).filter((path) => !isTest(path));

  it('has no drawer for odds and ends', () => {
    const drawers = shipped.filter((path) => /\/(utils?|helpers?|common|misc)\.ts$/.test(path));
    expect(drawers).toEqual([]);
  });

  it('has one door a package and no inner barrels', () => {
    const doors = shipped
      .filter((path) => basename(path) === 'index.ts')
      .filter(
        (path) => !/^(packages\/[^/]+\/src|supabase\/functions\/[^/]+)\/index\.ts$/.test(path),
      );
    expect(doors).toEqual([]);
  });

  it.each(folders)('%s has no import cycle', (folder) => {
    expect(findCycle(sources(folder))).toBeNull();
  });

  it('reads the environment in one file a part', () => {
    const readers = shipped.filter((path) =>
      /\bprocess\.env\b|\bDeno\.env\b/.test(readFileSync(join(root, path), 'utf8')),
    );
    const perPart = new Map<string, string[]>();
    for (const path of readers) {
      const part = path.split('/').slice(0, partDepth(path)).join('/');
      perPart.set(part, [...(perPart.get(part) ?? []), path]);
    }
    const crowded = [...perPart.values()].filter((paths) => paths.length > 1);
    expect(crowded).toEqual([]);
  });
});
