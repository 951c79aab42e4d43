// Most tests of the methods reach the zone through msw. Here a stemcell, a VM and a disk live once
// over a socket and once through msw: the CPI answers the same, and the same happens in the zone.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { stemcellImage } from '../../../bats-runner/stemcell/stemcell-image.js';
import { startZone, type Door } from '../../support/cpi-zone.js';
import { vmArguments } from './vm-requests.js';

let folder: string;
let image: string;
test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'stemcell-'));
  image = join(folder, 'image');
  writeFileSync(image, await stemcellImage());
});
test.afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

interface Life {
  readonly answers: readonly unknown[];
  readonly changes: readonly string[];
}

async function lifeThrough(door: Door): Promise<Life> {
  await using zone = await startZone({}, door);
  const answers: unknown[] = [];
  const call = async (method: string, ...args: readonly unknown[]): Promise<unknown> => {
    const answer = await zone.result(method, args);
    answers.push([method, answer]);
    return answer;
  };
  const properties = {
    name: 'bosh-openstack-kvm-ubuntu-jammy-go_agent',
    version: '1.1',
    hypervisor: 'kvm',
    infrastructure: 'openstack',
    disk_format: 'qcow2',
  };
  const stemcell = (await call('create_stemcell', image, properties)) as string;
  const [vm] = (await call('create_vm', ...vmArguments({ stemcell }))) as [string];
  const disk = await call('create_disk', 2_048, { disk_offering: 'shared.custom' }, vm);
  await call('attach_disk', vm, disk);
  await call('set_vm_metadata', vm, { director: 'ünïcode', job: 'router' });
  await call('detach_disk', vm, disk);
  answers.push(await zone.error('attach_disk', [vm, '00000000-0000-4000-8000-000000000000']));
  await call('delete_vm', vm);
  await call('delete_disk', disk);
  await call('delete_stemcell', stemcell);
  const changes = zone.simulator.kernel.log
    .after(0)
    .map(({ entity, id, from, to }) => `${entity} ${id} ${String(from)} -> ${String(to)}`);
  return { answers, changes };
}

test('the CPI and the zone are the same over a socket as through msw', async () => {
  const overSocket = await lifeThrough('socket');
  expect(overSocket.answers).toHaveLength(10);
  expect(await lifeThrough('msw')).toEqual(overSocket);
});
