// The event log tells all that happened: a life of VMs, disks and faults leaves nothing untold, saved
// and loaded or not; and each way in which a log could lie is found and named.
import { expect, test } from '@playwright/test';
import type { Event } from '../../../../simulator/kernel/event-log.js';
import { createSimulator, type Simulator } from '../../../../simulator/simulator.js';
import { checkEventLog } from '../../../../simulator/world/invariants/event-log-invariants.js';
import { TestClient, testSimulator } from '../../../support/simulator-client.js';
import { deployed } from '../../../support/simulator-vms.js';
import { attached, createdVolume } from '../../../support/simulator-volumes.js';

function lived(): Simulator {
  const world = testSimulator({
    faults: [{ when: { command: 'listZones' }, then: { effect: 'capacity-gone', of: 'pools' } }],
  });
  const { simulator, user, admin } = world;
  const vm = deployed(world, user);
  const id = createdVolume(world, user);
  attached(user, id, vm['id']);
  user.call('listZones');
  user.done('detachVolume', { id });
  user.call('deleteVolume', { id });
  admin.done('destroyVirtualMachine', { id: vm['id'], expunge: true });
  simulator.kernel.advanceBy(25 * 3_600_000);
  return simulator;
}

test('a life leaves nothing untold', () => {
  const simulator = lived();
  expect(checkEventLog(simulator.world)).toEqual([]);
  simulator.setFaults([{ name: 'rule-1', then: { effect: 'unauthorized' } }]);
  expect(checkEventLog(simulator.world)).toEqual([]);
});

test('nor does a life that was saved and loaded', () => {
  const loaded = createSimulator();
  loaded.load(lived().save());
  const user = new TestClient(loaded, loaded.userWithRole('User'));
  user.send('listZones');
  expect(checkEventLog(loaded.world)).toEqual([]);
});

test('a log whose beginning is forgotten does not lie', () => {
  const simulator = createSimulator();
  const [osType, other] = simulator.world.osTypes.all();
  for (let count = 0; count < 100_000; count += 1) {
    simulator.world.osTypes.change(osType!, { categoryId: String(count) });
  }
  expect(simulator.kernel.log.after(0)[0]!.seq).toBeGreaterThan(1);
  // Of a row without states, its end says more than is told before.
  simulator.world.osTypes.change(other!, { categoryId: 'last' });
  simulator.world.osTypes.remove(other!);
  expect(checkEventLog(simulator.world)).toEqual([]);
  Object.assign(osType!, { categoryId: 'secretly' });
  expect(checkEventLog(simulator.world)).toEqual([
    `ostype ${osType!.id} changed its categoryId without an event`,
  ]);
});

type Change = (simulator: Simulator, append: (event: Partial<Event>) => void) => RegExp;

const lies: Readonly<Record<string, Change>> = {
  'a column that changed': ({ world }) => {
    Object.assign(world.zones.all()[0]!, { dns1: '9.9.9.9' });
    return /^zone \S+ changed its dns1 without an event$/;
  },
  'a state that changed': ({ world }) => {
    Object.assign(world.networks.all()[0]!, { state: 'Shutdown' });
    return /^network \S+ changed its state without an event$/;
  },
  'a row that was removed': ({ world, kernel }) => {
    Object.assign(world.osTypes.all()[0]!, { removedMs: kernel.nowMs });
    return /^ostype \S+ was removed without an event$/;
  },
  'a row that came': ({ world, kernel }) => {
    const [osType] = world.osTypes.all();
    const values = { ...osType!, id: 'new', internalId: 999 };
    const log = kernel.log.append.bind(kernel.log);
    kernel.log.append = () => undefined;
    world.osTypes.insert(values);
    kernel.log.append = log;
    return /^ostype new came without an event$/;
  },
  'an id that returns': ({ world }, append) => {
    const { id } = world.osTypes.all()[0]!;
    append({ entity: 'ostype', id, from: null, to: 'present' });
    return /^event \d+: ostype \S+ comes a second time$/;
  },
  'a state that does not follow': ({ world }, append) => {
    const { id } = world.networks.all()[0]!;
    append({ entity: 'network', id, from: 'Shutdown', to: 'Allocated' });
    return /^event \d+: network \S+ was Allocated and changes from Shutdown$/;
  },
  'a job that ends twice': (_, append) => {
    const job = { entity: 'asyncjob', id: 'job' };
    append({ ...job, from: null, to: 'present', data: { status: 'pending' } });
    append({ ...job, data: { status: 'failed' } });
    append({ ...job, data: { status: 'succeeded' } });
    return /^event \d+: asyncjob job ends a second time$/;
  },
  'a change after the end': (_, append) => {
    const job = { entity: 'asyncjob', id: 'job' };
    append({ ...job, from: null, to: 'present' });
    append({ ...job, from: 'present', to: 'purged' });
    append({ ...job, data: { step: 2 } });
    return /^event \d+: asyncjob job changes after its end$/;
  },
};
for (const [what, lie] of Object.entries(lies)) {
  test(what, () => {
    const simulator = createSimulator();
    const { log } = simulator.kernel;
    const sentence = lie(simulator, (event) => {
      const plain = {
        time: '',
        cause: 'world',
        entity: '',
        id: '',
        from: null,
        to: null,
        data: {},
      };
      log.append({ ...plain, ...event });
    });
    const found = checkEventLog(simulator.world);
    expect(found.filter((line) => sentence.test(line))).toHaveLength(1);
  });
}
