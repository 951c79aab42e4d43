import { expect } from '@playwright/test';
import { contractCase } from '../../contract/contract-case.js';
import { isObject, textOf, type JsonObject } from '../../json.js';
import { imageFile, properties } from '../stemcell/upload.js';

/** Results whose shape depends on the API version, and what callers make of versions. */
export const shapeCases = [
  contractCase(
    {
      id: 'VER-01',
      title: 'Shapes of create_vm',
      proves: 'create_vm answers a CID in version 1, and a list of CID and networks afterwards.',
      versions: [1, 2, 3],
    },
    async ({ apiVersion, cpi, cloud, vmArguments }) => {
      const result = await cpi.result('create_vm', await vmArguments());
      const [cid, networks] = Array.isArray(result) ? result : [result];
      expect(await cloud.vm(textOf(cid))).toMatchObject({ state: 'Running' });

      if (apiVersion === 1) expect(typeof result).toBe('string');
      else expect(isObject(networks) && Object.keys(networks)).toEqual(['private']);
    },
  ),
  contractCase(
    {
      id: 'VER-02',
      title: 'Shapes of attach_disk',
      proves: 'attach_disk answers null in version 1, and a hint afterwards.',
      versions: [1, 2, 3],
    },
    async ({ apiVersion, cpi, cloud, createVm, createDisk }) => {
      const vm = await createVm();
      const disk = await createDisk(1024, vm);
      const result = await cpi.result('attach_disk', [vm, disk]);
      if (apiVersion === 1) expect(result).toBeNull();
      else expect(result).not.toBeNull();
      expect(await cloud.volume(disk)).toMatchObject({ virtualmachineid: vm });
    },
  ),
  contractCase(
    {
      id: 'VER-03',
      title: 'Same errors in all versions',
      proves: 'An error has the same type, message and form in all versions.',
    },
    async ({ cpi, newId, vmArguments }) => {
      const args = await vmArguments({ properties: { compute_offering: 'none-such' } });
      const missing = newId();
      for (const [method, given] of [
        ['create_vm', args],
        ['reboot_vm', [missing]],
        ['attach_disk', [missing, missing]],
      ] as const) {
        const [first, ...others] = await Promise.all(
          [1, 2, 3].map((apiVersion) => cpi.error(method, given, { apiVersion })),
        );
        for (const other of others) expect(other, method).toEqual(first);
      }
    },
  ),
  contractCase(
    {
      id: 'VER-06',
      title: 'Version that the CLI demands',
      proves: 'info tells the CLI an API version of 2 or more, and calls in version 2 work.',
    },
    async ({ cpi, cloud, vmArguments }) => {
      // deployment_preparer.go: "The `bosh` cli requires CPI v2.0 or greater".
      const cli = { caller: 'bosh-cli', context: { request_id: null } } as const;
      const info = await cpi.result('info', [], { ...cli, apiVersion: 1 });
      expect(versionIn(info)).toBeGreaterThanOrEqual(2);
      const args = await vmArguments();
      const vm = await cpi.cid('create_vm', args, { ...cli, apiVersion: 2 });
      expect(await cloud.vm(vm)).toMatchObject({ state: 'Running' });
    },
  ),
  contractCase(
    {
      id: 'VER-07',
      title: 'Version that the Director demands',
      proves: 'The version that info names is one that Directors take, and requests in it work.',
    },
    async ({ cpi, newId }) => {
      // cloud_factory.rb: the lower one of what the CPI and the Director (3) know, at least 2.
      const negotiated = Math.min(versionIn(await cpi.result('info', [], { apiVersion: null })), 3);
      expect(negotiated).toBeGreaterThanOrEqual(2);
      const unknown = newId();
      expect(await cpi.result('has_vm', [unknown], { apiVersion: negotiated })).toBe(false);
      const { type } = await cpi.error('has_vm', [unknown], { apiVersion: 99 });
      expect(type).toMatch(/^Bosh::Clouds::(NotSupported|NotImplemented)$/);
    },
  ),
  contractCase(
    {
      id: 'VER-08',
      title: 'create_stemcell with three arguments',
      proves:
        'If info names version 3, create_stemcell takes a third argument, with tags or empty.',
      needs: ['uploads'],
    },
    async (tools) => {
      const { cpi } = tools;
      if (versionIn(await cpi.result('info', [])) < 3) return;
      const image = await imageFile(tools);
      for (const env of [{ tags: { team: 'contract' } }, { tags: {} }, {}] as JsonObject[]) {
        const args = [image, properties, env];
        expect(await cpi.cid('create_stemcell', args, { apiVersion: 3 })).not.toBe('');
      }
    },
  ),
  contractCase(
    {
      id: 'VER-09',
      title: 'info without a version',
      proves: 'info answers a request that names no API version, as the Director’s first one.',
    },
    async ({ cpi }) => {
      expect(versionIn(await cpi.result('info', [], { apiVersion: null }))).toBeGreaterThan(1);
    },
  ),
];

function versionIn(info: unknown): number {
  return isObject(info as JsonObject) ? Number((info as JsonObject)['api_version']) : 0;
}
