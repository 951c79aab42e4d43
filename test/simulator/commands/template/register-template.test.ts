// Proves that registerTemplate enters a template in each zone at once, what it refuses by the URL, the
// zones and the owner, and what deletion, deployment and an outage do while its image is on its way.
import { expect, test } from '@playwright/test';
import {
  testSimulator,
  type Reply,
  type TestWorld,
  type Values,
} from '../../../support/simulator-client.js';
import { deployment, refusedUnchanged } from '../../../support/simulator-vms.js';
import { registered } from '../../../support/template-downloads.js';
import { listedTemplate, templateValues, twoZones } from '../../../support/template-uploads.js';

const URL_OF_IMAGE = 'http://images.example.org/root.qcow2';

function without(name: string, values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([key]) => key !== name));
}

/** What one wrong parameter is refused with. */
function refusal(world: TestWorld, values: Values, client = world.user): [number, string] {
  const asked = templateValues(world, { url: URL_OF_IMAGE, ...values });
  const { errorcode, errortext } = refusedUnchanged(world, client, 'registerTemplate', asked);
  return [errorcode, errortext];
}

test('the template is there at once, active and not ready', () => {
  const world = testSimulator();
  const template = registered(world, URL_OF_IMAGE, {
    checksum: '{SHA-256}00ff',
    isfeatured: true,
    'details[0].rootDiskController': 'scsi',
  });
  expect(template).toMatchObject({
    name: 'stemcell',
    displaytext: 'stemcell',
    format: 'QCOW2',
    hypervisor: 'KVM',
    isready: false,
    ispublic: false,
    isfeatured: false,
    status: '',
    url: URL_OF_IMAGE,
    checksum: '00ff',
    zonename: 'zone1',
    details: { rootDiskController: 'scsi' },
  });
  expect(template).not.toHaveProperty('size');
  expect(listedTemplate(world.user, template['id'] as string)).toEqual(template);
});

test('the event log tells no URL: who has a signed one has the image', () => {
  const world = testSimulator();
  registered(world, `${URL_OF_IMAGE}?signature=s1gned`);
  const log = JSON.stringify(world.simulator.kernel.log.after(0));
  expect(log).toContain('"url":"(secret)"');
  expect(log).not.toContain('s1gned');
});

test('several zones, and all of them for -1, which only root admins may', () => {
  const world = twoZones();
  const [one, two] = world.simulator.world.zones.all().map(({ id }) => id);
  const values = without('zoneid', templateValues(world, { url: URL_OF_IMAGE }));
  const zonesOf = (reply: Reply): string[] =>
    (reply['template'] as Reply[]).map(({ zonename }) => zonename as string);
  const several = world.user.call('registerTemplate', { ...values, zoneids: `${one},${two}` });
  expect(zonesOf(several)).toEqual(['zone1', 'zone2']);
  for (const all of [{ zoneid: -1 }, { zoneids: '-1' }]) {
    expect(zonesOf(world.admin.call('registerTemplate', { ...values, ...all }))).toEqual([
      'zone1',
      'zone2',
    ]);
    expect(
      refusedUnchanged(world, world.user, 'registerTemplate', { ...values, ...all }),
    ).toMatchObject({
      errorcode: 431,
      errortext:
        "Template registered for 'All zones' can only be owned a Root Admin account. Please select specific zone(s).",
    });
  }
  const wrong: readonly (readonly [Values, string])[] = [
    [{}, 'Either zoneid or zoneids is required. Both cannot be null.'],
    [
      { zoneid: one!, zoneids: two! },
      'Both zoneid and zoneids cannot be specified at the same time',
    ],
    [
      { zoneids: `-1,${two}` },
      'Parameter zoneids cannot combine all zones (-1) option with other zones',
    ],
  ];
  for (const [zones, errortext] of wrong) {
    expect(
      refusedUnchanged(world, world.admin, 'registerTemplate', { ...values, ...zones }),
    ).toMatchObject({ errorcode: 431, errortext });
  }
});

const urls: readonly (readonly [string, string])[] = [
  ['images.example.org/root.qcow2', 'Unsupported scheme for url: images.example.org/root.qcow2'],
  [
    'ftp://images.example.org/a.qcow2',
    'Unsupported scheme for url: ftp://images.example.org/a.qcow2',
  ],
  ['file:///root.qcow2', 'File:// type urls are currently unsupported'],
  ['http://', 'Invalid URL: http://'],
  ['http://127.0.0.1/root.qcow2', 'Illegal host specified in URL.'],
  ['http://localhost:8080/root.qcow2', 'Illegal host specified in URL.'],
  ['http://0.0.0.0/root.qcow2', 'Illegal host specified in URL.'],
  ['http://169.254.169.254/root.qcow2', 'Illegal host specified in URL.'],
  ['http://239.1.1.1/root.qcow2', 'Illegal host specified in URL.'],
  ['http://[::1]/root.qcow2', 'Illegal host specified in URL.'],
  ['http://[2001:db8::1]/root.qcow2', 'IPv6 addresses are not supported (2001:db8::1).'],
  ['http://images.example.org/root', 'Please specify a valid qcow2'],
  [
    'http://images.example.org/root.vhd.gz?x=.qcow2',
    'Please specify a valid URL. URL:/root.vhd.gz is an invalid for the format qcow2',
  ],
];

for (const [url, text] of urls) {
  test(`${url} is refused`, () => {
    expect(refusal(testSimulator(), { url })).toEqual([431, text]);
  });
}

test('addresses of private networks, ports, queries and packed images are fine', () => {
  for (const url of [
    'http://10.0.0.6:25250/root.qcow2',
    'https://images.example.org/ROOT.QCOW2.BZ2?token=1',
    'http://images.example.org/root.img',
  ]) {
    expect(registered(testSimulator(), url)).toMatchObject({ url });
  }
});

test('loopback only where the setting allows it, nothing else with it', () => {
  const world = testSimulator();
  world.simulator.world.settings.set('ssvm.allowLoopback', true);
  expect(registered(world, 'http://127.0.0.1/root.qcow2')['status']).toBe('');
  expect(refusal(world, { url: 'http://0.0.0.0/root.qcow2' })).toEqual([
    431,
    'Illegal host specified in URL.',
  ]);
});

test('wrong formats, hypervisors, owners and limits', () => {
  const world = testSimulator();
  expect(refusal(world, { format: 'ROCK' })[1]).toMatch(/^Image format: ROCK is incorrect\./);
  expect(refusal(world, { hypervisor: 'Rock' })[1]).toMatch(/^Hypervisor Type: Rock is invalid\./);
  const withoutOs = without('ostypeid', templateValues(world, { url: URL_OF_IMAGE }));
  expect(refusedUnchanged(world, world.user, 'registerTemplate', withoutOs).errortext).toBe(
    'Please provide a guest OS type',
  );
  world.simulator.world.settings.set('allow.public.user.templates', false);
  expect(refusal(world, { ispublic: true })).toEqual([
    431,
    'Only private templates/ISO can be created.',
  ]);
});

test('the limit of templates holds', () => {
  const world = testSimulator();
  const { id, domainId } = world.simulator.world.accounts
    .all()
    .find(({ name }) => name === 'bosh')!;
  const { templates } = world.simulator.world;
  const max = templates.where('accountId', id).length;
  const owner = { account: 'bosh', domainid: domainId };
  world.admin.call('updateResourceLimit', { resourcetype: 4, max, ...owner });
  const [code, text] = refusal(world, {});
  expect([code, text.includes("'template'")]).toEqual([535, true]);
});

test('a VM can be asked for, and fails to start, before the template is ready', () => {
  const world = testSimulator();
  const { id } = registered(world, URL_OF_IMAGE);
  const outcome = world.user.run(
    'deployVirtualMachine',
    deployment(world, { templateid: id as string }),
  );
  expect(outcome).toMatchObject({ status: 2, resultcode: 530 });
});

test('without a secondary storage VM nothing comes, and one that goes breaks what was under way', () => {
  const world = testSimulator();
  const { id: under } = registered(world, URL_OF_IMAGE);
  world.simulator.setFaults([{ then: { effect: 'no-secondary-storage-vm' } }]);
  const { id: without } = registered(world, URL_OF_IMAGE);
  expect(listedTemplate(world.user, under as string)?.['status']).toBe(
    'Storage agent or storage VM disconnected',
  );
  expect(listedTemplate(world.user, without as string)?.['status']).toBe('Active');
});

test('what hosts are to fetch is refused: by hypervisor, by checksum, or because none reaches it', () => {
  const world = testSimulator();
  const { admin, simulator } = world;
  const asked = { directdownload: true };
  expect(refusal(world, { ...asked, hypervisor: 'XenServer' }, admin)).toEqual([
    431,
    'Parameter directdownload is only allowed for KVM or Custom templates',
  ]);
  expect(refusal(world, { ...asked, checksum: '{SHA-3}00' }, admin)).toEqual([
    431,
    'Algorithm SHA-3 was provided but it is not one of the supported algorithms',
  ]);
  expect(refusal(world, { ...asked, checksum: '{SHA-256}00' }, admin)).toEqual([
    431,
    'Checksum digest length should be 64 instead of 2',
  ]);
  const [code, text] = refusal(world, { ...asked, checksum: '0'.repeat(32) }, admin);
  expect([code, text]).toEqual([
    530,
    expect.stringMatching(/^URL: http:\/\/\S+ validation failed on host Host \{.*\}$/),
  ]);
  const iso = { name: 'iso', url: 'http://a.example.org/a.iso', bootable: false, ...asked };
  const zoneid = simulator.world.zones.all()[0]!.id;
  expect(refusedUnchanged(world, admin, 'registerIso', { ...iso, zoneid }).errortext).toMatch(
    /^URL: .* validation failed on host /,
  );
  for (const host of simulator.world.hosts.all()) simulator.world.hosts.change(host, { up: false });
  expect(refusal(world, asked, admin)).toEqual([
    530,
    `Couldn't find a host to validate URL ${URL_OF_IMAGE}`,
  ]);
  expect(refusal(world, asked)).toEqual([
    530,
    'Internal error executing command, please contact your system administrator',
  ]);
});

test('deployasis is for VMware, where it is not simulated; others do not look at it', () => {
  expect(registered(testSimulator(), URL_OF_IMAGE, { deployasis: true })).toMatchObject({
    deployasis: false,
  });
  const world = testSimulator({ world: 'advanced-vmware' });
  const ova = { hypervisor: 'VMware', format: 'OVA', url: 'http://a.example.org/a.ova' };
  expect(refusal(world, { ...ova, deployasis: true })).toEqual([
    432,
    'The simulator does not simulate templates of VMware that are deployed as they are (deployasis)',
  ]);
  const { url, ...upload } = templateValues(world, { ...ova, deployasis: true });
  expect(refusedUnchanged(world, world.user, 'getUploadParamsForTemplate', upload).errorcode).toBe(
    432,
  );
  expect(registered(world, url as string, ova)).toMatchObject({ format: 'OVA', deployasis: false });
});
