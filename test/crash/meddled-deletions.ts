// delete_vm while somebody else takes the VM or its disk away: what is left of it then goes with the
// call itself, not only by gc.
import type { Transport } from '../../cpi/cloudstack/transport.js';
import type { CpiZone } from '../support/cpi-zone.js';
import { commandOf, type How } from './interruption.js';
import { createVm } from './made-before.js';
import { mayExpunge, type Scenario } from './scenario.js';
import { everything } from './vm-scenarios.js';

const hows: readonly How[] = ['dies before its answer', 'is carried out, but its answer is lost'];

const deletion = {
  method: 'delete_vm',
  hows,
  isTidy: true,
  prepare: (zone: CpiZone) => createVm(zone, everything),
} as const;

/** What the marks of each thing tell; of a group and of a rule only gc can tell that nobody is there. */
const diskAndAddress = {
  networks: everything.networks,
  properties: { disk: 1024, ephemeral_disk_offering: 'ephemeral' },
};

/** Somebody acts once, before the first request of a command, or before any. */
function before(
  command: string | undefined,
  act: (zone: CpiZone, vm: string) => void,
): Required<Scenario>['meanwhile'] {
  return (zone, [vm]) => {
    let isDone = false;
    return (transport: Transport) => ({
      close: () => {
        transport.close();
      },
      send: (request) => {
        if (!isDone && (command === undefined || commandOf(request) === command)) {
          isDone = true;
          act(zone, String(vm));
        }
        return transport.send(request);
      },
    });
  };
}

function ephemeralDiskOf({ simulator }: CpiZone, vm: string): string {
  const disks = simulator.world.volumes.where('vmId', vm);
  return disks.find(({ type }) => type === 'DATADISK')?.id ?? '';
}

export const meddledDeletions: readonly Scenario[] = [
  {
    ...deletion,
    about: 'with an ephemeral disk and a public address, that somebody has expunged',
    prepare: (zone) => createVm(zone, diskAndAddress),
    meanwhile: before(undefined, (zone, id) => {
      zone.admin.done('destroyVirtualMachine', { id, expunge: true });
    }),
  },
  {
    ...deletion,
    about: 'with everything, that somebody has destroyed, by an account that sees it',
    settings: { 'allow.user.view.destroyed.vm': true },
    meanwhile: before(undefined, (zone, id) => {
      zone.admin.done('destroyVirtualMachine', { id });
    }),
  },
  {
    ...deletion,
    about: 'with everything, whose ephemeral disk somebody detaches before it is destroyed',
    settings: mayExpunge,
    meanwhile: before('destroyVirtualMachine', (zone, vm) => {
      zone.admin.done('detachVolume', { id: ephemeralDiskOf(zone, vm) });
    }),
  },
  {
    method: 'delete_vm',
    about: 'whose ephemeral disk has no tags, by an account that may not expunge',
    hows,
    prepare: async (zone: CpiZone): Promise<readonly unknown[]> => {
      const [vm] = await createVm(zone, everything);
      const resourceids = ephemeralDiskOf(zone, vm);
      zone.user.run('deleteTags', { resourcetype: 'Volume', resourceids });
      return [vm];
    },
  },
];
