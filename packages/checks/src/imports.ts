import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

/** The repository's root, with a slash at its end. */
export const root = fileURLToPath(new URL('../../../', import.meta.url));

/** One import of one file. */
export interface Import {
  /** Importing file, from the repository's root. */
  from: string;
  /** As written. */
  specifier: string;
  /** Imported file from the root, for relative specifiers. */
  target: string | null;
  typeOnly: boolean;
}

/** Every TypeScript file below `folder`, from the repository's root; without what was built. */
export function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.tsx?$/.test(path) && !path.endsWith('.d.ts'))
    .filter((path) => !/(^|\/)(node_modules|dist|\.[^/]+)\//.test(path))
    .map((path) => join(folder, path));
}

/** True for tests and what only tests use. */
export function isTest(path: string): boolean {
  return /(\.test\.ts$)|(\/(tests?|testing|e2e|bench)\/)/.test(path);
}

/** Imports and re-exports of a file. */
export function importsOf(path: string): Import[] {
  const text = readFileSync(join(root, path), 'utf8');
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const found: Import[] = [];
  const add = (specifier: ts.Expression | undefined, typeOnly: boolean): void => {
    if (!specifier || !ts.isStringLiteral(specifier)) return;
    const target = specifier.text.startsWith('.')
      ? relative(root, resolve(root, dirname(path), specifier.text))
      : null;
    found.push({ from: path, specifier: specifier.text, target, typeOnly });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) {
      add(node.moduleSpecifier, isTypeOnly(node.importClause));
    } else if (ts.isExportDeclaration(node)) {
      add(node.moduleSpecifier, node.isTypeOnly);
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      add(node.arguments[0], false);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function isTypeOnly(clause: ts.ImportClause | undefined): boolean {
  if (!clause) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const named = clause.namedBindings;
  if (clause.name || !named || !ts.isNamedImports(named)) return false;
  return named.elements.length > 0 && named.elements.every((element) => element.isTypeOnly);
}

/** A cycle of value imports among `paths`, or null. */
export function findCycle(paths: readonly string[]): string[] | null {
  const edges = new Map(
    paths.map((path) => [
      path,
      importsOf(path).flatMap((one) => (one.target && !one.typeOnly ? [one.target] : [])),
    ]),
  );
  const done = new Set<string>();
  const trail: string[] = [];
  const walk = (path: string): string[] | null => {
    if (trail.includes(path)) return [...trail.slice(trail.indexOf(path)), path];
    if (done.has(path)) return null;
    trail.push(path);
    for (const next of edges.get(path) ?? []) {
      const cycle = walk(next);
      if (cycle) return cycle;
    }
    trail.pop();
    done.add(path);
    return null;
  };
  for (const path of paths) {
    const cycle = walk(path);
    if (cycle) return cycle;
  }
  return null;
}
