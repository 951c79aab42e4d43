// Proves that the list of methods is complete, by comparing it with the folder and with the names of
// the CPI API.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { methods } from '../../../cpi/methods/index.js';

interface Index {
  path: string;
  text: string;
}

/** Those of Bosh::Clouds::ExternalCpi, and `info`. */
const methodsOfTheApi: readonly string[] = [
  'info',
  'ping',
  'create_stemcell',
  'delete_stemcell',
  'create_vm',
  'delete_vm',
  'has_vm',
  'reboot_vm',
  'set_vm_metadata',
  'configure_networks',
  'calculate_vm_cloud_properties',
  'current_vm_id',
  'create_disk',
  'delete_disk',
  'has_disk',
  'attach_disk',
  'detach_disk',
  'set_disk_metadata',
  'resize_disk',
  'update_disk',
  'get_disks',
  'snapshot_disk',
  'delete_snapshot',
  'create_network',
  'delete_network',
];

const root = fileURLToPath(new URL('../../../', import.meta.url));

test('the list is the one that the folder gives (npm run build renews it)', async () => {
  const script = new URL('../../../ci/scripts/indexes.js', import.meta.url).href;
  const { renderIndexes } = (await import(script)) as { renderIndexes: (root: string) => Index[] };
  const index = renderIndexes(root).find(({ path }) => path === 'cpi/methods/index.ts');
  expect(readFileSync(`${root}${index!.path}`, 'utf8')).toBe(index!.text);
});

test('the methods are those of the CPI API, and each says what it does', () => {
  expect(methods.map(({ name }) => name).sort()).toEqual([...methodsOfTheApi].sort());
  for (const { summary } of methods) expect(summary).toMatch(/^[A-Z].*\.$/);
});
