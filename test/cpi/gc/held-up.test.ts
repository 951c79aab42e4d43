// Proves that the deletion of a load balancer rule, or of an affinity group, which gc or delete_vm has
// seen to be unused takes nothing from a VM, when it is held up so long that a whole create_vm puts that
// VM to use: it has become void. What nobody uses goes, also when the clock of the machine is behind.
import { expect, test } from '@playwright/test';
import type { Transport } from '../../../cpi/cloudstack/transport.js';
import { realClock } from '../../../cpi/flow/clock.js';
import { at, startZone, type CallOptions, type CpiZone } from '../../support/cpi-zone.js';
import {
  createVm,
  members,
  otherVmBehind,
  rules,
  usersMayExpunge,
  vmBehind,
  web,
} from '../methods/load-balancer-requests.js';

const properties = { lbs: [web], affinity_group: 'web' };
const request = vmBehind([web], { properties });
const otherRequest = otherVmBehind([web], { properties });

/** Requests that are signed now are as old as if they had been held up for 15 s. */
const slow = { ...realClock, nowMs: () => realClock.nowMs() - 15_000 };

/** Does something before a command is sent for the first time. */
function before(command: string, act: () => Promise<unknown>): CallOptions {
  let hasActed = false;
  const through = (transport: Transport): Transport => ({
    ...transport,
    send: async (sent) => {
      const isIt = typeof sent.body === 'string' && sent.body.includes(`command=${command}&`);
      if (isIt && !hasActed) {
        hasActed = true;
        await act();
      }
      return transport.send(sent);
    },
  });
  return { through, clock: slow };
}

const groups = ({ user }: CpiZone): unknown[] =>
  (user.call('listAffinityGroups')['affinitygroup'] ?? []) as unknown[];

/** Who gets rid of a rule and a group in which nobody is any more. */
const removals: readonly (readonly [
  by: string,
  remove: (zone: CpiZone, vm: string, options: CallOptions) => Promise<unknown>,
])[] = [
  ['delete_vm', (zone, vm, options) => zone.result('delete_vm', [vm], options)],
  [
    'gc',
    (zone, vm, options) => {
      zone.user.done('destroyVirtualMachine', { id: vm, expunge: 'true' });
      return zone.gc(options);
    },
  ],
];

for (const [by, remove] of removals) {
  for (const command of ['deleteLoadBalancerRule', 'deleteAffinityGroup']) {
    test(`${command} of ${by} that a whole create_vm overtakes leaves that VM all that it has`, async () => {
      await using zone = await startZone({ world: usersMayExpunge }, 'direct');
      const vm = await createVm(zone, request);
      let other = '';
      const overtaken = before(command, async () => {
        other = await createVm(zone, otherRequest);
      });
      await remove(zone, vm, overtaken);
      expect(members(zone, rules(zone)[0])).toEqual([other]);
      expect(at(groups(zone), 0, 'virtualmachineIds')).toEqual([other]);
    });
  }

  test(`what nobody uses goes by ${by} on a machine whose clock is behind`, async () => {
    await using zone = await startZone({ world: usersMayExpunge }, 'direct');
    const vm = await createVm(zone, request);
    await remove(zone, vm, { clock: slow });
    expect([...rules(zone), ...groups(zone)]).toEqual([]);
  });
}
