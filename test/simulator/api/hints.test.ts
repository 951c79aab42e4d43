// Proves that whoever started the simulator is told which setting would allow what a request was
// refused for, while the client reads CloudStack's own text; and that other refusals bring no hint.
import { expect, test } from '@playwright/test';
import { LOOPBACK_HINT } from '../../../simulator/world/storage/image-hosts.js';
import { isoValues } from '../../support/isos.js';
import { testSimulator, type TestWorld, type Values } from '../../support/simulator-client.js';
import { deployed } from '../../support/simulator-vms.js';
import { templateValues } from '../../support/template-uploads.js';

type Asked = readonly [command: string, values: (world: TestWorld, host: string) => Values];

const commands: readonly Asked[] = [
  ['registerTemplate', (world, host) => templateValues(world, { url: `http://${host}/a.qcow2` })],
  ['registerIso', (world, host) => isoValues(world, { url: `http://${host}/a.iso` })],
  [
    'uploadVolume',
    ({ simulator }, host) => ({
      name: 'data',
      format: 'QCOW2',
      zoneid: simulator.world.zones.all()[0]!.id,
      url: `http://${host}/a.qcow2`,
    }),
  ],
];

/** Of a request, or of the job that it has started. */
function refusal({ user }: TestWorld, command: string, values: Values): unknown {
  return command === 'uploadVolume'
    ? user.run(command, values).result
    : user.fails(command, values);
}

for (const [command, valuesOf] of commands) {
  test(`${command} from this machine: the same hint, and the text of CloudStack`, () => {
    const hints: string[] = [];
    const world = testSimulator({ onHint: (hint) => hints.push(hint) });
    for (const host of ['localhost:8000', '127.0.0.1', '[::1]']) {
      const refused = refusal(world, command, valuesOf(world, host));
      expect(refused).toMatchObject({
        errorcode: 431,
        errortext: 'Illegal host specified in URL.',
      });
    }
    expect(hints).toEqual([LOOPBACK_HINT, LOOPBACK_HINT, LOOPBACK_HINT]);
    refusal(world, command, valuesOf(world, '169.254.169.254'));
    expect(hints).toHaveLength(3);

    const allowed = testSimulator({
      settings: { 'ssvm.allowLoopback': true },
      onHint: (hint) => hints.push(hint),
    });
    allowed.user.call(command, valuesOf(allowed, '127.0.0.1'));
    expect(hints).toHaveLength(3);
  });
}

test('a snapshot of a running VM on KVM, and an expunging by a user: which setting would allow it', () => {
  const hints: string[] = [];
  const world = testSimulator({ onHint: (hint) => hints.push(hint) });
  const { user, admin, simulator } = world;
  const { id } = deployed(world, user);
  const [root] = simulator.world.volumes.where('vmId', id as string);
  user.fails('createSnapshot', { volumeid: root!.id });
  user.run('destroyVirtualMachine', { id, expunge: true });
  user.done('destroyVirtualMachine', { id });
  user.run('expungeVirtualMachine', { id });
  expect(hints).toEqual([
    expect.stringContaining('kvm.snapshot.enabled=true'),
    expect.stringContaining('allow.user.expunge.recover.vm=true'),
    expect.stringContaining('allow.user.expunge.recover.vm=true'),
  ]);
  for (const name of ['kvm.snapshot.enabled', 'allow.user.expunge.recover.vm'] as const) {
    simulator.world.settings.set(name, true);
  }
  const other = deployed(world, user)['id'] as string;
  user.done('createSnapshot', { volumeid: simulator.world.volumes.where('vmId', other)[0]!.id });
  user.done('destroyVirtualMachine', { id: other, expunge: true });
  admin.done('expungeVirtualMachine', { id });
  expect(hints).toHaveLength(3);
});
