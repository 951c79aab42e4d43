// Proves that `check` says whether the registry that the CPI is told of is there and takes its user,
// changes nothing in it, and says nothing where the CPI is told of none.
import { expect, test } from '@playwright/test';
import type { Finding } from '../../../cpi/check/finding.js';
import { realClock } from '../../../cpi/flow/clock.js';
import { serve } from '../../../cpi/serving/serve.js';
import { startZone } from '../../support/cpi-zone.js';
import { startSettingsRegistry } from '../../support/settings-registry.js';

const fail = (failure: unknown): never => {
  throw failure;
};

async function findingsWith(section: object): Promise<Finding[]> {
  await using zone = await startZone({}, 'direct', { registry: section });
  return (await zone.check()).filter(({ about }) => about === 'registry');
}

test('one that takes the user is told, and keeps what it has', async () => {
  await using registry = await startSettingsRegistry();
  await registry.restore({ 'vm-1': '{}' });
  expect(await findingsWith(registry.section)).toEqual([
    { about: 'registry', verdict: 'ok', text: `${registry.endpoint} takes the user registry-user` },
  ]);
  expect(await registry.entries()).toEqual({ 'vm-1': '{}' });
});

test('one that does not let the user in, and one that is not there, are told with what to do', async () => {
  await using registry = await startSettingsRegistry();
  for (const [section, text] of [
    [{ ...registry.section, password: 'of-somebody-else' }, /does not let the user.*password/],
    [{ ...registry.section, endpoint: 'http://127.0.0.1:9' }, /127\.0\.0\.1:9 refused/],
  ] as const) {
    const [finding] = await findingsWith(section);
    expect(finding?.verdict).toBe('failed');
    expect(finding?.text).toMatch(text);
    expect(finding?.advice).toContain('leave the section registry out');
  }
});

test('whatever else answers 404 is no registry', async () => {
  const { endpoint, stop } = await serve(
    (_request, response) => response.writeHead(404).end('<h1>Not Found</h1>'),
    { host: '127.0.0.1', port: 0, requestTimeoutMs: 10_000, clock: realClock, onFailure: fail },
  );
  try {
    const [finding] = await findingsWith({ endpoint, username: 'u', password: 'p' });
    expect(finding).toMatchObject({ verdict: 'failed', about: 'registry' });
    expect(finding?.text).toMatch(/HTTP 404: the answer is not that of a registry.*registry\.host/);
  } finally {
    await stop(0);
  }
});

test('without one there is nothing to say', async () => {
  expect(await findingsWith({})).toEqual([]);
});
