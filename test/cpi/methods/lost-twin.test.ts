// Proves that create_vm, where somebody has taken its ephemeral disk from the VM before that started,
// clears away that disk and no other one: not even one of the same name.
import { expect, test } from '@playwright/test';
import type { Transport } from '../../../cpi/cloudstack/transport.js';
import type { VolumeRow } from '../../../simulator/world/entities.js';
import { commandOf } from '../../crash/interruption.js';
import { startZone, type CpiZone } from '../../support/cpi-zone.js';
import { vmArguments } from './vm-requests.js';

const properties = { disk: 1024, ephemeral_disk_offering: 'ephemeral' };

/** Lets somebody do something to the ephemeral disk when the VM has just been deployed. */
function meanwhile(zone: CpiZone, act: (twin: VolumeRow) => void): (on: Transport) => Transport {
  let isDone = false;
  return (transport) => ({
    close: () => {
      transport.close();
    },
    send: (request) => {
      const { volumes } = zone.simulator.world;
      const twin = volumes.all().find(({ name, vmId }) => /^DATA-/.test(name) && vmId !== null);
      if (commandOf(request) === 'listVolumes' && twin !== undefined && !isDone) {
        isDone = true;
        act(twin);
      }
      return transport.send(request);
    },
  });
}

function newVolume(zone: CpiZone, name: string, offering: string): string {
  const { diskOfferings, zones } = zone.simulator.world;
  const { volume } = zone.user.done('createVolume', {
    name,
    diskofferingid: diskOfferings.all().find((one) => one.name === offering)!.id,
    zoneid: zones.all()[0]!.id,
    size: 1,
  }) as { volume: { id: string } };
  return volume.id;
}

function volumesOf(zone: CpiZone): string[] {
  return zone.simulator.world.volumes
    .all()
    .filter(({ type, state }) => type === 'DATADISK' && state !== 'Expunged')
    .map(({ id }) => id);
}

test('a disk that was detached before the start goes with the VM that is taken back', async () => {
  await using zone = await startZone({}, 'direct');
  const through = meanwhile(zone, ({ id }) => {
    zone.user.done('detachVolume', { id });
  });
  const error = await zone.error('create_vm', vmArguments({ properties }), { through });
  expect(error).toMatchObject({ type: 'Bosh::Clouds::VMCreationFailed', ok_to_retry: true });
  expect(error.message).toContain('is not attached to it any more');
  expect(volumesOf(zone)).toEqual([]);
});

for (const [which, make] of [
  ['that was there before', (zone: CpiZone, name: string) => newVolume(zone, name, 'ephemeral')],
  ['of another offering', (zone: CpiZone, name: string) => newVolume(zone, name, 'shared.custom')],
  [
    'that was written to',
    (zone: CpiZone, name: string) => {
      const id = newVolume(zone, name, 'ephemeral');
      const bystander = zone.simulator.world.vms.all().find(({ name: of }) => of === 'bystander')!;
      zone.user.done('attachVolume', { id, virtualmachineid: bystander.id });
      zone.user.done('detachVolume', { id });
      return id;
    },
  ],
] as const) {
  test(`a disk of the same name ${which} stays, when the right one is gone`, async () => {
    await using zone = await startZone({}, 'direct');
    const networks = { n: { type: 'dynamic', cloud_properties: { name: 'NET_CS' } } };
    const [vm] = (await zone.result(
      'create_vm',
      vmArguments({ agentId: 'b0000000-0000-4000-8000-000000000002', networks }),
    )) as [string];
    zone.user.call('updateVirtualMachine', { id: vm, name: 'bystander' });
    let foreign = '';
    if (which === 'that was there before') {
      // A name that the next VM's ephemeral disk will have.
      foreign = make(zone, 'DATA-0');
      zone.simulator.kernel.advanceBy(60_000);
    }
    const through = meanwhile(zone, ({ id, name }) => {
      zone.user.done('detachVolume', { id });
      zone.user.call('deleteVolume', { id });
      if (foreign === '') foreign = make(zone, name);
      else zone.admin.call('updateVolume', { id: foreign, name });
    });
    const error = await zone.error('create_vm', vmArguments({ properties }), { through });
    expect(error.message).toContain('is not attached to it any more');
    expect(volumesOf(zone)).toContain(foreign);
    const tags = zone.simulator.world.tags.all().filter(({ resourceId }) => resourceId === foreign);
    expect(tags).toEqual([]);
  });
}
