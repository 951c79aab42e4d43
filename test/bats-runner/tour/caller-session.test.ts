// The session speaks to a CPI as a current Director and a current CLI do. A shell program stands in
// its place, which writes down what it is asked.
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { installCpi, type CpiProgram } from '../../../bats-runner/director/cpi-process.js';
import { CallerSession } from '../../../bats-runner/tour/caller-session.js';
import { test } from '../support.js';

interface Asked {
  readonly method: string;
  readonly api_version?: number;
  readonly context: Record<string, unknown>;
}

function program(folder: string, name: string, answer: string): CpiProgram {
  const own = join(folder, name);
  mkdirSync(own);
  const command = `sh -c 'cat >> requests; echo >> requests; printf "%s" "$1"' - '${answer}'`;
  const executable = installCpi({ folder: own, command, configuration: {} });
  return { executable, cwd: own, environment: process.env, nowMs: () => 0 };
}

function asked(folder: string, name: string): Asked[] {
  const lines = readFileSync(join(folder, name, 'requests'), 'utf8')
    .trim()
    .split('\n');
  return lines.map((line) => JSON.parse(line) as Asked);
}

const good = '{"result":{"stemcell_formats":[],"api_version":3},"error":null,"log":""}';

function sessionIn(folder: string, answer: string): CallerSession {
  let requests = 0;
  return new CallerSession({
    cpis: {
      'bosh-cli': program(folder, 'cli', answer),
      'bosh-director': program(folder, 'director', answer),
    },
    directorUuid: 'uuid',
    countRequests: () => Promise.resolve((requests += 2)),
  });
}

const stemcell = { stemcell: { api_version: 3 } };

test('the CLI: version 1 for info, then 2; the stemcell with every call', async ({ folder }) => {
  const session = sessionIn(folder, good);
  session.begin('bosh-cli', 'bosh create-env');
  await session.call('set_vm_metadata', ['vm', {}]);
  const context = { director_uuid: 'uuid', vm: stemcell };
  expect(asked(folder, 'cli')).toEqual([
    { method: 'info', arguments: [], context, api_version: 1 },
    { method: 'set_vm_metadata', arguments: ['vm', {}], context, api_version: 2 },
  ]);
});

test('a Director: no version for info, then 3; the stemcell only where a VM is meant', async ({
  folder,
}) => {
  const session = sessionIn(folder, good);
  session.begin('bosh-director', 'bosh deploy');
  await session.call('set_vm_metadata', ['vm', {}]);
  await session.call('delete_vm', ['vm']);
  const [info, metadata, , deletion] = asked(folder, 'director');
  expect(info).not.toHaveProperty('api_version');
  expect(info?.context).toEqual({ director_uuid: 'uuid', request_id: 'cpi-000000' });
  expect(metadata).toMatchObject({ api_version: 3 });
  expect(metadata?.context).not.toHaveProperty('vm');
  expect(deletion?.context['vm']).toEqual(stemcell);
  const ids = asked(folder, 'director').map(({ context }) => context['request_id']);
  expect(new Set(ids).size).toBe(4);
});

test('calls are counted under the command that they belong to', async ({ folder }) => {
  const session = sessionIn(folder, good);
  session.begin('bosh-cli', 'one');
  await session.call('has_vm', ['vm']).catch(() => undefined);
  session.begin('bosh-director', 'two');
  await session.call('delete_vm', ['vm']);
  expect(session.calls.map(({ command, method, requests }) => [command, method, requests])).toEqual(
    [
      ['one', 'info', 2],
      ['two', 'info', 2],
      ['two', 'delete_vm', 2],
    ],
  );
});

test('an answer that the caller cannot go on with is an error that tells why', async ({
  folder,
}) => {
  const session = sessionIn(folder, '{"result":null}');
  session.begin('bosh-director', 'bosh deploy');
  await expect(session.call('has_vm', ['vm'])).rejects.toThrow(
    'info: the key "error" is missing; the key "log" is missing',
  );
});
