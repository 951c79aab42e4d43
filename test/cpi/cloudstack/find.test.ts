// Proves that things are found by id or by exact name, that CloudStack is always asked with its
// filters, and that what is not there is either an error that names what is, or just absent. A
// small catalog on loopback plays CloudStack, substring matches of `keyword` included.
import { expect, test } from '@playwright/test';
import {
  findDiskOffering,
  findNetwork,
  findOsType,
  findServiceOffering,
  findReadyTemplate,
  findZone,
} from '../../../cpi/cloudstack/find-catalog.js';
import {
  attemptOf,
  findOwnTemplate,
  findPublicAddress,
  findVm,
  findVmsByStem,
  findVolume,
  listVolumesOfVm,
} from '../../../cpi/cloudstack/find-resources.js';
import { cloudError, scriptedCloud, type ScriptedCloud } from '../support/scripted-cloud.js';

const id = (n: number): string => `00000000-0000-4000-8000-00000000000${n}`;

const catalog: Record<string, { key: string; items: Record<string, unknown>[] }> = {
  listZones: {
    key: 'zone',
    items: [
      { id: id(1), name: 'zone1' },
      { id: id(2), name: 'zone2' },
    ],
  },
  listServiceOfferings: {
    key: 'serviceoffering',
    items: [
      { id: id(1), name: 'm1.small' },
      { id: id(2), name: 'm1.twin' },
      { id: id(3), name: 'm1.twin' },
      { id: id(4), name: id(9) },
    ],
  },
  listDiskOfferings: { key: 'diskoffering', items: [] },
  listNetworks: {
    key: 'network',
    items: [
      { id: id(1), name: 'NET_CS', zoneid: id(1), zonename: 'zone1' },
      { id: id(2), name: 'NET_CS_2', zoneid: id(1), zonename: 'zone1' },
      { id: id(3), name: 'NET_CS', zoneid: id(2), zonename: 'zone2' },
    ],
  },
  listTemplates: {
    key: 'template',
    items: [
      { id: id(1), name: 'jammy', zoneid: id(1), isready: true },
      { id: id(1), name: 'jammy', zoneid: id(2), isready: true },
    ],
  },
  listOsTypes: { key: 'ostype', items: [{ id: id(1), description: 'Other PV (64-bit)' }] },
  listVirtualMachines: {
    key: 'virtualmachine',
    items: [
      { id: id(1), name: 'vm-abc-2', state: 'Running' },
      { id: id(2), name: 'vm-abc', state: 'Error' },
      { id: id(3), name: 'vm-abc-10', state: 'Stopped' },
      { id: id(4), name: 'vm-abc-def', state: 'Running' },
      { id: id(5), name: 'other-vm-abc', state: 'Running' },
      { id: id(6), name: 'CPIVM-1', state: 'Running' },
      { id: id(7), name: 'cpivm-1', state: 'Running' },
    ],
  },
  listVolumes: {
    key: 'volume',
    items: [
      { id: id(2), name: 'cpi-disk-1', virtualmachineid: id(1), deviceid: 4 },
      { id: id(1), name: 'DATA-1', virtualmachineid: id(1), deviceid: 1 },
      { id: id(3), name: 'ROOT-1', virtualmachineid: id(1), deviceid: 0 },
      { id: id(4), name: 'twin' },
      { id: id(5), name: 'twin' },
    ],
  },
  listPublicIpAddresses: {
    key: 'publicipaddress',
    items: [{ id: id(1), ipaddress: '10.0.0.1' }],
  },
};

const unknownUuid = id(8);
const filters = ['id', 'name', 'description', 'ipaddress', 'virtualmachineid'];

function startCloud(): Promise<ScriptedCloud> {
  return scriptedCloud((parameters) => {
    const { key, items } = catalog[parameters['command'] ?? '']!;
    if (parameters['id'] === unknownUuid) {
      return cloudError(
        431,
        `Invalid parameter id value=${unknownUuid} due to incorrect long value format, or entity does not exist or due to…`,
      );
    }
    // CloudStack's database compares names without case.
    const fold = (value: unknown): string => String(value).toLowerCase();
    const found = items.filter((item) =>
      filters.every((f) => !(f in parameters) || fold(item[f]) === fold(parameters[f])),
    );
    const { keyword } = parameters;
    const matching = found.filter((item) => String(item['name']).includes(keyword ?? ''));
    return { r: matching.length > 0 ? { count: matching.length, [key]: matching } : {} };
  });
}

test('by exact name or by id', async () => {
  await using cloud = await startCloud();
  expect((await findZone(cloud.client, 'zone2')).id).toBe(id(2));
  expect((await findZone(cloud.client, id(2))).name).toBe('zone2');
  expect((await findNetwork(cloud.client, 'NET_CS', id(1))).id).toBe(id(1));
  expect((await findNetwork(cloud.client, 'NET_CS', 'zone2')).id).toBe(id(3));
  expect((await findNetwork(cloud.client, id(3), 'zone2')).zoneid).toBe(id(2));
  expect((await findServiceOffering(cloud.client, 'm1.small', id(1))).id).toBe(id(1));
  expect((await findOsType(cloud.client, 'Other PV (64-bit)')).id).toBe(id(1));
  expect((await findOsType(cloud.client, id(1))).id).toBe(id(1));
  expect((await findReadyTemplate(cloud.client, 'jammy', id(1))).id).toBe(id(1));
});

test('requests are filtered; those within a zone name the zone, but networks tell theirs', async () => {
  await using cloud = await startCloud();
  await findNetwork(cloud.client, 'NET_CS', id(1));
  await findServiceOffering(cloud.client, 'm1.small', id(1));
  await findReadyTemplate(cloud.client, 'jammy', id(1));
  expect(cloud.requests).toEqual([
    { command: 'listNetworks', keyword: 'NET_CS' },
    { command: 'listServiceOfferings', zoneid: id(1), name: 'm1.small' },
    { command: 'listTemplates', templatefilter: 'executable', zoneid: id(1), name: 'jammy' },
  ]);
});

test('a name that looks like an id is found by name', async () => {
  await using cloud = await startCloud();
  expect((await findServiceOffering(cloud.client, id(9), id(1))).id).toBe(id(4));
});

test('another case is another name', async () => {
  await using cloud = await startCloud();
  await expect(findZone(cloud.client, 'ZONE1')).rejects.toMatchObject({ kind: 'not-found' });
});

test('what is not there: the error names what is', async () => {
  await using cloud = await startCloud();
  await expect(findZone(cloud.client, 'zone3')).rejects.toThrow(
    'there is no zone "zone3"; the zones are "zone1", "zone2"',
  );
  await expect(findZone(cloud.client, unknownUuid)).rejects.toThrow(
    'the zones are "zone1", "zone2"',
  );
  await expect(findNetwork(cloud.client, 'NET', id(1))).rejects.toThrow(
    'there is no network "NET"; the networks are "NET_CS", "NET_CS_2"',
  );
  await expect(findDiskOffering(cloud.client, 'big', id(1))).rejects.toThrow(
    'this account sees no disk offering at all here',
  );
  await expect(findOsType(cloud.client, 'BeOS')).rejects.toThrow('there is no OS type "BeOS"');
});

test('two things of one name: the error names their ids', async () => {
  await using cloud = await startCloud();
  await expect(findServiceOffering(cloud.client, 'm1.twin', id(1))).rejects.toThrow(
    `2 compute offerings named "m1.twin"; use one of their ids: ${id(2)}, ${id(3)}`,
  );
  await expect(findVolume(cloud.client, 'twin')).rejects.toThrow(`${id(4)}, ${id(5)}`);
});

test('resources are found by id and by the exact name of an older CPI', async () => {
  await using cloud = await startCloud();
  expect((await findVm(cloud.client, id(1)))?.name).toBe('vm-abc-2');
  expect((await findVm(cloud.client, 'cpivm-1'))?.id).toBe(id(7));
  expect((await findVolume(cloud.client, 'cpi-disk-1'))?.id).toBe(id(2));
  expect((await findOwnTemplate(cloud.client, 'jammy'))?.id).toBe(id(1));
});

test('resources that are gone are absent, whichever way CloudStack says so', async () => {
  await using cloud = await startCloud();
  expect(await findVm(cloud.client, unknownUuid)).toBeUndefined();
  expect(await findVm(cloud.client, id(9))).toBeUndefined();
  expect(await findVm(cloud.client, 'cpivm-none')).toBeUndefined();
  expect(await findPublicAddress(cloud.client, '10.0.0.9', id(1))).toBeUndefined();
});

test('a public address is found by its address', async () => {
  await using cloud = await startCloud();
  expect((await findPublicAddress(cloud.client, '10.0.0.1', id(1)))?.id).toBe(id(1));
});

test('user data is asked for only when it is wanted', async () => {
  await using cloud = await startCloud();
  await findVm(cloud.client, id(1));
  await findVm(cloud.client, id(1), { withUserData: true });
  expect(cloud.requests.map(({ userdata }) => userdata)).toEqual([undefined, 'true']);
});

test('the attempts at one VM are found in order, and no others', async () => {
  await using cloud = await startCloud();
  const names = (await findVmsByStem(cloud.client, 'vm-abc')).map(({ name }) => name);
  expect(names).toEqual(['vm-abc', 'vm-abc-2', 'vm-abc-10']);
  const command = 'listVirtualMachines';
  expect(cloud.requests).toEqual([{ command, keyword: 'vm-abc', userdata: 'true' }]);
});

test('only a plain number is an attempt', () => {
  const attempts = ['s', 's-2', 's-02', 's-2x', 's-', 'as-2', 's-0'].map((n) => attemptOf(n, 's'));
  expect(attempts).toEqual([1, 2, undefined, undefined, undefined, undefined, undefined]);
});

test('volumes of a VM come root first, then by device', async () => {
  await using cloud = await startCloud();
  const volumes = await listVolumesOfVm(cloud.client, id(1));
  expect(volumes.map(({ deviceid }) => deviceid)).toEqual([0, 1, 4]);
});
