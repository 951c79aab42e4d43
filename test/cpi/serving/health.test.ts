// Health may be asked by anybody at any rate: the store or the folder is looked at once for all who
// ask at once, and once a second at most; the operator is told of each failure once.
import { expect, test } from '@playwright/test';
import { healthOf } from '../../../cpi/serving/health.js';
import { createMemoryStore } from '../../../cpi/registry/memory-store.js';
import { StoreUnavailable } from '../../../cpi/registry/settings-store.js';
import { startSettingsRegistry } from '../../support/settings-registry.js';

/** A store that fails as it is told to, and the checks of it that have begun. */
function askedStore(): {
  isHealthy: () => Promise<boolean>;
  failing: { reason: string | undefined };
  clock: { nowMs: number };
  checks: () => number;
  told: string[];
} {
  let checks = 0;
  const clock = { nowMs: 5_000 };
  const failing: { reason: string | undefined } = { reason: undefined };
  const told: string[] = [];
  const check = async (): Promise<void> => {
    checks += 1;
    await Promise.resolve();
    if (failing.reason !== undefined) throw new StoreUnavailable(failing.reason);
  };
  const isHealthy = healthOf({
    check,
    nowMs: () => clock.nowMs,
    onFailure: (failure) => told.push((failure as Error).message),
    onRecovery: () => told.push('well again'),
  });
  return { isHealthy, failing, clock, checks: () => checks, told };
}

test('all who ask within a second have one answer, then the store is looked at again', async () => {
  const { isHealthy, failing, clock, checks } = askedStore();
  expect(await Promise.all([isHealthy(), isHealthy(), isHealthy()])).toEqual([true, true, true]);
  failing.reason = 'the disk is full';
  clock.nowMs += 999;
  expect([await isHealthy(), checks()]).toEqual([true, 1]);
  clock.nowMs += 1;
  expect([await isHealthy(), checks()]).toEqual([false, 2]);
  failing.reason = undefined;
  expect([await isHealthy(), checks()]).toEqual([false, 2]);
  clock.nowMs -= 3_600_000;
  expect([await isHealthy(), checks()], 'the clock was put back').toEqual([true, 3]);
});

test('a failure is told when it begins, when it changes, and when it is over', async () => {
  const { isHealthy, failing, clock, told } = askedStore();
  const reasons = ['full', 'full', 'away', undefined, undefined, 'away'];
  for (const reason of reasons) {
    failing.reason = reason;
    clock.nowMs += 1_000;
    expect(await isHealthy()).toBe(reason === undefined);
  }
  expect(told).toEqual(['full', 'away', 'well again', 'away']);
});

test('a failure of the disk is the same one whatever file it names', async () => {
  const failures = [
    { code: 'ENOSPC', syscall: 'open', message: 'no room for a' },
    { code: 'ENOSPC', syscall: 'open', message: 'no room for b' },
    { code: 'EACCES', syscall: 'access', message: 'not allowed' },
  ];
  let nowMs = 0;
  const told: string[] = [];
  const isHealthy = healthOf({
    check: () => Promise.reject(Object.assign(new Error(), failures.shift())),
    nowMs: () => (nowMs += 1_000),
    onFailure: (failure) => told.push((failure as Error).message),
  });
  for (let time = 0; time < 3; time += 1) expect(await isHealthy()).toBe(false);
  expect(told).toEqual(['no room for a', 'not allowed']);
});

test('many requests at once are one check', async () => {
  let checks = 0;
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  const check = (): Promise<void> => {
    checks += 1;
    return ended;
  };
  await using registry = await startSettingsRegistry({ store: { ...createMemoryStore(), check } });
  const asked = Array.from({ length: 20 }, () => fetch(`${registry.endpoint}/health`));
  await expect.poll(() => checks).toBe(1);
  end();
  for (const { status } of await Promise.all(asked)) expect(status).toBe(200);
  expect(checks).toBe(1);
});
