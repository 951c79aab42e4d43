// Recording and comparing as a person does it: a cloud is recorded by the cases of the contract, and
// compared with simulators that the program starts; exit status, what is said, and what is refused.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect } from '@playwright/test';
import { openCloud } from '../contract/in-process-cloud.js';
import { batsRunner, test } from '../support.js';
import { start } from './program.js';

async function run(...args: string[]): Promise<{ out: string; err: string; code: number | null }> {
  const { command, environment } = batsRunner;
  const child = spawn(process.execPath, [...command, ...args], {
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const closed = once(child, 'close') as Promise<[number | null]>;
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), closed]);
  return { out, err, code };
}

test('a cloud is recorded, and compared with a simulator', async ({ folder }) => {
  const cloud = await openCloud();
  const config = join(folder, 'cloud.json');
  writeFileSync(config, JSON.stringify(cloud.file));
  const recording = join(folder, 'ours');
  const output = ['--output', join(folder, 'out')];
  const onCloud = ['--target', 'cloud', '--config', config, '--recording', recording];
  const record = ['record', ...onCloud, ...output, '--case', 'DSK-01'];
  const recorded = await run(...record);
  await cloud.close();
  expect(recorded.code, recorded.out + recorded.err).toBe(0);
  expect(readdirSync(recording).sort()).toEqual(['DSK-01.2.jsonl', 'recording.json']);

  const compared = await run('compare', recording, ...output);
  expect(compared, compared.err).toMatchObject({ code: 0 });
  expect(compared.out).toMatch(/^A: \S+ours \(cloud, CloudStack .*\nB: simulators of this package/);
  expect(compared.out).toMatch(/compared: 1 transcript that both have, \d+ commands\n/);
  expect(compared.out).toMatch(/no difference\n$/);

  // Whoever records twice must not mix up two clouds.
  const again = await run(...record);
  expect(again).toMatchObject({ out: '', code: 2 });
  expect(again.err).toMatch(/ours has files already: name another folder/);

  const transcript = join(recording, 'DSK-01.2.jsonl');
  const other = join(folder, 'other');
  await run('record', '--recording', other, ...output, '--case', 'DSK-01');
  const changed = readFileSync(transcript, 'utf8').replaceAll('"size":', '"bytes":');
  writeFileSync(transcript, changed);
  const found = await run('compare', recording, other, '--json');
  expect(found.code).toBe(1);
  const { differences } = JSON.parse(found.out) as { differences: { what: string }[] };
  expect(differences.map(({ what }) => what).join()).toMatch(/\.bytes in A only.*\.size in B only/);

  writeFileSync(transcript, 'no JSON\n');
  const broken = await run('compare', recording, other);
  expect(broken).toMatchObject({ out: '', code: 2 });
  expect(broken.err).toMatch(/DSK-01\.2\.jsonl is not of a recording/);
});

test('a comparison that is ended in the middle is no good one, however alike the rest was', async ({
  folder,
}) => {
  const recording = join(folder, 'ours');
  const output = ['--output', join(folder, 'out')];
  await run('record', '--recording', recording, ...output, '--case', 'DSK-01');
  // What takes longer goes on when the first case has ended.
  for (const more of ['FLOW-01', 'FLOW-02', 'FLOW-03']) {
    copyFileSync(join(recording, 'DSK-01.2.jsonl'), join(recording, `${more}.2.jsonl`));
  }
  const comparing = start('compare', recording, ...output);
  comparing.onStderr((text) => {
    if (text.includes('DSK-01')) process.kill(-comparing.pid, 'SIGINT');
  });
  const { stdout, stderr, exitCode } = await comparing.ended;
  expect(stdout, stderr).toMatch(/^compared: \d+ transcripts? that both have/m);
  expect(exitCode, stdout).toBe(130);
});

test('what has no transcript is no recording to compare: nothing is run for it', async ({
  folder,
}) => {
  const about = { format: 1, target: 'cloud', cloudstack: '4.20', hypervisor: 'KVM', names: {} };
  writeFileSync(join(folder, 'recording.json'), JSON.stringify(about));
  const compared = await run('compare', folder, '--output', join(folder, 'out'));
  expect(compared).toMatchObject({ out: '', code: 2 });
  expect(compared.err).toMatch(/has no transcript of a case: there is nothing to compare\n$/);
});
