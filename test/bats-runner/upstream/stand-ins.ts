// Programs that stand in for the bosh CLI, Bundler and RSpec, and a checkout like that of the acceptance
// tests: they note how they are called, and do what they are told to.
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** bat.yml, freely looked into. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look freely into JSON
export type BatYml = Record<string, any>;

export interface StandIns {
  readonly bin: string;
  readonly checkout: string;
  readonly stemcell: string;
  /** Lines of what was called, in order. */
  readonly calls: () => string[];
  /** What RSpec was given: bat.yml, and its environment. */
  readonly batYml: () => BatYml;
  readonly environment: () => Record<string, string>;
}

export interface Wishes {
  /** What RSpec prints. */
  readonly printed?: string;
  /** What it writes as JSON, or as what is none; nothing without it. */
  readonly json?: object | string | undefined;
  /** It is ended by this signal when it has done all else. */
  readonly signal?: string;
  readonly exitCode?: number;
  /** What the bosh CLI prints about the Director, and how it ends. */
  readonly env?: { readonly printed: string; readonly exitCode: number };
  /** What `bundle install` prints, and that it fails. */
  readonly installFails?: string;
  /** What the CPI said in the task that failed. */
  readonly cpiSaid?: string;
}

const director = { name: 'bats', version: '283.1.6', cpi: 'cloudstack_cpi', uuid: 'u' };
const table = (...rows: object[]): string => JSON.stringify({ Tables: [{ Rows: rows }] });
const failedTasks = table(
  { id: '7', state: 'error', description: 'create deployment' },
  { id: '6', state: 'done', description: 'update stemcell' },
);

/** Puts all of it into a folder. */
export function standIns(folder: string, wishes: Wishes = {}): StandIns {
  const { printed = '', json, exitCode = 0, installFails, signal } = wishes;
  const { cpiSaid = 'what the CPI said' } = wishes;
  const { env = { printed: table(director), exitCode: 0 } } = wishes;
  const at = (name: string): string => join(folder, name);
  for (const name of ['bin', 'bats/spec/system', 'bats/templates']) {
    mkdirSync(at(name), { recursive: true });
  }
  writeFileSync(at('bats/Gemfile'), 'source "https://rubygems.org"\n');
  for (const [name, text] of Object.entries({
    printed,
    json: typeof json === 'string' ? json : JSON.stringify(json ?? {}),
    env: env.printed,
    tasks: failedTasks,
    install: installFails ?? '',
  })) {
    writeFileSync(at(`said-${name}`), text === '' ? '' : `${text}\n`);
  }
  const writes = json === undefined ? ':' : 'cat "$0.json" > "$out"';
  program(at('bin/bundle'), [
    `echo "bundle $*" >> '${at('calls')}'`,
    'if [ "$1" = install ]; then',
    `  cat '${at('said-install')}'; exit ${installFails === undefined ? 0 : 1}`,
    'fi',
    `cp "$BAT_DEPLOYMENT_SPEC" '${at('bat.yml')}'`,
    `env > '${at('environment')}'`,
    'while [ "$1" != --out ]; do shift; done; out=$2',
    `cat '${at('said-printed')}'`,
    writes.replace('$0.json', at('said-json')),
    signal === undefined ? `exit ${exitCode}` : `kill -${signal} $$`,
  ]);
  program(at('bin/bosh'), [
    `echo "bosh $*" >> '${at('calls')}'`,
    'case "$*" in',
    `  *env) cat '${at('said-env')}'; exit ${env.exitCode} ;;`,
    `  *tasks*) cat '${at('said-tasks')}' ;;`,
    `  *"task 7 --cpi") echo "${cpiSaid}" ;;`,
    'esac',
  ]);
  return {
    bin: at('bin'),
    checkout: at('bats'),
    stemcell: stemcellIn(folder),
    calls: () =>
      existsSync(at('calls')) ? readFileSync(at('calls'), 'utf8').trimEnd().split('\n') : [],
    batYml: () => JSON.parse(readFileSync(at('bat.yml'), 'utf8')) as BatYml,
    environment: () =>
      Object.fromEntries(
        readFileSync(at('environment'), 'utf8')
          .split('\n')
          .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
      ),
  };
}

function program(file: string, lines: readonly string[]): void {
  writeFileSync(file, `#!/bin/sh\n${lines.join('\n')}\n`);
  chmodSync(file, 0o755);
}

function stemcellIn(folder: string): string {
  writeFileSync(
    join(folder, 'stemcell.MF'),
    "---\nname: bosh-openstack-kvm-ubuntu-jammy\nversion: '1.785'\ncloud_properties:\n  name: other\n",
  );
  writeFileSync(join(folder, 'image'), 'a disk');
  execFileSync('tar', ['-czf', 'stemcell.tgz', 'stemcell.MF', 'image'], { cwd: folder });
  return join(folder, 'stemcell.tgz');
}
