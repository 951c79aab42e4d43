// Proves for every method of the CPI that wrong arguments are told by their place and name before
// anything is sent: missing and superfluous ones, and values of every other type. What is wrong
// inside of an object the tests of its method tell.
import { deepStrictEqual, ok, strictEqual } from 'node:assert';
import { test } from '@playwright/test';
import { methods } from '../../../cpi/methods/index.js';
import { startZone, type CpiZone } from '../../support/cpi-zone.js';

const vmResources = { cpu: 1, ram: 1024, ephemeral_disk_size: 0 };

/** What each method takes, as the CPI API has it; those behind the bar may be left out. */
const signatures: Readonly<Record<string, string>> = {
  attach_disk: 'text text',
  calculate_vm_cloud_properties: 'resources',
  configure_networks: 'text object',
  create_disk: 'size object | text',
  create_network: 'object',
  create_stemcell: 'text object | object',
  create_vm: 'text text object object | texts object',
  current_vm_id: '',
  delete_disk: 'text',
  delete_network: 'text',
  delete_snapshot: 'text',
  delete_stemcell: 'text',
  delete_vm: 'text',
  detach_disk: 'text text',
  get_disks: 'text',
  has_disk: 'text',
  has_vm: 'text',
  info: '',
  ping: '',
  reboot_vm: 'text',
  resize_disk: 'text size',
  set_disk_metadata: 'text object',
  set_vm_metadata: 'text object',
  snapshot_disk: 'text object',
  update_disk: 'text size object',
};

const kinds: Readonly<Record<string, { good: unknown; bad: readonly unknown[] }>> = {
  text: { good: 'x', bad: ['', 1, true, ['x'], { id: 'x' }] },
  texts: { good: ['x'], bad: ['x', 1, false, [''], [1], [null], { id: 'x' }] },
  size: { good: 1, bad: [null, 0, -1, 1.5, 1e300, '1', true, [1], {}] },
  object: { good: {}, bad: ['x', 1, true, [], [{}]] },
  resources: { good: vmResources, bad: [null, 'x', 1, true, [], {}, { ...vmResources, cpu: '1' }] },
};

interface Signature {
  readonly name: string;
  readonly required: readonly string[];
  readonly all: readonly string[];
}

test('each method has a signature here', () => {
  deepStrictEqual(methods.map(({ name }) => name).sort(), Object.keys(signatures).sort());
});

test('missing and superfluous arguments are counted', async () => {
  await using zone = await startZone();
  for (const { name, required, all } of parsed()) {
    const good = all.map((kind) => kinds[kind]!.good);
    const calls = [[...good, 'superfluous']];
    if (required.length > 0) calls.push(good.slice(0, required.length - 1), []);
    for (const args of calls) {
      const text = `${name}: Arguments are not correct, got ${args.length}: the method takes `;
      await refused(zone, name, args, text);
    }
  }
});

test('an argument of another type is told by its place and name', async () => {
  await using zone = await startZone();
  for (const { name, required, all } of parsed()) {
    const { arguments: declared } = methods.find((method) => method.name === name)!;
    for (const [index, kind] of all.entries()) {
      // Callers send null for what they leave out.
      const nothing = kind === 'text' && index < required.length ? [null] : [];
      for (const bad of [...kinds[kind]!.bad, ...nothing]) {
        const args = all.map((other, at) => (at === index ? bad : kinds[other]!.good));
        await refused(
          zone,
          name,
          args,
          `${name}: argument ${index + 1} (${declared[index]!.name})`,
        );
      }
    }
  }
});

function parsed(): Signature[] {
  return Object.entries(signatures).map(([name, text]) => {
    const [required = [], optional = []] = text
      .split('|')
      .map((part) => part.split(' ').filter((kind) => kind !== ''));
    return { name, required, all: [...required, ...optional] };
  });
}

async function refused(
  zone: CpiZone,
  name: string,
  args: readonly unknown[],
  text: string,
): Promise<void> {
  const before = zone.simulator.kernel.log.lastSeq;
  const { type, message, ok_to_retry: okToRetry } = await zone.error(name, args);
  const told = `${name} ${JSON.stringify(args)}: ${message}`;
  strictEqual(type, 'Bosh::Clouds::CpiError', told);
  strictEqual(okToRetry, false, told);
  ok(message.startsWith(text), told);
  strictEqual(zone.simulator.kernel.log.lastSeq, before, told);
}
