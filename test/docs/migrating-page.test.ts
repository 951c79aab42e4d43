// Proves that the commands of docs/cpi/migrating.md run as they stand there: settings are carried from
// one registry to another as they are, and the Director forgets its VM and nothing else; and that each
// statement of the page names a test that there is.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { registryCredentials, startSettingsRegistry } from '../support/settings-registry.js';
import { problemOfBosh } from './bosh-command-line.js';
import { blocksOf, isThere, readPage, rowsOf, sectionOf } from './page.js';
import { runShell } from './shell.js';

const page = readPage('docs/cpi/migrating.md');

const isInstalled = (program: string): boolean =>
  spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;

test('settings are carried from one registry to another, and all other commands run', async () => {
  test.skip(!['curl', 'jq'].every(isInstalled), 'needs curl and jq');
  await using old = await startSettingsRegistry();
  await using present = await startSettingsRegistry();
  const settings = {
    'cpivm-1': '{"agent_id":"a","env":{"bosh":{"password":"$6$\\"é\\\\"}}}',
    'cpivm-2': '{"agent_id":"b","disks":{"persistent":{"cpi-disk-1":{"path":"/dev/xvdc"}}}}',
  };
  await old.restore(settings);
  const { username, password } = registryCredentials;
  const kept = { director_id: 'd', disks: [{ cid: 'cpi-disk-9' }] };
  const state = { ...kept, current_vm_cid: 'cpivm-9' };
  await using ran = await runShell(blocksOf(page, 'sh').join('\n'), {
    files: {
      'vms.txt': 'cpivm-1\ncpivm-2\n',
      'state.json': JSON.stringify(state),
      'creds.yml': '{}',
    },
    env: {
      OLD_REGISTRY: old.endpoint,
      OLD_USER: username,
      OLD_PASSWORD: password,
      REGISTRY: present.endpoint,
      USER_OF_REGISTRY: username,
      PASSWORD_OF_REGISTRY: password,
    },
  });
  expect(ran.status, ran.output).toBe(0);
  const carried = Object.entries(await present.entries()).map(([name, text]) => [
    name,
    JSON.parse(text) as unknown,
  ]);
  expect(Object.fromEntries(carried)).toEqual({
    'cpivm-1': JSON.parse(settings['cpivm-1']),
    'cpivm-2': JSON.parse(settings['cpivm-2']),
  });
  expect(await old.entries()).toEqual(settings);
  expect(JSON.parse(readFileSync(join(ran.folder, 'state.json'), 'utf8'))).toEqual(kept);
  expect(ran.output).toContain('"result":null');
  const bosh = ran.calls.filter(([program]) => program === 'bosh').map(([, ...words]) => words);
  expect(bosh.length).toBeGreaterThan(6);
  expect(bosh.map(problemOfBosh).filter((problem) => problem !== undefined)).toEqual([]);
});

test('each statement names a test that there is', () => {
  const rows = rowsOf(sectionOf(page, 'What shows it'));
  expect(rows.length).toBeGreaterThan(12);
  const missing = rows.filter(([, shown = '']) => {
    const [, path = '', title = ''] = /^`([^`]+)` (.*)$/.exec(shown) ?? [];
    return title === '' || !isThere(path) || !readPage(path).includes(title);
  });
  expect(missing).toEqual([]);
});
