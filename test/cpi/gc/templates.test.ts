// Proves of templates that gc finds those of which no Director can know, tells why, and leaves all others
// alone: those that are still coming, which it tells of, those that a Director knows, ready or not, what a VM uses, and what
// is only named like ours, or has a tag of somebody's.
import { expect, test } from '@playwright/test';
import type { Transport } from '../../../cpi/cloudstack/transport.js';
import { advancedKvm } from '../../../simulator/world/presets/advanced-kvm.js';
import { at, directorUuid, startZone, type CpiZone } from '../../support/cpi-zone.js';

const dayMs = 24 * 3_600_000;

interface ZoneWithTemplate extends AsyncDisposable {
  readonly zone: CpiZone;
  readonly id: string;
  readonly status: { through: (line: Transport) => Transport };
}

const textOfOurs = `bosh-jammy/1.1 (bosh-cpi-director ${directorUuid})`;

/** A zone that has one more template, registered past the CPI, of which CloudStack says `status`. */
async function zoneWithTemplate(template: {
  readonly name: string;
  readonly text?: string;
  readonly status: string;
  readonly tags?: Readonly<Record<string, string>>;
}): Promise<ZoneWithTemplate> {
  const fetchImage = () => Promise.resolve({ kind: 'failed', errorText: 'HTTP 404' } as const);
  const zone = await startZone({ world: advancedKvm, fetchImage }, 'direct');
  const { osTypes, zones } = zone.simulator.world;
  const { name, text = textOfOurs, tags = {} } = template;
  const registered = zone.user.call('registerTemplate', {
    name,
    displaytext: text,
    url: 'http://192.0.2.6/image.qcow2',
    format: 'QCOW2',
    hypervisor: 'KVM',
    zoneid: zones.all()[0]!.id,
    ostypeid: osTypes.all()[0]!.id,
  });
  await new Promise((resolve) => setImmediate(resolve));
  zone.simulator.kernel.advanceBy(dayMs);
  const id = String(at(registered, 'template', 0, 'id'));
  for (const [key, value] of Object.entries(tags)) {
    zone.user.done('createTags', {
      resourcetype: 'Template',
      resourceids: id,
      'tags[0].key': key,
      'tags[0].value': value,
    });
  }
  const through = (transport: Transport): Transport => ({
    close: () => {
      transport.close();
    },
    send: async (request) => {
      const response = await transport.send(request);
      return { ...response, body: response.body.replaceAll('HTTP 404', template.status) };
    },
  });
  const dispose = zone[Symbol.asyncDispose].bind(zone);
  return { zone, id, status: { through }, [Symbol.asyncDispose]: dispose };
}

const ours = 'stemcell-00000000-0000-4000-8000-00000000000a';
const marksOfOurs = { 'bosh-cpi-purpose': 'stemcell', 'bosh-cpi-content': 'abc' };

for (const [what, template] of [
  ['of an earlier CPI that is downloading', { name: 'cpitemplate-1', status: '7% Downloaded' }],
  ['of an earlier CPI of which nothing is told yet', { name: 'cpitemplate-1', status: '' }],
  ['of an earlier CPI that waits', { name: 'cpitemplate-1', status: 'Processing' }],
  ['of ours that is downloading', { name: ours, status: '99% Downloaded' }],
  ['of ours that is being installed', { name: ours, status: 'Installing Template' }],
  [
    'of ours that a Director knows',
    {
      name: ours,
      status: 'HTTP 500',
      tags: { ...marksOfOurs, 'bosh-cpi-chosen': 'true' },
    },
  ],
  [
    'of ours without a content',
    {
      name: ours,
      status: 'HTTP 500',
      tags: { 'bosh-cpi-purpose': 'stemcell' },
    },
  ],
  ['of somebody else that failed', { name: 'stemcell-of-mine', status: 'HTTP 500' }],
  [
    'of somebody else that failed and has a name like ours',
    { name: ours, text: 'bosh-jammy/1.1', status: 'HTTP 500' },
  ],
  [
    'of ours without marks that somebody has tagged',
    { name: ours, status: 'HTTP 500', tags: { owner: 'me' } },
  ],
  [
    'of ours that a Director knows, and that lost its other marks',
    { name: ours, status: 'HTTP 500', tags: { 'bosh-cpi-chosen': 'true' } },
  ],
] as const) {
  test(`a template ${what} is never found`, async () => {
    await using stage = await zoneWithTemplate(template);
    const { zone, status } = stage;
    expect(await zone.gc(status)).toEqual([]);
  });
}

for (const [what, template, why] of [
  [
    'of an earlier CPI that failed',
    { name: 'cpitemplate-1', status: 'HTTP 500' },
    'an earlier CPI made it, and it failed: HTTP 500',
  ],
  [
    'of ours that was never marked',
    { name: ours, status: 'HTTP 500' },
    'it has no marks, which create_stemcell gives (HTTP 500)',
  ],
  [
    'of ours that was never marked, and that gc gave up before',
    { name: ours, status: 'HTTP 500', tags: { 'bosh-cpi-chosen': 'false' } },
    'it has no marks, which create_stemcell gives (HTTP 500)',
  ],
  [
    'of ours that was never chosen',
    { name: ours, status: 'HTTP 500', tags: marksOfOurs },
    'its call did not come to its end, and it never became ready (HTTP 500)',
  ],
] as const) {
  test(`a template ${what} is found, told why, and removed`, async () => {
    await using stage = await zoneWithTemplate(template);
    const { zone, id, status } = stage;
    const [collected, ...others] = await zone.gc(status);
    expect(others).toEqual([]);
    expect(collected).toMatchObject({
      forgotten: { kind: 'template', id, why },
      outcome: 'deleted',
    });
    expect(zone.simulator.world.templates.all().map((one) => one.id)).not.toContain(id);
  });
}

for (const status of ['NotUploaded', '7% Downloaded']) {
  test(`one that no call will choose is told of while CloudStack says ${status}, and left`, async () => {
    await using stage = await zoneWithTemplate({ name: ours, status, tags: marksOfOurs });
    const { zone, id } = stage;
    const told: unknown[] = [];
    const onTold = (one: unknown): void => void told.push(one);
    expect(await zone.gc({ ...stage.status, onTold })).toEqual([]);
    expect(told).toMatchObject([{ forgotten: { id }, until: 'CloudStack is done with it' }]);
    expect(zone.simulator.world.templates.all().map((one) => one.id)).toContain(id);
  });
}

test('of one that was never marked its text tells whose it is', async () => {
  await using stage = await zoneWithTemplate({ name: ours, status: 'HTTP 500' });
  const { zone, id, status } = stage;
  expect(await zone.gc({ ...status, directorUuid: 'another' })).toEqual([]);
  expect(await zone.gc({ ...status, directorUuid })).toMatchObject([
    { forgotten: { id, directorUuid }, outcome: 'deleted' },
  ]);
});

test('a template that a VM uses stays, whatever its tags say', async () => {
  await using stage = await zoneWithTemplate({ name: ours, status: 'HTTP 500' });
  const { zone, id, status } = stage;
  const { networks, serviceOfferings, zones } = zone.simulator.world;
  zone.user.call('deployVirtualMachine', {
    zoneid: zones.all()[0]!.id,
    templateid: id,
    serviceofferingid: serviceOfferings.all()[0]!.id,
    networkids: networks.all()[0]!.id,
    startvm: false,
  });
  zone.simulator.kernel.advanceBy(60_000);
  const [collected] = await zone.gc(status);
  expect(JSON.stringify(collected?.outcome)).toMatch(/are using it/);
  expect(zone.simulator.world.templates.all().map((one) => one.id)).toContain(id);
});
