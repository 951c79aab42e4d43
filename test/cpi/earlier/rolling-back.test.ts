// Proves what docs/cpi/migrating.md says of the way back: an earlier CPI, which looks for everything by
// the name that the Director knows, finds again what was its own when this CPI has worked with it, and
// finds nothing of what this CPI has made.
import { expect, test } from '@playwright/test';
import { startZone, type CpiZone } from '../../support/cpi-zone.js';
import {
  earlierCpis,
  fetchEarlierImage,
  prepareForEarlierCpi,
} from '../../support/earlier-cpis.js';
import { advancedXenserver } from '../../../simulator/world/presets/advanced-xenserver.js';
import { agentId, manualNetwork, vmArguments } from '../methods/vm-requests.js';

const ip = '10.203.6.40';
const metadata = { director: 'bosh', deployment: 'cf', job: 'web', index: '0', name: 'web/0' };

/** Both list by name, without a zone, and take what is called so (common.go, CPIImpl.java). */
function foundBy(zone: CpiZone, command: string, kind: string, name: string): string[] {
  const listed = zone.user.call(command, {
    name,
    ...(kind === 'template' && { templatefilter: 'executable' }),
  });
  const rows = (listed[kind] ?? []) as { name: string }[];
  return rows.map((row) => row.name).filter((found) => found === name);
}

const vmsBy = (zone: CpiZone, name: string): string[] =>
  foundBy(zone, 'listVirtualMachines', 'virtualmachine', name);
const volumesBy = (zone: CpiZone, name: string): string[] =>
  foundBy(zone, 'listVolumes', 'volume', name);
const templatesBy = (zone: CpiZone, name: string): string[] =>
  foundBy(zone, 'listTemplates', 'template', name);

async function start(): Promise<CpiZone> {
  const zone = await startZone(
    {
      world: { ...advancedXenserver, settings: { 'allow.user.expunge.recover.vm': true } },
      fetchImage: fetchEarlierImage,
    },
    'direct',
  );
  prepareForEarlierCpi(zone);
  return zone;
}

for (const [name, earlier] of Object.entries(earlierCpis)) {
  test(`the ${name} CPI finds again what was its own`, async () => {
    await using zone = await start();
    const stemcell = await earlier.createStemcell(zone);
    const { cid: vm } = earlier.createVm(zone, { agentId, stemcell, ip });
    const disk = earlier.createDisk(zone, 3_000);
    earlier.attachDisk(zone, vm, disk);
    await zone.result('set_vm_metadata', [vm, metadata]);
    await zone.result('set_disk_metadata', [disk, metadata]);
    await zone.result('detach_disk', [vm, disk]);
    await zone.result('resize_disk', [disk, 5_000]);
    await zone.result('reboot_vm', [vm]);
    expect(vmsBy(zone, vm)).toEqual([vm]);
    expect(volumesBy(zone, disk)).toEqual([disk]);
    expect(templatesBy(zone, stemcell)).toEqual([stemcell]);
    earlier.attachDisk(zone, vm, disk);
    earlier.setVmMetadata(zone, vm, metadata);
    earlier.setDiskMetadata(zone, disk, metadata);
  });

  test(`the ${name} CPI does not find what this one has made, but its own disk on it`, async () => {
    await using zone = await start();
    const stemcell = await earlier.createStemcell(zone);
    const old = earlier.createDisk(zone, 3_000);
    const request = vmArguments({ stemcell, networks: { private: manualNetwork(ip) } });
    const [vm] = (await zone.result('create_vm', request)) as [string];
    const disk = String(
      await zone.result('create_disk', [3_000, { disk_offering: 'shared.custom' }, vm]),
    );
    await zone.result('attach_disk', [vm, old]);
    expect(vmsBy(zone, vm)).toEqual([]);
    expect(volumesBy(zone, disk)).toEqual([]);
    await zone.result('delete_vm', [vm]);
    expect(volumesBy(zone, old)).toEqual([old]);
  });
}
