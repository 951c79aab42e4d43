// Proves that getUploadParamsForTemplate enters a template at once, signs where its image is to be
// posted, and refuses what CloudStack refuses without leaving a template behind.
import { createHmac } from 'node:crypto';
import { expect, test } from '@playwright/test';
import { zoneText } from '../../../../simulator/world/network/networks.js';
import { testSimulator, type Values } from '../../../support/simulator-client.js';
import { refusedUnchanged } from '../../../support/simulator-vms.js';
import { listedTemplate, templateValues, uploadParams } from '../../../support/template-uploads.js';
import { assertSound } from '../../../support/sound-world.js';

test('the answer stands in its own wrapper and is signed by the zone’s key', () => {
  const world = testSimulator();
  world.simulator.openedAt('http://127.0.0.1:4711');
  const { body } = world.user.send('getUploadParamsForTemplate', templateValues(world));
  expect(Object.keys(body)).toEqual(['postuploadtemplateresponse']);
  const params = body['postuploadtemplateresponse']['getuploadparams'];
  expect(Object.keys(params)).toEqual(['id', 'postURL', 'metadata', 'expires', 'signature']);
  expect(params).toMatchObject({
    postURL: `http://127.0.0.1:4711/upload/${params.id as string}`,
    expires: '2026-01-01T01:00:00.000Z',
  });
  const zone = world.simulator.world.zones.all()[0]!;
  const signed = `${params.metadata as string}${params.postURL as string}${params.expires as string}`;
  const signature = createHmac('sha1', zone.uploadKey).update(signed).digest('base64');
  expect(params.signature).toBe(signature);
  expect(JSON.stringify(world.simulator.kernel.log.after(0))).not.toContain(zone.uploadKey);
});

test('the template is there at once, not uploaded and not ready', () => {
  const world = testSimulator();
  const { id } = uploadParams(world, world.user, {
    displaytext: 'bosh-openstack-kvm/1.2',
    isextractable: true,
    passwordenabled: true,
    sshkeyenabled: true,
    isdynamicallyscalable: true,
    requireshvm: false,
    bits: 32,
    isfeatured: true,
    'details[0].rootDiskController': 'scsi',
    'details[0].nicAdapter': 'Virtio',
    'details[1].ignored': 'yes',
  });
  expect(listedTemplate(world.user, id)).toMatchObject({
    id,
    name: 'stemcell',
    displaytext: 'bosh-openstack-kvm/1.2',
    status: 'NotUploaded',
    isready: false,
    ispublic: false,
    // Only root admins may feature a template.
    isfeatured: false,
    isextractable: true,
    passwordenabled: true,
    sshkeyenabled: true,
    isdynamicallyscalable: true,
    requireshvm: false,
    format: 'QCOW2',
    hypervisor: 'KVM',
    account: 'bosh',
    details: { rootDiskController: 'scsi', nicAdapter: 'Virtio' },
    downloaddetails: [{ downloadState: 'NOT_DOWNLOADED', downloadPercent: '0' }],
  });
  const listed = listedTemplate(world.user, id)!;
  for (const absent of ['size', 'physicalsize', 'checksum']) {
    expect(listed).not.toHaveProperty(absent);
  }
  assertSound(world.simulator);
});

test('names need not be unique, and what is left out has CloudStack’s defaults', () => {
  const world = testSimulator();
  const [first, second] = [uploadParams(world, world.user), uploadParams(world, world.user)];
  expect(second.id).not.toBe(first.id);
  expect(second.signature).not.toBe(first.signature);
  expect(listedTemplate(world.user, second.id)).toMatchObject({
    displaytext: 'stemcell',
    ispublic: false,
    isfeatured: false,
    isextractable: false,
    passwordenabled: false,
    // Unlike registerTemplate's.
    requireshvm: false,
    arch: 'x86_64',
    templatetype: 'USER',
    bits: 0,
  });
  const { id } = uploadParams(world, world.admin, { isfeatured: true, format: 'vhd' });
  expect(listedTemplate(world.admin, id)).toMatchObject({ isfeatured: true, format: 'VHD' });
});

test('the setting decides where images are posted', () => {
  const world = testSimulator();
  world.simulator.world.settings.set('ssvm.uploadUrl', 'https://203-0-113-9.ssvm.example/');
  const { id, postURL } = uploadParams(world, world.user);
  expect(postURL).toBe(`https://203-0-113-9.ssvm.example/upload/${id}`);
});

test('the same seed gives the same parameters, another seed another signature', () => {
  const params = (seed: number) => {
    const world = testSimulator({ seed });
    return uploadParams(world, world.user);
  };
  expect(params(1)).toEqual(params(1));
  expect(params(2).signature).not.toBe(params(1).signature);
});

interface Refusal {
  readonly what: string;
  readonly values?: Values;
  readonly missing?: string;
  readonly expected: Readonly<Record<string, string | number>>;
}

const HYPERVISORS =
  'XenServer, KVM, VMware, Hyperv, VirtualBox, Parralels, BareMetal, Simulator, Ovm, Ovm3, LXC, Custom, Any';

const refusals: readonly Refusal[] = [
  ...['name', 'format', 'zoneid', 'hypervisor'].map((missing) => ({
    what: `no ${missing}`,
    missing,
    expected: {
      httpStatus: 431,
      wrapper: 'postuploadtemplateresponse',
      errortext: `Unable to execute API command postuploadtemplate due to missing parameter ${missing}`,
    },
  })),
  {
    what: 'no OS type',
    missing: 'ostypeid',
    expected: { httpStatus: 431, errortext: 'Missing parameter ostypeid' },
  },
  {
    what: 'an unknown hypervisor',
    values: { hypervisor: 'bhyve' },
    expected: {
      httpStatus: 431,
      errortext: `Hypervisor Type: bhyve is invalid. Supported Hypervisor types are: ${HYPERVISORS}`,
    },
  },
  {
    what: 'an unknown format',
    values: { format: 'qed' },
    expected: {
      httpStatus: 431,
      errortext:
        'Image format: qed is incorrect. Supported formats are QCOW2, RAW, VHD, ISO, OVA, VHDX, BAREMETAL, VMDK, VDI, TAR, ZIP, DIR',
    },
  },
  {
    what: 'a format that is not simulated',
    values: { format: 'VMDK' },
    expected: {
      httpStatus: 432,
      errortext: 'The simulator does not simulate templates of the format VMDK',
    },
  },
  {
    what: 'a hypervisor that is not simulated',
    values: { hypervisor: 'Hyperv' },
    expected: {
      httpStatus: 432,
      errortext: 'The simulator does not simulate templates of the hypervisor Hyperv',
    },
  },
  {
    what: 'every zone, before a missing OS type,',
    values: { zoneid: -1 },
    missing: 'ostypeid',
    expected: { httpStatus: 431, errortext: 'invalid zoneid' },
  },
  {
    what: 'a template deployed as it is',
    values: { hypervisor: 'VMware', format: 'OVA', deployasis: true },
    expected: {
      httpStatus: 432,
      errortext:
        'The simulator does not simulate templates of VMware that are deployed as they are (deployasis)',
    },
  },
];

for (const { what, values, missing, expected } of refusals) {
  test(`${what} is refused`, () => {
    const world = testSimulator();
    const all = Object.entries(templateValues(world, values)).filter(([name]) => name !== missing);
    const before = world.simulator.world.templates.all().length;
    expect(
      refusedUnchanged(world, world.user, 'getUploadParamsForTemplate', Object.fromEntries(all)),
    ).toMatchObject(expected);
    expect(world.simulator.world.templates.all()).toHaveLength(before);
  });
}

test('without a secondary storage VM nobody can upload; only root admins read why', () => {
  const world = testSimulator();
  const zone = world.simulator.world.zones.all()[0]!;
  world.simulator.world.zones.change(zone, { secondaryStorageVmUp: false });
  const values = templateValues(world);
  const errortext = (client: typeof world.user) =>
    refusedUnchanged(world, client, 'getUploadParamsForTemplate', values).errortext;
  expect(errortext(world.admin)).toBe(
    'There is no secondary storage VM for downloading template to image store zone1-secondary',
  );
  expect(errortext(world.user)).toBe(
    'Internal error executing command, please contact your system administrator',
  );
});

test('a disabled zone takes no images: root admins, who may work there, read another text', () => {
  const world = testSimulator();
  const zone = world.simulator.world.zones.all()[0]!;
  world.simulator.world.zones.change(zone, { allocationState: 'Disabled' });
  expect(
    refusedUnchanged(world, world.user, 'getUploadParamsForTemplate', templateValues(world)),
  ).toMatchObject({
    httpStatus: 531,
    errortext: `Cannot perform this operation, Zone ${zoneText(zone)} is currently disabled`,
  });
  expect(
    refusedUnchanged(world, world.admin, 'getUploadParamsForTemplate', templateValues(world)),
  ).toMatchObject({
    httpStatus: 530,
    errortext: 'unable to find zone or an image store with enough capacity',
  });
});
