// Proves the tables of errors line by line: each situation, brought about in the simulated zone, gives
// the BOSH error that is written down for it here, with a message that names what it was about and says
// what to do; and the lines of the CPI's tables say the same.
import { expect, test } from '@playwright/test';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  TransportError,
  type HttpResponse,
  type Transport,
} from '../../../../cpi/cloudstack/transport.js';
import { errorsPage } from '../../../../cpi/methods/call/error-documentation.js';
import { errorTable, methodErrors } from '../../../../cpi/methods/call/error-table.js';
import { advancedKvm } from '../../../../simulator/world/presets/advanced-kvm.js';
import type { FaultPlanInput } from '../../../../simulator/faults/plan-schema.js';
import { at, startZone, type CallOptions, type CpiZone } from '../../../support/cpi-zone.js';
import { limitTo } from '../../permissions/limited-role.js';
import { impatient } from '../../support/impatience.js';
import { hurriedClock } from '../../support/virtual-clock.js';
import { manualNetwork, vmArguments } from '../vm-requests.js';
import * as expected from './expected-errors.js';

/** What a caller does, and what the message must name. */
interface Situation {
  readonly method: string;
  readonly args: readonly unknown[];
  readonly names: readonly string[];
  readonly options?: CallOptions;
}

type Prepare = (zone: CpiZone) => Situation | Promise<Situation>;

const unknownId = 'd2b5e1a0-0000-4000-8000-000000000001';
const offering = { disk_offering: 'shared.custom' };
const hurried = impatient({ state_timeout: 1, state_timeout_volume: 1 });

function plan(zone: CpiZone, faults: FaultPlanInput): void {
  zone.simulator.setFaults(faults);
}

/** VMs of one group are on different hosts. */
function numbered(number: number, disks: readonly string[] = []): unknown[] {
  return vmArguments({
    agentId: `a0000000-0000-4000-8000-00000000000${number}`,
    networks: { private: manualNetwork(`10.203.6.${39 + number}`) },
    properties: { affinity_group: 'apart' },
    disks,
  });
}

async function createVm(zone: CpiZone, number = 1): Promise<string> {
  return String(at(await zone.result('create_vm', numbered(number)), 0));
}

/** On the host of the first VM, and detached. */
async function usedLocalDisk(zone: CpiZone): Promise<string> {
  const vm = await createVm(zone);
  const args = [1024, { disk_offering: 'local.custom' }, vm];
  const disk = String(await zone.result('create_disk', args));
  await zone.result('attach_disk', [vm, disk]);
  await zone.result('detach_disk', [vm, disk]);
  return disk;
}

async function createDisk(zone: CpiZone, size = 1024): Promise<string> {
  return String(await zone.result('create_disk', [size, offering, null]));
}

async function attachedDisk(zone: CpiZone): Promise<string> {
  const [vm, disk] = [await createVm(zone), await createDisk(zone)];
  await zone.result('attach_disk', [vm, disk]);
  return disk;
}

/** A reboot that meets these faults. */
function reboot(faults: FaultPlanInput, options: CallOptions = {}): Prepare {
  return async (zone) => {
    const vm = await createVm(zone);
    plan(zone, faults);
    return { method: 'reboot_vm', args: [vm], names: [vm], options };
  };
}

/** A look at a VM on a line where this happens. */
function look(send: () => Promise<HttpResponse>, names: readonly string[]): Prepare {
  return () => ({
    method: 'has_vm',
    args: [unknownId],
    names,
    options: { through: () => ({ close: () => undefined, send }) },
  });
}

/** A disk that CloudStack takes a snapshot of, for ever; `meanwhile` when the CPI waits for its end. */
function busyDisk(
  meanwhile: (zone: CpiZone, disk: string) => void,
  options: CallOptions = {},
): Prepare {
  return async (zone) => {
    const disk = await attachedDisk(zone);
    plan(zone, [
      {
        when: { command: 'createSnapshot', phase: 'job-step', step: 2 },
        then: { effect: 'job-never-ends' },
      },
    ]);
    zone.user.call('createSnapshot', { volumeid: disk });
    zone.simulator.kernel.advanceBy(60_000);
    zone.onDiagnostic((line) => {
      if (line.includes('waiting until that is over')) meanwhile(zone, disk);
    });
    return { method: 'resize_disk', args: [disk, 2048], names: [disk], options };
  };
}

const registry = { host: '127.0.0.1', port: 9, username: 'u', password: 'registry-password' };

/** delete_vm of a VM that is gone, where the registry answers this; without an answer it is away. */
function forget(names: readonly string[], answer?: HttpResponse): Prepare {
  return () => ({
    method: 'delete_vm',
    args: [unknownId],
    names,
    options: {
      properties: { registry },
      through: (transport) => ({
        ...transport,
        send: (request) =>
          answer !== undefined && request.url.startsWith('http://127.0.0.1:9/')
            ? Promise.resolve(answer)
            : transport.send(request),
      }),
    },
  });
}

const refused = (text: string, status = 530, masked = false) =>
  ({ effect: 'refused', status, text, masked }) as const;

const general: Readonly<Record<keyof typeof errorTable, Prepare>> = {
  'not-found': () => ({
    method: 'create_vm',
    args: vmArguments({ properties: { compute_offering: 'm9.huge' } }),
    names: ['m9.huge', 'm1.small'],
  }),
  auth: () => ({
    method: 'ping',
    args: [],
    names: ['listZones'],
    options: { properties: { secret_access_key: 'a-wrong-secret' } },
  }),
  'forbidden-api': (zone) => {
    limitTo(zone, []);
    return { method: 'ping', args: [], names: ['listZones'] };
  },
  permission: async (zone) => {
    const disk = await createDisk(zone);
    const text = 'Acct[5-joe] does not have permission to operate with resource';
    plan(zone, [{ when: { command: 'deleteVolume' }, then: refused(text, 531) }]);
    return { method: 'delete_disk', args: [disk], names: [disk, 'Acct[5-joe]'] };
  },
  invalid: () => ({
    method: 'create_disk',
    args: [2_000 * 1024, offering, null],
    names: ['createVolume', 'disk-00000000'],
  }),
  'in-use': (zone) => {
    const { id } = zone.user.call('getUploadParamsForTemplate', {
      name: 'stemcell-x',
      displaytext: 'x',
      format: 'QCOW2',
      hypervisor: 'KVM',
      zoneid: String(at(zone.user.call('listZones'), 'zone', 0, 'id')),
      ostypeid: String(at(zone.user.call('listOsTypes'), 'ostype', 0, 'id')),
    })['getuploadparams'] as { id: string };
    zone.user.run('createTags', {
      resourceids: id,
      resourcetype: 'Template',
      'tags[0].key': 'bosh-cpi-purpose',
      'tags[0].value': 'stemcell',
    });
    return { method: 'delete_stemcell', args: [id], names: [id, 'still waits for an upload'] };
  },
  conflict: async (zone) => {
    const vm = await createVm(zone);
    const text = `tag name already on UserVm with id ${vm}`;
    plan(zone, [{ when: { command: 'createTags' }, then: refused(text) }]);
    return { method: 'set_vm_metadata', args: [vm, { job: 'web' }], names: [vm, 'tag name'] };
  },
  capacity: async (zone) => {
    const vm = await createVm(zone);
    zone.user.run('stopVirtualMachine', { id: vm });
    plan(zone, [
      {
        when: { command: 'startVirtualMachine', times: 1 },
        then: { effect: 'capacity-gone', of: 'hosts' },
      },
    ]);
    return { method: 'reboot_vm', args: [vm], names: [vm] };
  },
  limit: (zone) => {
    plan(zone, [
      { when: { command: 'createVolume' }, then: { effect: 'limit-reached', type: 'volume' } },
    ]);
    return { method: 'create_disk', args: [1024, offering, null], names: ['disk-00000000'] };
  },
  internal: reboot([
    { when: { command: 'rebootVirtualMachine' }, then: refused('Failed to reboot vm instance') },
  ]),
  'internal-masked': reboot([
    { when: { command: 'rebootVirtualMachine' }, then: refused('a secret reason', 530, true) },
  ]),
  throttled: reboot([
    { when: { command: 'rebootVirtualMachine' }, then: { effect: 'throttled', retryAfterMs: 1 } },
  ]),
  unavailable: async (zone) => {
    const vm = await createVm(zone);
    plan(zone, [
      { when: { command: 'listVirtualMachines' }, then: { effect: 'proxy-error', status: 503 } },
    ]);
    return { method: 'has_vm', args: [vm], names: [vm, 'HTTP 503'] };
  },
  'not-cloudstack': look(
    () => Promise.resolve({ status: 200, headers: {}, body: '<html><title>Hi</title></html>' }),
    [unknownId, 'an HTML page'],
  ),
  unreachable: look(
    () => Promise.reject(new TransportError('refused', 'no', 'cloud:8080 refused the connection')),
    [unknownId, 'cloud:8080'],
  ),
  'outcome-unknown': async (zone) => {
    const [vm, disk] = [await createVm(zone), await createDisk(zone)];
    const options = { loseAnswersOf: 'attachVolume' };
    return { method: 'attach_disk', args: [vm, disk], names: [vm, disk], options };
  },
  'job-lost': async (zone) => {
    const disk = await attachedDisk(zone);
    const vm = String(zone.simulator.world.vms.all()[0]?.id);
    plan(zone, [
      {
        when: { command: 'detachVolume', phase: 'job-step', times: 1 },
        then: { effect: 'management-server-restart' },
      },
    ]);
    return { method: 'detach_disk', args: [vm, disk], names: [disk, 'job '] };
  },
  deadline: reboot(
    [
      {
        when: { command: 'rebootVirtualMachine', phase: 'job-step' },
        then: { effect: 'job-never-ends' },
      },
    ],
    hurried,
  ),
  'registry-away': forget([unknownId, '127.0.0.1:9 refused the connection']),
  'registry-denied': forget(['http://127.0.0.1:9', 'the user u'], {
    status: 401,
    headers: {},
    body: '{"status":"access_denied"}',
  }),
  'registry-wrong': forget([unknownId, 'HTTP 301'], { status: 301, headers: {}, body: '' }),
  interrupted: async (zone) => {
    const vm = await createVm(zone);
    const options = { signal: AbortSignal.abort() };
    return { method: 'reboot_vm', args: [vm], names: ['repeat it'], options };
  },
  'wait-deadline': busyDisk(() => undefined, hurried),
  'wrong-state': (zone) => {
    const { id } = zone.user.call('getUploadParamsForVolume', {
      name: 'mine',
      format: 'QCOW2',
      zoneid: String(at(zone.user.call('listZones'), 'zone', 0, 'id')),
    })['getuploadparams'] as { id: string };
    return { method: 'resize_disk', args: [id, 2048], names: [id, 'NotUploaded'] };
  },
  blind: busyDisk(
    (zone) => {
      plan(zone, [{ when: { command: 'listVolumes' }, then: refused('a failure inside') }]);
    },
    { clock: hurriedClock() },
  ),
  image: () => ({
    method: 'create_stemcell',
    args: ['/no/such/image', { name: 'x' }],
    names: ['/no/such/image'],
  }),
  'stemcell-server': () => {
    const folder = mkdtempSync(join(tmpdir(), 'image-'));
    const image = join(folder, 'image');
    writeFileSync(image, Buffer.concat([Buffer.alloc(510), Buffer.from([0x55, 0xaa])]));
    const server = { url: 'http://127.0.0.1:9', username: 'u', password: 'a-password' };
    const properties = { stemcell: { publish: 'webdav' }, stemcell_server: server };
    return {
      method: 'create_stemcell',
      args: [image, { name: 'x' }],
      names: ['http://127.0.0.1:9', 'stemcell_server.url'],
      options: { properties },
    };
  },
  fault: look(() => Promise.reject(new TypeError('x is not a function')), ['x is not a function']),
};

const single: Readonly<Record<keyof typeof methodErrors, Prepare>> = {
  'vm-missing': () => ({
    method: 'set_vm_metadata',
    args: [unknownId, { a: 'b' }],
    names: [unknownId, 'cloud-check'],
  }),
  'disk-missing': () => ({
    method: 'set_disk_metadata',
    args: [unknownId, { a: 'b' }],
    names: [unknownId, 'cloud-check'],
  }),
  'disk-in-use': async (zone) => {
    const disk = await attachedDisk(zone);
    const vm = await createVm(zone, 2);
    return { method: 'attach_disk', args: [vm, disk], names: [disk, vm, 'it is attached to VM'] };
  },
  'disk-elsewhere': async (zone) => {
    const disk = await attachedDisk(zone);
    return {
      method: 'detach_disk',
      args: [unknownId, disk],
      names: [disk, unknownId, 'but to VM'],
    };
  },
  'disk-full': async (zone) => {
    const [vm, disk] = [await createVm(zone), await createDisk(zone)];
    plan(zone, [
      {
        when: { command: 'attachVolume', times: 1 },
        then: { effect: 'capacity-gone', of: 'pools' },
      },
    ]);
    return { method: 'attach_disk', args: [vm, disk], names: [vm, disk] };
  },
  'disk-of-another-host': async (zone) => {
    const disk = await usedLocalDisk(zone);
    const vm = await createVm(zone, 2);
    return { method: 'attach_disk', args: [vm, disk], names: [disk, vm, 'of another host'] };
  },
  'host-of-disk': async (zone) => {
    const disk = await usedLocalDisk(zone);
    plan(zone, [
      {
        when: { command: 'startVirtualMachine', times: 1 },
        then: { effect: 'capacity-gone', of: 'hosts' },
      },
    ]);
    return { method: 'create_vm', args: numbered(2, [disk]), names: [disk, 'no room'] };
  },
  'may-pass': (zone) => {
    plan(zone, [
      {
        when: { command: 'startVirtualMachine', times: 1 },
        then: { effect: 'capacity-gone', of: 'hosts' },
      },
    ]);
    return { method: 'create_vm', args: vmArguments(), names: ['startVirtualMachine', '"uuid"'] };
  },
  'address-taken': async (zone) => {
    const vm = await createVm(zone);
    const other = vmArguments({ agentId: 'b0000000-0000-4000-8000-000000000002' });
    return { method: 'create_vm', args: other, names: [vm, '10.203.6.40', 'delete that VM'] };
  },
  'address-perhaps-taken': async (zone) => {
    const vm = await createVm(zone);
    zone.user.done('destroyVirtualMachine', { id: vm });
    const other = vmArguments({ agentId: 'b0000000-0000-4000-8000-000000000002' });
    return { method: 'create_vm', args: other, names: ['10.203.6.40 in NET_CS'] };
  },
  'address-just-got': () => {
    const ip = '203.0.113.15';
    const args = vmArguments({ networks: { a: manualNetwork(), b: { type: 'vip', ip } } });
    const through = (transport: Transport): Transport => ({
      ...transport,
      send: async (request) => {
        const { body } = request;
        // Something on the way sends it twice.
        const isTwice = typeof body === 'string' && body.includes('command=associateIpAddress&');
        if (isTwice) await transport.send(request);
        return transport.send(request);
      },
    });
    return { method: 'create_vm', args, names: [ip], options: { through } };
  },
  'not-in-place': async (zone) => {
    const disk = await createDisk(zone, 2048);
    return { method: 'resize_disk', args: [disk, 1024], names: [disk, 'cannot be made smaller'] };
  },
  'never-done': () => ({
    method: 'configure_networks',
    args: [unknownId, {}],
    names: [unknownId, 'recreate it'],
  }),
  'unknown-method': () => ({ method: 'zzz', args: [], names: ['"zzz"', 'create_vm'] }),
  'outside-of-the-cloud': () => ({
    method: 'current_vm_id',
    args: [],
    names: ['00:11:22:33:44:55'],
    options: { networkInterfaces: [{ ip: '10.203.6.77', mac: '00:11:22:33:44:55' }] },
  }),
  'bad-request': () => ({
    method: 'has_vm',
    args: [unknownId],
    names: ['api_version'],
    options: { apiVersion: 0 },
  }),
  'bad-argument': () => ({ method: 'has_vm', args: [5], names: ['vm_cid', 'the integer 5'] }),
  'bad-configuration': () => ({
    method: 'has_vm',
    args: [unknownId],
    names: ['cloudstack.state_timeout', 'from 1 to'],
    options: { properties: { state_timeout: 0 } },
  }),
  'bad-cloud-properties': () => ({
    method: 'create_vm',
    args: vmArguments({ properties: { disk: -1 }, networks: { a: manualNetwork() } }),
    names: ['disk must be a whole number of MiB'],
  }),
};

const world = { ...advancedKvm, settings: { 'kvm.snapshot.enabled': true } };

for (const [kind, prepare] of Object.entries(general)) {
  const { situation, ...row } = errorTable[kind as keyof typeof errorTable];
  const { type, mayPass, says } = expected.general[kind as keyof typeof errorTable];
  test(`${kind}: ${situation}`, async () => {
    expect(row).toMatchObject({ type, mayPass });
    await using zone = await startZone({ world }, 'direct');
    const { method, args, names, options } = await prepare(zone);
    const error = await zone.error(method, args, options);
    expect(error).toMatchObject({ type: `Bosh::Clouds::${type}`, ok_to_retry: false });
    for (const name of names) expect(error.message).toContain(name);
    expect(error.message).toContain(says);
    expect(zone.diagnostics.join('\n') + error.message).not.toContain('a secret reason');
  });
}

for (const [name, prepare] of Object.entries(single)) {
  const { situation, ...row } = methodErrors[name as keyof typeof methodErrors];
  const { type, okToRetry, says } = expected.ofMethods[name as keyof typeof methodErrors];
  test(`${name}: ${situation}`, async () => {
    expect(row).toEqual({ type, okToRetry });
    await using zone = await startZone({ world }, 'direct');
    const { method, args, names, options } = await prepare(zone);
    const error = await zone.error(method, args, options);
    expect(error).toMatchObject({ type: `Bosh::Clouds::${type}`, ok_to_retry: okToRetry });
    for (const text of [...names, says]) expect(error.message).toContain(text);
  });
}

test('the page is up to date (npm run build renews it)', () => {
  const url = new URL('../../../../docs/cpi/errors.md', import.meta.url);
  expect(readFileSync(url, 'utf8')).toBe(errorsPage());
});
