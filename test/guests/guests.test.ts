// Proves that an agent in a VM that create_vm made finds its settings, its networks by their MAC
// addresses, its ephemeral disk, and later its persistent disk where attach_disk says, with what was
// written to it, also after a reboot and when the VM is recreated: on KVM and XenServer, with one
// and several NICs, with disks on shared and on local storage, in both forms of the API.
import { expect, test } from '@playwright/test';
import { isolatedOffering } from '../cpi/methods/network-requests.js';
import { manualNetwork, vmArguments } from '../cpi/methods/vm-requests.js';
import { startZone, type CallOptions, type CpiZone } from '../support/cpi-zone.js';
import { addressIn, diskBehind, settingsOf, type Hint, type Settings } from './agent.js';

const agents = ['5d5857ca-3c9f-4766-7391-53246c1d4875', 'b0000000-0000-4000-8000-000000000002'];

/** So that a recreated VM gets its address in a shared network back at once. */
const mayExpunge = { 'allow.user.expunge.recover.vm': true };

const sharedNetwork = {
  type: 'manual',
  ip: '10.204.0.40',
  netmask: '255.255.255.0',
  gateway: '10.204.0.1',
  cloud_properties: { name: 'NET_SHARED' },
};

/** By the number of NICs. */
async function networksOf(zone: CpiZone, nics: number): Promise<Record<string, object>> {
  if (nics === 1) return { private: manualNetwork() };
  if (nics === 2) return { shared: sharedNetwork, private: manualNetwork() };
  const subnet = {
    type: 'manual',
    cloud_properties: { network_offering: isolatedOffering },
  };
  const [name] = (await zone.result('create_network', [subnet])) as [string];
  const dynamic = { type: 'dynamic', cloud_properties: { name } };
  return { dynamic, shared: sharedNetwork, private: manualNetwork() };
}

async function createVm(
  zone: CpiZone,
  agent: number,
  networks: object,
  disks: readonly string[],
  options: CallOptions,
): Promise<string> {
  const variation = {
    agentId: agents[agent]!,
    networks,
    disks,
    properties: { disk: 2048, ephemeral_disk_offering: 'ephemeral' },
  };
  const result = await zone.result('create_vm', vmArguments(variation), options);
  return options.apiVersion === 1 ? (result as string) : (result as [string])[0];
}

/** Where the agent looks for a persistent disk: a Director tells it, or its settings do. */
function hintFor(zone: CpiZone, vm: string, disk: string, answer: unknown): Hint {
  return answer === null
    ? settingsOf(zone.simulator.guest(vm)).disks.persistent[disk]!
    : (answer as Hint);
}

function expectSettings(zone: CpiZone, vm: string, agent: number, networks: object): Settings {
  const guest = zone.simulator.guest(vm);
  const settings = settingsOf(guest);
  expect(settings.agent_id).toBe(agents[agent]);
  expect(Object.keys(settings.networks).sort()).toEqual(Object.keys(networks).sort());
  expect(guest.interfaces).toHaveLength(Object.keys(networks).length);
  for (const [name, network] of Object.entries(networks) as [string, { ip?: string }][]) {
    const address = addressIn(guest, settings, name);
    expect(address, name).toBeDefined();
    if (network.ip !== undefined) expect(address, name).toBe(network.ip);
  }
  return settings;
}

function expectEphemeralDisk(zone: CpiZone, vm: string, { disks }: Settings): void {
  const found = diskBehind(zone.simulator.guest(vm), disks.ephemeral!, 'virtio');
  const volume = zone.simulator.world.volumes.require(found!.volumeId);
  expect(volume).toMatchObject({
    vmId: vm,
    type: 'DATADISK',
    sizeBytes: 2 * 1024 ** 3,
  });
  expect(volume.name).toMatch(/^DATA-/);
}

for (const preset of ['advanced-kvm', 'advanced-xenserver'] as const) {
  for (const nics of [1, 2, 3]) {
    for (const offering of ['shared.custom', 'local.custom']) {
      for (const apiVersion of [1, 2]) {
        const situation = `${preset}, ${nics} NIC(s), a disk of ${offering}, API version ${apiVersion}`;
        test(`an agent finds its way: ${situation}`, async () => {
          await using zone = await startZone({ world: preset, settings: mayExpunge }, 'direct');
          const options = { apiVersion };
          const networks = await networksOf(zone, nics);
          const first = await createVm(zone, 0, networks, [], options);
          expectEphemeralDisk(zone, first, expectSettings(zone, first, 0, networks));

          const disk = (await zone.result(
            'create_disk',
            [3072, { disk_offering: offering }, first],
            options,
          )) as string;
          const hint = hintFor(
            zone,
            first,
            disk,
            await zone.result('attach_disk', [first, disk], options),
          );
          const guest = zone.simulator.guest(first);
          const found = diskBehind(guest, hint, 'virtio', disk);
          expect(found?.volumeId).toBe(disk);
          guest.writeFile(found!.device, 'store', 'what was written');

          await zone.result('reboot_vm', [first], options);
          expect(diskBehind(zone.simulator.guest(first), hint, 'virtio', disk)?.volumeId).toBe(
            disk,
          );
          expectEphemeralDisk(zone, first, settingsOf(zone.simulator.guest(first)));

          await zone.result('detach_disk', [first, disk], options);
          await zone.result('delete_vm', [first], options);
          const second = await createVm(zone, 1, networks, [disk], options);
          const settings = expectSettings(zone, second, 1, networks);
          expectEphemeralDisk(zone, second, settings);
          const again = hintFor(
            zone,
            second,
            disk,
            await zone.result('attach_disk', [second, disk], options),
          );
          const recovered = diskBehind(zone.simulator.guest(second), again, 'virtio', disk);
          expect(recovered).toMatchObject({
            volumeId: disk,
            files: { store: 'what was written' },
          });
        });
      }
    }
  }
}

test('an agent that takes paths as they are needs device nodes, which only XenServer has for good', async () => {
  for (const [preset, isFound] of [
    ['advanced-kvm', false],
    ['advanced-xenserver', true],
  ] as const) {
    await using zone = await startZone({ world: preset, settings: mayExpunge }, 'direct');
    const vm = await createVm(zone, 0, { private: manualNetwork() }, [], {});
    const guest = zone.simulator.guest(vm);
    const { disks } = settingsOf(guest);
    expect(diskBehind(guest, disks.ephemeral!, '') !== undefined, preset).toBe(isFound);
    expect(diskBehind(guest, disks.ephemeral!, 'virtio'), preset).toBeDefined();
  }
});

test('a letter for a disk, as older CPIs gave it, is looked for under each name that it can have', async () => {
  for (const preset of ['advanced-kvm', 'advanced-xenserver'] as const) {
    await using zone = await startZone({ world: preset, settings: mayExpunge }, 'direct');
    const vm = await createVm(zone, 0, { private: manualNetwork() }, [], {});
    const guest = zone.simulator.guest(vm);
    const byLetter = diskBehind(guest, '/dev/sdb', 'virtio');
    const byHint = diskBehind(guest, settingsOf(guest).disks.ephemeral!, 'virtio');
    expect(byLetter?.volumeId, preset).toBe(byHint?.volumeId);
  }
});
