// What guests find, and what templates of stemcells are like.
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { stemcellImage } from '../../../../bats-runner/stemcell/stemcell-image.js';
import { advancedKvm } from '../../../../simulator/world/presets/advanced-kvm.js';
import { at, startZone, type CpiZone } from '../../../support/cpi-zone.js';
import { vmArguments } from '../../methods/vm-requests.js';
import { vmWith, type Effects } from './effect.js';

const privateKey = generateKeyPairSync('ed25519')
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();

/** Copies a template under this configuration; answers what the VM had that was there for it. */
async function workVmUnder(means: object): Promise<{ offering?: string; network?: string }> {
  await using zone = await startZone({}, 'direct');
  const stemcell = { copy_compute_offering: 'm1.small', copy_network: 'NET_CS', ...means };
  const copied = { light_template: 'ubuntu-jammy', light_mode: 'copy' };
  await zone.result('create_stemcell', ['/none', copied], { properties: { stemcell } });
  const { vms, nics, serviceOfferings, networks } = zone.simulator.world;
  const [vm] = vms.all();
  const [nic] = nics.all();
  return {
    offering: serviceOfferings.require(vm!.serviceOfferingId).name,
    network: networks.require(nic!.networkId).name,
  };
}

/** Makes a template of a stemcell under this configuration. */
async function templateUnder(properties: object, settings = {}): Promise<[unknown, string]> {
  const folder = mkdtempSync(join(tmpdir(), 'effects-'));
  const image = join(folder, 'image');
  writeFileSync(image, await stemcellImage());
  await using zone = await startZone({ world: { ...advancedKvm, settings } });
  const cid = await zone.result('create_stemcell', [image, { name: 'x' }], { properties });
  rmSync(folder, { recursive: true });
  const row = zone.simulator.world.templates.all().find(({ id }) => id === cid);
  return [row, zone.diagnostics.join('\n')];
}

async function settingsUnder(properties: object): Promise<unknown> {
  await using zone = await startZone({}, 'direct');
  const vm = await vmWith(zone, {}, properties);
  const { virtualmachineuserdata } = zone.user.call('getVirtualMachineUserData', {
    virtualmachineid: vm,
  });
  const encoded = String(at(virtualmachineuserdata, 'userdata'));
  return JSON.parse(Buffer.from(encoded, 'base64').toString());
}

const keyOf = (zone: CpiZone, vm: string): unknown =>
  at(zone.user.call('listVirtualMachines', { id: vm }), 'virtualmachine', 0, 'keypairs');

export const guestEffects: Effects = {
  'cloudstack.default_key_name': async () => {
    await using zone = await startZone({}, 'direct');
    zone.user.call('createSSHKeyPair', { name: 'bosh' });
    const vm = await vmWith(zone, {}, { default_key_name: 'bosh' });
    expect(keyOf(zone, vm)).toBe('bosh');
    await zone.result('delete_vm', [vm]);
    expect(keyOf(zone, await vmWith(zone, {}, {}))).toBeFalsy();
  },
  'cloudstack.private_key': async () => {
    await using zone = await startZone({}, 'direct');
    const missing = { default_key_name: 'bosh' };
    const refused = await zone.error('create_vm', vmArguments(), { properties: missing });
    expect(refused.message).toContain('"bosh"');
    const vm = await vmWith(zone, {}, { ...missing, private_key: privateKey });
    expect(keyOf(zone, vm)).toBe('bosh');
  },
  'cloudstack.stemcell_public_visibility': async () => {
    const wanted = { stemcell_public_visibility: true };
    const allowed = { 'allow.public.user.templates': true };
    expect((await templateUnder(wanted, allowed))[0]).toMatchObject({ isPublic: true });
    expect((await templateUnder({}, allowed))[0]).toMatchObject({ isPublic: false });
    const refusing = { 'allow.public.user.templates': false };
    const [row, told] = await templateUnder(wanted, refusing);
    expect(row).toMatchObject({ isPublic: false });
    expect(told).toContain('warning: the account may not make public templates');
  },
  'agent.mbus': async () => {
    const agent = { mbus: 'nats://10.9.9.9:4222' };
    expect(await settingsUnder({ agent })).toMatchObject({ mbus: 'nats://10.9.9.9:4222' });
  },
  'agent.ntp': async () => {
    expect(await settingsUnder({ agent: { ntp: ['time'] } })).toMatchObject({ ntp: ['time'] });
  },
  'agent.blobstore': async () => {
    const blobstore = { provider: 'dav', options: { endpoint: 'http://10.0.0.6:25250' } };
    expect(await settingsUnder({ agent: { blobstore } })).toMatchObject({ blobstore });
  },
  'stemcell.os_type': async () => {
    const [row] = await templateUnder({ stemcell: { os_type: 'Ubuntu 22.04 LTS' } });
    const [usual] = await templateUnder({});
    expect(at(row, 'osTypeId')).not.toBe(at(usual, 'osTypeId'));
  },
  'stemcell.copy_compute_offering': async () => {
    expect(await workVmUnder({ copy_compute_offering: 'm1.small' })).toMatchObject({
      offering: 'm1.small',
    });
    expect(await workVmUnder({ copy_compute_offering: 'm1.large' })).toMatchObject({
      offering: 'm1.large',
    });
  },
  'stemcell.copy_network': async () => {
    expect(await workVmUnder({ copy_network: 'NET_CS' })).toMatchObject({ network: 'NET_CS' });
    expect(await workVmUnder({ copy_network: 'NET_SHARED' })).toMatchObject({
      network: 'NET_SHARED',
    });
  },
  'stemcell.requires_hvm': async () => {
    const [row] = await templateUnder({ stemcell: { requires_hvm: false } });
    expect(row).toMatchObject({ requiresHvm: false });
    expect((await templateUnder({}))[0]).toMatchObject({ requiresHvm: true });
  },
};
