// Proves that docs/cpi/install.md passes what the operations files ask for: each variable, no other,
// and files that there are.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { parse } from 'yaml';
import { validateConfiguration, mergeConfiguration } from '../../../cpi/config/load.js';
import { applyOperations, variablesIn, type Operation } from '../support/operations.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const page = read('docs/cpi/install.md');
const blocks = (language: string): string[] =>
  [...page.matchAll(new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``, 'g'))].map(
    ([, text]) => text!,
  );

/** The command of the page that begins so, with its options. */
function command(start: string): { files: string[]; variables: string[] } {
  const text = blocks('sh')
    .join('\n')
    .replaceAll('\\\n', ' ')
    .split('\n')
    .find((line) => line.startsWith(start))!;
  const values = (option: string): string[] =>
    [...text.matchAll(new RegExp(` ${option} (\\S+)`, 'g'))].map(([, value]) => value!);
  return {
    files: values('-o'),
    variables: values('-v')
      .map((one) => one.split('=')[0]!)
      .sort(),
  };
}

const declaredIn = (manifest: unknown): string[] =>
  (manifest as { variables: { name: string }[] }).variables.map(({ name }) => name);

test('create-env gets each variable, and no other', () => {
  const { files, variables } = command('bosh create-env');
  expect(files).toEqual(['release/ops/cpi.yml']);
  const bosh: unknown = parse(read('test/vectors/release/bosh-deployment.yml'));
  const manifest = applyOperations(
    bosh,
    files.flatMap((file) => parse(read(file)) as Operation[]),
  );
  const declared = declaredIn(manifest);
  expect(variables).toEqual(variablesIn(manifest).filter((name) => !declared.includes(name)));
});

test('the cloud-config gets each variable, and no other', () => {
  const example: unknown = parse(read('release/examples/cloud-config.yml'));
  expect(command('bosh update-cloud-config').variables).toEqual(variablesIn(example));
});

test('every operations file stands on the page with its variables, and every file of the page exists', () => {
  for (const name of readdirSync(join(root, 'release/ops'))) expect(page).toContain(`\`${name}\``);
  for (const [, name, variables = ''] of page.matchAll(
    /^\| `([\w-]+\.yml)` *\|[^|]*\|([^|]*)\|$/gm,
  )) {
    const operations = parse(read(`release/ops/${name}`)) as Operation[];
    const declared = operations
      .filter(({ path }) => path === '/variables/-')
      .map(({ value }) => (value as { name: string }).name);
    const known = [...declared, 'internal_ip', 'postgres_password'];
    const needed = variablesIn(operations).filter((one) => !known.includes(one));
    expect([...variables.matchAll(/`(\w+)`/g)].map(([, one]) => one).sort(), name).toEqual(needed);
  }
  const paths = [...page.matchAll(/release\/[\w/-]+(?:\.yml)?/g)].map(([path]) => path);
  expect(paths.length).toBeGreaterThan(4);
  for (const path of paths) expect(existsSync(join(root, path)), path).toBe(true);
});

test('its cpi.json is a whole one', () => {
  const [text = ''] = blocks('json');
  expect(validateConfiguration(mergeConfiguration(text, {})).warnings).toEqual([]);
});

test('its version is that of the package', () => {
  const { version } = JSON.parse(read('package.json')) as { version: string };
  const named = [...page.matchAll(/bosh-cloudstack-cpi-(\d[\d.]*)\.tgz/g)].map(([, one]) => one);
  expect(named.length).toBeGreaterThan(1);
  for (const one of named) expect(one).toBe(version);
});
