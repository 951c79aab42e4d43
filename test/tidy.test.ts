// The house rules that no compiler checks: which folder may import which, generated lists that
// equal what they are generated from, files of a size that can be read, comments of the width of the
// code, tests that say what they prove. Imports are read with TypeScript's own parser.
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import ts from 'typescript';

const root = fileURLToPath(new URL('..', import.meta.url));
const programs = ['cpi', 'simulator', 'bats-runner'];

/** Folders from the ground up: a layer imports from itself and from those before it. */
const layers: Readonly<Record<string, readonly (readonly string[])[]>> = {
  simulator: [
    ['kernel', 'input'],
    ['world'],
    ['declare'],
    ['commands', 'faults', 'ssvm', 'guest', 'why'],
    ['api'],
    ['simulator.ts'],
    ['doors', 'control'],
    ['console'],
    ['bin', 'library.ts'],
    ['index.ts'],
  ],
  cpi: [
    ['protocol', 'flow', 'terminal'],
    ['config', 'cloudstack', 'agent'],
    ['serving'],
    ['registry', 'stemcell-server'],
    ['stemcells'],
    ['methods'],
    ['gc', 'permissions'],
    ['check'],
    ['bin'],
  ],
};

/** Who may open a port. */
const expressFolders = [
  'simulator/doors',
  'simulator/control',
  'simulator/console',
  'cpi/serving',
  'cpi/registry',
  'cpi/stemcell-server',
];

function filesBelow(folder: string): string[] {
  return readdirSync(join(root, folder)).flatMap((name) => {
    const path = `${folder}/${name}`;
    return statSync(join(root, path)).isDirectory() ? filesBelow(path) : [path];
  });
}

const sources = programs.flatMap(filesBelow).filter((path) => path.endsWith('.ts'));
const releaseSources = filesBelow('release').filter((path) => path.endsWith('.ts'));
const tests = filesBelow('test').filter((path) => path.endsWith('.ts'));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

interface Import {
  readonly from: string;
  /** A path of this repository, or the name of a package. */
  readonly to: string;
}

const imports = importsOf(sources);

function importsOf(paths: readonly string[]): readonly Import[] {
  return paths.flatMap((from) =>
    ts.preProcessFile(read(from), true, true).importedFiles.map(({ fileName }) => ({
      from,
      to: fileName.startsWith('.')
        ? relative(root, join(root, dirname(from), fileName)).replace(/\.js$/, '.ts')
        : fileName,
    })),
  );
}

/** `simulator/world/states/vm.ts` lies in `world`, `simulator/simulator.ts` in `simulator.ts`. */
function folderOf(path: string): string {
  return path.split('/')[1] ?? '';
}

function packageOf(path: string): string {
  return path.split('/')[0] ?? '';
}

const told = ({ from, to }: Import): string => `${from} imports ${to}`;

test('imports are found: every relative one leads to a file', () => {
  expect(imports.length).toBeGreaterThan(200);
  const own = imports.filter(({ to }) => programs.includes(packageOf(to)));
  expect(own.filter(({ to }) => !existsSync(join(root, to))).map(told)).toEqual([]);
});

test('CPI, simulator and runner never import each other, nor anything outside of their folders', () => {
  const strangers = imports.filter(({ from, to }) => {
    const [source, target] = [packageOf(from), packageOf(to)];
    if (to.startsWith('..')) return true;
    return programs.includes(target) && target !== source;
  });
  expect(strangers.map(told)).toEqual([]);
});

test('the release takes from the CPI alone, and nobody from the release', () => {
  const taken = importsOf(releaseSources).filter(({ to }) => to.endsWith('.ts'));
  const strangers = taken.filter(({ to }) => !['release', 'cpi'].includes(packageOf(to)));
  expect(strangers.map(told)).toEqual([]);
  expect(imports.filter(({ to }) => packageOf(to) === 'release').map(told)).toEqual([]);
});

for (const [name, order] of Object.entries(layers)) {
  const rankOf = (path: string): number =>
    order.findIndex((folders) => folders.includes(folderOf(path)));
  const own = imports.filter(({ from, to }) => packageOf(from) === name && packageOf(to) === name);

  test(`${name}: every folder has its layer`, () => {
    const homeless = sources.filter((path) => packageOf(path) === name && rankOf(path) < 0);
    expect(homeless).toEqual([]);
  });

  test(`${name}: no layer imports from one above it`, () => {
    expect(own.filter(({ from, to }) => rankOf(to) > rankOf(from)).map(told)).toEqual([]);
  });
}

for (const name of programs) {
  test(`${name}: no two folders import each other, however far around`, () => {
    const edges = new Map<string, Set<string>>();
    for (const { from, to } of imports) {
      if (packageOf(from) !== name || packageOf(to) !== name) continue;
      const [source, target] = [folderOf(from), folderOf(to)];
      if (source === target) continue;
      edges.set(source, new Set([...(edges.get(source) ?? []), target]));
    }
    expect([...edges.keys()].filter((folder) => reaches(edges, folder, folder))).toEqual([]);
  });
}

/** Whether a way of at least one step leads from a folder to another. */
function reaches(
  edges: ReadonlyMap<string, ReadonlySet<string>>,
  start: string,
  goal: string,
): boolean {
  const seen = new Set<string>();
  const open = [...(edges.get(start) ?? [])];
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    if (folder === goal) return true;
    if (seen.has(folder)) continue;
    seen.add(folder);
    open.push(...(edges.get(folder) ?? []));
  }
  return false;
}

test('only servers import express', () => {
  const others = imports.filter(
    ({ from, to }) =>
      to === 'express' && !expressFolders.some((folder) => from.startsWith(`${folder}/`)),
  );
  expect(others.map(told)).toEqual([]);
});

test('lists of commands and methods equal what their folders hold', async () => {
  // Through a variable: the script is plain JavaScript, which the compiler does not look into.
  const script = '../ci/scripts/indexes.js';
  const { renderIndexes } = (await import(script)) as {
    renderIndexes: (folder: string) => { path: string; text: string }[];
  };
  const lists = renderIndexes(root);
  expect(lists.map(({ path }) => path)).toEqual([
    'simulator/commands/index.ts',
    'cpi/methods/index.ts',
  ]);
  for (const { path, text } of lists) expect(read(path), path).toBe(text);
});

test('no source file that somebody wrote has more than 500 lines', () => {
  const written = [...sources, ...releaseSources].filter(
    (path) => !read(path).startsWith('// Generated by'),
  );
  const lines = (path: string): number => read(path).split('\n').length - 1;
  expect(written.filter((path) => lines(path) > 500)).toEqual([]);
});

test('no comment of the CPI is wider than its code', () => {
  const lines = sources
    .filter((path) => path.startsWith('cpi/'))
    .flatMap((path) =>
      read(path)
        .split('\n')
        .map((line, index) => ({ at: `${path}:${index + 1}`, line })),
    );
  const tooWide = lines.filter(({ line }) => line.length > 100 && /^ *(?:\/\/|\/?\*)/.test(line));
  expect(tooWide.map(({ at }) => at)).toEqual([]);
});

test('no comment puts work off', () => {
  const marker = /(?:\/\/|\*|#).*\b(?:TO[D]O|FIX[M]E|XX[X])\b/;
  const files = [
    ...sources,
    ...releaseSources,
    ...tests,
    ...filesBelow('ci').filter((path) => /\.[jt]s$/.test(path)),
  ];
  expect(files.filter((path) => marker.test(read(path)))).toEqual([]);
});

test('every test file begins by saying what it proves', () => {
  const silent = tests.filter(
    (path) => path.endsWith('.test.ts') && !/^(?:\/\/|\/\*\*) ?\S/.test(read(path)),
  );
  expect(silent).toEqual([]);
});

test('file names are in kebab-case', () => {
  const odd = [...sources, ...releaseSources, ...tests].filter(
    (path) => !/^[a-z0-9-]+(?:\.test|\.spec|\.config|\.d)?\.ts$/.test(path.replace(/^.*\//, '')),
  );
  expect(odd).toEqual([]);
});

test('every command and every CPI method is called by its name in a test of its program', () => {
  const declaration = /^export const \w+ = \w+\(\{\n {2}name: '(\w+)'/m;
  const declared = (folder: string): string[] =>
    sources
      .filter((path) => path.startsWith(folder))
      .flatMap((path) => declaration.exec(read(path))?.[1] ?? []);
  const untested = (names: readonly string[], folder: string): string[] => {
    const said = tests.filter((path) => path.startsWith(folder)).map(read);
    return names.filter((name) => !said.some((text) => text.includes(`'${name}'`)));
  };
  const commands = declared('simulator/commands/');
  const methods = declared('cpi/methods/');
  expect(commands.length).toBeGreaterThan(30);
  expect(methods.length).toBeGreaterThan(11);
  expect(untested(commands, 'test/simulator/')).toEqual([]);
  expect(untested(methods, 'test/cpi/')).toEqual([]);
});

test('every program of the package has been built and can be started', () => {
  const { bin } = JSON.parse(read('package.json')) as { bin: Record<string, string> };
  expect(Object.keys(bin)).toHaveLength(5);
  for (const [name, path] of Object.entries(bin)) {
    expect(existsSync(join(root, path)), `${name}: npm run build makes ${path}`).toBe(true);
    expect(read(path).startsWith('#!/usr/bin/env node\n'), name).toBe(true);
    expect(statSync(join(root, path)).mode & 0o111, name).not.toBe(0);
  }
});
