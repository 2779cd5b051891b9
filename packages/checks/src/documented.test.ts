import ts from 'typescript';
import { expect, it } from 'vitest';
import { root } from './imports.ts';

const doors = ['src/index.ts', 'src/testing/testing.ts'].map(
  (path) => `${root}packages/rtc/${path}`,
);

/** Names that a door exports, whose docstring has no example. */
function withoutExample(program: ts.Program, door: string): string[] {
  const types = program.getTypeChecker();
  const source = program.getSourceFile(door);
  const module = source && types.getSymbolAtLocation(source);
  const names = module ? types.getExportsOfModule(module) : [];
  expect(names).not.toEqual([]);
  return names
    .filter((name) => {
      const own = name.flags & ts.SymbolFlags.Alias ? types.getAliasedSymbol(name) : name;
      return !own.getJsDocTags(types).some(({ name: tag }) => tag === 'example');
    })
    .map(({ name }) => name);
}

it('every name that the SDK exports is shown in use by its docstring', { timeout: 60_000 }, () => {
  const { NodeNext: module } = ts.ModuleKind;
  const options = { module, customConditions: ['source'], noLib: true, types: [] };
  const program = ts.createProgram(doors, { ...options, allowImportingTsExtensions: true });
  expect(doors.flatMap((door) => withoutExample(program, door))).toEqual([]);
});
