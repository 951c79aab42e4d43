import { statSync } from 'node:fs';
import { expect } from '@playwright/test';
import { tagsOf } from '../../cloud/cloud.js';
import { contractCase } from '../../contract/contract-case.js';
import { isObject, type JsonValue } from '../../json.js';

/** The CPI as a process: what it needs around it, and others beside it. */
export const processCases = [
  contractCase(
    {
      id: 'ENV-11',
      title: 'Minimal environment',
      proves: 'The CPI works with an environment of PATH alone, without HOME and TMPDIR.',
    },
    async ({ cpi, newId }) => {
      expect(statSync(cpi.executable).mode & 0o111).not.toBe(0);
      expect(await cpi.result('has_vm', [newId()], { environment: {} })).toBe(false);
    },
  ),
  contractCase(
    {
      id: 'ENV-21',
      title: 'info',
      proves:
        'info names an API version of at least 2 and the stemcell formats, whatever version and ' +
        'context it is asked in, and to Director and CLI alike.',
    },
    async ({ cpi }) => {
      const vm = { stemcell: { api_version: 3 } };
      const answers: JsonValue[] = [];
      for (const apiVersion of [null, 1, 2, 3]) {
        answers.push(await cpi.result('info', [], { apiVersion }));
        answers.push(await cpi.result('info', [], { apiVersion, context: { vm } }));
      }
      const cli = { caller: 'bosh-cli', apiVersion: 1, context: { request_id: null } } as const;
      answers.push(await cpi.result('info', [], cli));
      const [first] = answers;
      for (const answer of answers) expect(answer).toEqual(first);
      expect(isObject(first) && Number(first['api_version'])).toBeGreaterThanOrEqual(2);
      expect(isObject(first) && first['stemcell_formats']).toEqual(
        expect.arrayContaining(['openstack-qcow2']),
      );
    },
  ),
  contractCase(
    {
      id: 'ENV-22',
      title: 'info without a cloud',
      proves: 'info answers at once, without asking the cloud, even if its configuration is wrong.',
    },
    async ({ cpi, door }) => {
      const usual = await cpi.result('info', []);
      const configuration = (): object => ({ cloudstack: { endpoint: 'http://127.0.0.1:9/api' } });
      const options = { configuration: configuration as () => Record<string, never> };
      expect(await cpi.result('info', [], options)).toEqual(usual);
      expect(cpi.calls.at(-1)?.exchange.durationMs).toBeLessThan(10_000);
      expect(door.requests).toEqual([]);
    },
  ),
  contractCase(
    {
      id: 'ENV-24',
      title: 'Concurrency',
      proves: 'Calls of several processes at once do not disturb each other.',
    },
    async ({ cpi, cloud, createDisk }) => {
      const sizesGib = [1, 2, 3, 4];
      const disks = await Promise.all(sizesGib.map((gib) => createDisk(gib * 1024)));
      expect(new Set(disks).size).toBe(sizesGib.length);
      await Promise.all(
        disks.map((disk, index) =>
          cpi.result('set_disk_metadata', [disk, { index: String(index) }]),
        ),
      );
      for (const [index, disk] of disks.entries()) {
        const volume = await cloud.volume(disk);
        expect(Number(volume?.['size'])).toBe((index + 1) * 1024 ** 3);
        expect(tagsOf(volume)).toMatchObject({ index: String(index) });
      }
    },
  ),
];
