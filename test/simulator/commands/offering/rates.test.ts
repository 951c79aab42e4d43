// Proves that offerings keep every rate of their disks, that a change of them holds, and that a rate
// that is above its most is refused.
import { expect, test } from '@playwright/test';
import { createOfferingWorld } from '../../../support/offering-world.js';
import type { Reply, Values } from '../../../support/simulator-client.js';

const kinds = ['bytesread', 'byteswrite', 'iopsread', 'iopswrite'] as const;

const fieldOf = {
  bytesread: 'diskBytesRead',
  byteswrite: 'diskBytesWrite',
  iopsread: 'diskIopsRead',
  iopswrite: 'diskIopsWrite',
} as const;

/** All rates, each with a value of its own, as parameters and as they are shown. */
function rates(base: number): { readonly sent: Values; readonly shown: Values } {
  const [sent, shown]: [Record<string, number>, Record<string, number>] = [{}, {}];
  for (const [index, kind] of kinds.entries()) {
    const values = { rate: base + index, ratemax: base + 100 + index, ratemaxlength: 10 + index };
    for (const [name, value] of Object.entries(values)) sent[`${kind}${name}`] = value;
    shown[`${fieldOf[kind]}Rate`] = values.rate;
    shown[`${fieldOf[kind]}RateMax`] = values.ratemax;
    shown[`${fieldOf[kind]}RateMaxLength`] = values.ratemaxlength;
  }
  return { sent, shown };
}

test('a disk offering has them from its creation on, and others after a change', () => {
  const admin = createOfferingWorld().clientOf('admin');
  const [first, second] = [rates(1_000), rates(2_000)];
  const made = admin.call('createDiskOffering', { name: 'd', disksize: 1, ...first.sent })[
    'diskoffering'
  ] as Reply;
  expect(made).toMatchObject(first.shown);
  const id = made['id'] as string;
  expect(admin.call('updateDiskOffering', { id, ...second.sent })['diskoffering']).toMatchObject(
    second.shown,
  );
  expect(admin.call('listDiskOfferings', { id })['diskoffering'][0]).toMatchObject(second.shown);
});

test('a service offering has those of its root disks', () => {
  const admin = createOfferingWorld().clientOf('admin');
  const { sent, shown } = rates(500);
  const made = admin.call('createServiceOffering', {
    name: 's',
    displaytext: 's',
    cpunumber: 1,
    cpuspeed: 500,
    memory: 512,
    ...sent,
  })['serviceoffering'] as Reply;
  expect(made).toMatchObject(shown);
  const id = made['id'] as string;
  expect(admin.call('listServiceOfferings', { id })['serviceoffering'][0]).toMatchObject(shown);
});

test('a most that is less than the rate makes no offering', () => {
  const { clientOf, world } = createOfferingWorld();
  const before = world.kernel.log.lastSeq;
  for (const kind of kinds) {
    const values = { [`${kind}rate`]: 10, [`${kind}ratemax`]: 9 };
    expect(
      clientOf('admin').fails('createDiskOffering', { name: 'x', disksize: 1, ...values })
        .httpStatus,
    ).toBe(431);
  }
  expect(world.kernel.log.lastSeq).toBe(before);
});
