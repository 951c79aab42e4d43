// Proves that the time of the cloud's clock is the latest that it is known to have reached, by cases.
import { expect, test } from '@playwright/test';
import { cloudTimeMs } from '../../../../cpi/methods/vm/forgotten-vm.js';

const at = (created: string): { id: string; name: string; state: string; created: string } => ({
  id: '1',
  name: 'vm',
  state: 'Running',
  created,
});
const noon = Date.parse('2026-01-01T12:00:00Z');
const vms = [at('2026-01-01T10:00:00+0000'), at('2026-01-01T12:00:00+0000'), at('')];

test('without a Date header the newest creation tells the time', () => {
  expect(cloudTimeMs(undefined, vms)).toBe(noon);
});

test('a Date header tells more, unless it is behind', () => {
  expect(cloudTimeMs(noon + 5000, vms)).toBe(noon + 5000);
  expect(cloudTimeMs(noon - 5000, vms)).toBe(noon);
});

test('nothing tells nothing', () => {
  expect(cloudTimeMs(undefined, [at('soon')])).toBeUndefined();
});
