// Bugs that are planted one at a time, in the CPI as its callers or the cloud see it.
import { commandOf } from '../crash/interruption.js';
import type { CpiZone } from '../support/cpi-zone.js';
import type { Plant } from './plant.js';

const success = JSON.stringify({ result: null, error: null, log: '' });

export const plants: readonly Plant[] = [
  {
    about: 'delete_vm deletes the persistent disks of the VM, too',
    call:
      (call, { simulator }) =>
      async (method, args, options) => {
        if (method !== 'delete_vm') return call(method, args, options);
        const disks = simulator.world.volumes
          .all()
          .filter(({ vmId, name }) => vmId === args[0] && name.startsWith('disk-'));
        const answer = await call(method, args, options);
        for (const { id } of disks) await call('delete_disk', [id], options);
        return answer;
      },
  },
  {
    about: 'detach_disk says that it is done and does nothing',
    call: (call) => insteadOf(call, 'detach_disk'),
  },
  {
    about: 'delete_vm says that it is done and does nothing',
    call: (call) => insteadOf(call, 'delete_vm'),
  },
  {
    about: 'set_vm_metadata says that it is done and does nothing',
    call: (call) => insteadOf(call, 'set_vm_metadata'),
  },
  {
    about: 'volumes are created twice',
    through: (transport) => ({
      close: () => {
        transport.close();
      },
      send: async (request) => {
        if (commandOf(request) === 'createVolume') await transport.send(request);
        return transport.send(request);
      },
    }),
  },
];

/** Answers success in the place of the CPI. */
function insteadOf(call: CpiZone['call'], lazy: string): CpiZone['call'] {
  return (method, args, options) =>
    method === lazy ? Promise.resolve(success) : call(method, args, options);
}
