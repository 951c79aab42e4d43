// A VM that somebody expunges while it is being made, and that a request of the call fails besides: what
// was made for the VM is then taken back without it.
import { vmArguments } from '../cpi/methods/vm-requests.js';
import { commandOf } from './interruption.js';
import { warmNetwork } from './made-before.js';
import { mayExpunge, type Scenario } from './scenario.js';
import { everything } from './vm-scenarios.js';

export const lostVms: readonly Scenario[] = ['associateIpAddress', 'createLoadBalancerRule'].map(
  (before) => ({
    method: 'create_vm',
    about: `with everything, whose VM somebody expunges before ${before}`,
    settings: mayExpunge,
    creates: true,
    fails: true,
    hows: ['is refused', 'is carried out, but its answer is lost'],
    prepare: async (zone) => {
      await warmNetwork(zone);
      return vmArguments(everything);
    },
    meanwhile: (zone) => {
      let isDone = false;
      return (transport) => ({
        close: () => {
          transport.close();
        },
        send: (request) => {
          if (!isDone && commandOf(request) === before) {
            isDone = true;
            const vms = zone.simulator.world.vms.all().filter(({ name }) => name.startsWith('vm-'));
            for (const { id, state } of vms) {
              if (state !== 'Running') continue;
              zone.admin.done('destroyVirtualMachine', { id, expunge: true });
            }
          }
          return transport.send(request);
        },
      });
    },
    undo: async (zone, result) => {
      await zone.result('delete_vm', [(result as [string])[0]]);
    },
  }),
);
