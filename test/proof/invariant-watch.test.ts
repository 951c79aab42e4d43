// Proves that looking only at what may have changed finds what looking at everything finds: over lives in
// which requests come, and rows are made wrong and right again behind the back of the simulator.
import { deepStrictEqual, ok } from 'node:assert';
import { test } from '@playwright/test';
import fc from 'fast-check';
import { checkInvariants } from '../../simulator/world/invariants/invariants.js';
import type { World } from '../../simulator/world/world.js';
import { assertProperty } from '../support/property.js';
import { testSimulator } from '../support/simulator-client.js';
import { anyOperation, beginning, requestOf } from '../support/workload.js';
import { InvariantWatch } from './invariant-watch.js';

/** Makes something wrong, and answers how it was. */
type Harm = (world: World, pick: number) => (() => void) | undefined;

const harms: readonly Harm[] = [
  ({ nics }, pick) => {
    const [nic, ipAddress] = [some(nics.all(), pick), some(nics.all(), pick + 1)?.ipAddress];
    if (nic === undefined || ipAddress === undefined) return undefined;
    const { ipAddress: was } = nic;
    nics.change(nic, { ipAddress });
    return () => {
      nics.change(nic, { ipAddress: was });
    };
  },
  ({ volumes }, pick) => {
    const volume = some(volumes.all(), pick);
    if (volume === undefined) return undefined;
    const { deviceId } = volume;
    volumes.change(volume, { deviceId: deviceId === null ? 7 : null });
    return () => {
      volumes.change(volume, { deviceId });
    };
  },
  ({ vms }, pick) => {
    const vm = some(vms.all(), pick);
    if (vm === undefined) return undefined;
    const { hostId } = vm;
    vms.change(vm, { hostId: hostId === null ? 'nowhere' : null });
    return () => {
      vms.change(vm, { hostId });
    };
  },
  ({ tags }, pick) => {
    const tag = some(tags.all(), pick);
    if (tag === undefined) return undefined;
    const { resourceId } = tag;
    tags.change(tag, { resourceId: 'nothing' });
    return () => {
      tags.change(tag, { resourceId });
    };
  },
  ({ hosts }, pick) => {
    const host = some(hosts.all(), pick);
    if (host === undefined) return undefined;
    const { memoryMib } = host;
    hosts.change(host, { memoryMib: 1 });
    return () => {
      hosts.change(host, { memoryMib });
    };
  },
];

const step = fc.record({
  operation: anyOperation,
  harm: fc.option(fc.record({ kind: fc.nat(harms.length - 1), pick: fc.nat(100) })),
});

test('what it tells is what all invariants tell', async () => {
  let found = 0;
  await assertProperty(
    fc.property(fc.array(step, { minLength: 5, maxLength: 40 }), (steps) => {
      const { simulator, admin, user } = testSimulator();
      const { world, kernel } = simulator;
      const watch = new InvariantWatch(world, kernel.log);
      const lookAtAll = (): number => {
        const [some, all] = [
          new Set([...watch.look(), ...watch.lookAtIds()]),
          new Set(checkInvariants(world)),
        ];
        deepStrictEqual([...some].sort(), [...all].sort());
        return all.size;
      };
      const operations = [...beginning, ...steps.map(({ operation }) => operation)];
      for (const [index, operation] of operations.entries()) {
        const request = requestOf(simulator, operation);
        if (request === undefined) continue;
        (request.by === 'admin' ? admin : user).send(request.command, request.values);
        deepStrictEqual(lookAtAll(), 0);
        if (operation.pick % 3 > 0) kernel.advanceBy(operation.pick * 100);
        deepStrictEqual(lookAtAll(), 0);
        const harm = steps[index - beginning.length]?.harm ?? undefined;
        const mend = harm && harms[harm.kind]?.(world, harm.pick);
        if (mend === undefined) continue;
        found += lookAtAll();
        mend();
        deepStrictEqual(lookAtAll(), 0);
      }
    }),
    15,
  );
  ok(found > 0);
});

function some<Row>(rows: readonly Row[], pick: number): Row | undefined {
  return rows[pick % rows.length];
}
