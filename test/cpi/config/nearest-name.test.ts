// Proves that misspelt names find their neighbours and strangers find none, by cases.
import { expect, test } from '@playwright/test';
import { nearestName } from '../../../cpi/config/nearest-name.js';

const known = [
  ...['compute_offering', 'root_disk_size', 'disk', 'zone', 'cpu', 'ram'],
  ...['default_key_name', 'proxy_host', 'registry_host'],
];

for (const [name, nearest] of [
  ['compute_ofering', 'compute_offering'],
  ['Compute_Offering', 'compute_offering'],
  ['rootdisk_size', 'root_disk_size'],
  ['dsk', 'disk'],
  ['cpus', 'cpu'],
  ['instance_type', undefined],
  ['lbs', undefined],
  ['key_name', 'default_key_name'],
  ['host', undefined],
  ['', undefined],
] as const) {
  test(`${JSON.stringify(name)} is next to ${nearest ?? 'nothing'}`, () => {
    expect(nearestName(name, known)).toBe(nearest);
  });
}
