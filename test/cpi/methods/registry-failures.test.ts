// Proves what becomes of calls on VMs of stemcells of version 1 when the registry fails them: what a
// moment heals is tried again, the rest is told with what to do, a VM that cannot be completed
// leaves nothing in cloud and registry, and no credentials come out.
import { expect, test } from '@playwright/test';
import { TransportError, type Transport } from '../../../cpi/cloudstack/transport.js';
import { realClock, type Clock } from '../../../cpi/flow/clock.js';
import { createMemoryStore } from '../../../cpi/registry/memory-store.js';
import { StoreUnavailable, type SettingsStore } from '../../../cpi/registry/settings-store.js';
import { advancedKvm } from '../../../simulator/world/presets/advanced-kvm.js';
import { startZone } from '../../support/cpi-zone.js';
import { registryCredentials, startSettingsRegistry } from '../../support/settings-registry.js';
import { hurriedClock } from '../support/virtual-clock.js';
import {
  cidOf,
  createDisk,
  ofStemcell,
  readByAgent,
  startWithRegistry,
} from './registry-requests.js';
import { vmArguments } from './vm-requests.js';

/** A store that cannot do what is asked so many times in a row. */
function failing(): { store: SettingsStore; failNext: (times: number) => void } {
  const store = createMemoryStore();
  let left = 0;
  const perhaps = async <T>(work: () => Promise<T>): Promise<T> => {
    if (left === 0) return work();
    left -= 1;
    throw new StoreUnavailable('the disk is full');
  };
  return {
    store: {
      ...store,
      get: (name) => perhaps(() => store.get(name)),
      put: (name, settings) => perhaps(() => store.put(name, settings)),
      replace: (name, expected, settings) => perhaps(() => store.replace(name, expected, settings)),
      remove: (name) => perhaps(() => store.remove(name)),
    },
    failNext: (times) => (left = times),
  };
}

const v1 = ofStemcell(1);

/** Where what is destroyed is gone at once. */
const simulator = {
  world: { ...advancedKvm, settings: { 'allow.user.expunge.recover.vm': true } },
};
const nothing = { vms: [], volumes: [] };

test('a registry that is away for a moment is asked again', async () => {
  const { store, failNext } = failing();
  await using place = await startWithRegistry({}, { registry: { store } });
  const { zone, registry } = place;
  failNext(3);
  const vm = cidOf(await zone.result('create_vm', vmArguments(), v1));
  expect(registry.requests).toEqual(['GET 503', 'GET 503', 'GET 503', 'GET 404', 'PUT 200']);
  const disk = await createDisk(zone);
  failNext(2);
  await zone.result('attach_disk', [vm, disk], v1);
  expect(Object.keys((await readByAgent(zone, vm)).disks.persistent)).toEqual([disk]);
});

for (const [what, section, type, isRetryable, message] of [
  [
    'nothing listens',
    { endpoint: 'http://127.0.0.1:9' },
    'VMCreationFailed',
    true,
    /registry cannot be reached for settings that nobody has.*: 127\.0\.0\.1:9 refused the connection/,
  ],
  [
    'it does not know us',
    { password: 'of-somebody-else' },
    'CloudError',
    false,
    /does not let the user registry-user in.*registry\.password/,
  ],
] as const) {
  test(`create_vm where ${what} deploys nothing, and says why`, async () => {
    await using place = await startWithRegistry(section, { simulator });
    const { zone, registry } = place;
    const neverDeploys = { ...v1, refuse: 'deployVirtualMachine' };
    const error = await zone.error('create_vm', vmArguments(), neverDeploys);
    expect(error).toMatchObject({ type: `Bosh::Clouds::${type}`, ok_to_retry: isRetryable });
    expect(error.message).not.toContain('could be undone');
    expect(error.message).toMatch(message);
    expect(zone.holdings()).toMatchObject(nothing);
    expect(await registry.entries()).toEqual({});
  });
}

/** A way on which the registry never answers a change: it hangs from then on. CloudStack answers. */
function hungRegistry(onRequest: (method: string, idleTimeoutMs: number | undefined) => void) {
  return (line: Transport): Transport => ({
    close: () => {
      line.close();
    },
    send: async (request) => {
      const isChange = request.url.includes('/instances') && request.method !== 'GET';
      if (!isChange) return line.send(request);
      onRequest(request.method, request.idleTimeoutMs);
      await realClock.sleep(0);
      const { aborted } = request.signal ?? { aborted: false };
      throw new TransportError(aborted ? 'aborted' : 'timeout', 'maybe', 'silence');
    },
  });
}

test('a registry that never answers: the VM goes first, then it is tried once, and named', async () => {
  await using place = await startWithRegistry({}, { simulator });
  const { zone } = place;
  const requests: unknown[] = [];
  const through = hungRegistry((method, idleTimeoutMs) => {
    requests.push({ method, idleTimeoutMs, vms: (zone.holdings().vms as unknown[]).length });
  });
  const error = await zone.error('create_vm', vmArguments(), { ...v1, through });
  expect(requests).toEqual([
    ...Array<unknown>(5).fill({ method: 'PUT', idleTimeoutMs: 8_000, vms: 1 }),
    { method: 'DELETE', idleTimeoutMs: 5_000, vms: 0 },
  ]);
  expect(error).toMatchObject({ type: 'Bosh::Clouds::CloudError', ok_to_retry: false });
  expect(error.message).toMatch(
    /look after: write the settings of VM vm-.* \(.*\) to the registry \(`cloudstack-cpi gc`/,
  );
  expect(zone.holdings()).toMatchObject(nothing);
});

test('told to end while the registry does not answer, create_vm leaves no VM and names the rest', async () => {
  await using place = await startWithRegistry({}, { simulator });
  const { zone } = place;
  const caller = new AbortController();
  const through = hungRegistry((method) => {
    if (method === 'PUT') caller.abort();
  });
  const error = await zone.error('create_vm', vmArguments(), {
    ...v1,
    through,
    signal: caller.signal,
  });
  expect(error.message).toMatch(
    /^The call was interrupted.*look after: write the settings of VM vm-/,
  );
  expect(zone.holdings()).toMatchObject(nothing);
});

test('a registry that hangs is not waited for when the time of create_vm is over', async () => {
  await using place = await startWithRegistry({}, { simulator });
  const { zone } = place;
  const limitMs = 6_000_000;
  let strike: () => void = () => undefined;
  const struck = new Promise<void>((resolve) => (strike = resolve));
  const usual = hurriedClock();
  const clock: Clock = {
    nowMs: () => usual.nowMs(),
    sleep: (ms, signal) => (ms === limitMs ? struck : usual.sleep(ms, signal)),
  };
  const changes: string[] = [];
  const through = hungRegistry((method) => {
    changes.push(method);
    strike();
  });
  const properties = { state_timeout: 600, state_timeout_volume: 600 };
  const options = ofStemcell(1, { through, clock, properties });
  const error = await zone.error('create_vm', vmArguments(), options);
  expect(error.message).toContain('creation of the VM');
  expect(changes).toEqual(['PUT', 'DELETE']);
  expect(zone.holdings()).toMatchObject(nothing);
});

test('settings that are too long for the registry are refused, and nothing is left', async () => {
  await using place = await startWithRegistry(
    {},
    { registry: { settingsBytesMax: 300 }, simulator },
  );
  const { zone, registry } = place;
  const error = await zone.error('create_vm', vmArguments(), v1);
  expect(error.message).toMatch(/HTTP 413.*settings_max_kib/);
  expect(error.ok_to_retry).toBe(false);
  expect(zone.holdings()).toMatchObject(nothing);
  expect(await registry.entries()).toEqual({});
});

test('a VM that does not start takes its settings with it', async () => {
  await using place = await startWithRegistry();
  const { zone, registry } = place;
  zone.simulator.setFaults([
    {
      when: { command: 'startVirtualMachine', times: 1 },
      then: { effect: 'capacity-gone', of: 'hosts' },
    },
  ]);
  expect(await zone.error('create_vm', vmArguments(), v1)).toMatchObject({ ok_to_retry: true });
  expect(registry.requests).toEqual(['GET 404', 'PUT 200', 'DELETE 200']);
  expect(await registry.entries()).toEqual({});
});

test('what a killed create_vm left goes with its settings: by the next one, and by gc', async () => {
  await using place = await startWithRegistry();
  const { zone, registry } = place;
  const leftOver = async (): Promise<string> =>
    cidOf(await zone.result('create_vm', vmArguments(), v1));
  const [first] = [await leftOver()];
  const second = cidOf(await zone.result('create_vm', vmArguments(), v1));
  expect(Object.keys(await registry.entries())).toEqual([second]);
  expect(second).not.toBe(first);
  zone.simulator.kernel.advanceBy(2 * 24 * 3_600_000);
  expect(await zone.gc()).toMatchObject([{ forgotten: { id: second }, outcome: 'deleted' }]);
  expect(await registry.entries()).toEqual({});
});

test('settings that another call writes while its VM is removed go after it', async () => {
  await using place = await startWithRegistry();
  const { zone, registry } = place;
  await zone.result('create_vm', vmArguments(), v1);
  const written = await registry.entries();
  expect(Object.keys(written)).toHaveLength(1);
  let timesWritten = 0;
  const through = (transport: Transport): Transport => ({
    ...transport,
    send: async (request) => {
      const { body } = request;
      if (typeof body === 'string' && body.includes('command=destroyVirtualMachine&')) {
        timesWritten += 1;
        await registry.restore(written);
      }
      return transport.send(request);
    },
  });
  const next = cidOf(await zone.result('create_vm', vmArguments(), { ...v1, through }));
  expect(timesWritten).toBeGreaterThan(0);
  expect(Object.keys(await registry.entries())).toEqual([next]);
});

test('delete_vm does not say that all is done while the settings stay', async () => {
  const { store, failNext } = failing();
  await using place = await startWithRegistry({}, { registry: { store } });
  const { zone, registry } = place;
  const vm = cidOf(await zone.result('create_vm', vmArguments(), v1));
  failNext(50);
  const error = await zone.error('delete_vm', [vm], v1);
  expect(error.message).toMatch(/registry at .* cannot do it now: HTTP 503 to DELETE/);
  failNext(0);
  await zone.result('delete_vm', [vm], v1);
  expect(await registry.entries()).toEqual({});
});

test('a disk whose agent could not be told is told of by the same call again', async () => {
  const { store, failNext } = failing();
  await using place = await startWithRegistry({}, { registry: { store } });
  const { zone } = place;
  const vm = cidOf(await zone.result('create_vm', vmArguments(), v1));
  const disk = await createDisk(zone);
  for (const [method, expected] of [
    ['attach_disk', [disk]],
    ['detach_disk', []],
  ] as const) {
    failNext(50);
    expect((await zone.error(method, [vm, disk], v1)).message).toContain('HTTP 503');
    failNext(0);
    await zone.result(method, [vm, disk], v1);
    expect(Object.keys((await readByAgent(zone, vm)).disks.persistent)).toEqual(expected);
  }
});

test('a registry that has lost the settings: attaching says so, detaching and deleting go on', async () => {
  await using place = await startWithRegistry();
  const { zone, registry } = place;
  const vm = cidOf(await zone.result('create_vm', vmArguments(), v1));
  const disk = await createDisk(zone);
  await registry.restore({});
  const error = await zone.error('attach_disk', [vm, disk], v1);
  expect(error.message).toMatch(/registry has no settings of it.*bosh recreate/);
  await zone.result('detach_disk', [vm, disk], v1);
  expect(zone.diagnostics.join('\n')).toContain('warning: the registry has no settings of VM');
  await zone.result('delete_vm', [vm], v1);
});

test('the last BOSH registry, which has no word for lost settings: it goes the same way', async () => {
  await using place = await startWithRegistry();
  const { zone, registry } = place;
  const through = (line: Transport): Transport => ({
    close: () => {
      line.close();
    },
    send: async (request) => {
      const response = await line.send(request);
      const isOfNothing = request.url.endsWith('/settings') && response.status === 404;
      return isOfNothing ? { status: 500, headers: {}, body: '{"status":"error"}' } : response;
    },
  });
  const options = { ...v1, through };
  const vm = cidOf(await zone.result('create_vm', vmArguments(), options));
  const disk = await createDisk(zone);
  await registry.restore({});
  const error = await zone.error('attach_disk', [vm, disk], options);
  expect(error.message).toMatch(/registry has no settings of it.*bosh recreate/);
  await zone.result('detach_disk', [vm, disk], options);
  expect(zone.diagnostics.join('\n')).toContain('warning: the registry has no settings of VM');
  expect(await registry.entries()).toEqual({});
  await zone.result('delete_vm', [vm], options);
});

test('a CPI that is not told of the registry any more says so, and deletes VMs', async () => {
  await using place = await startWithRegistry();
  const { zone } = place;
  const vm = cidOf(await zone.result('create_vm', vmArguments(), v1));
  const disk = await createDisk(zone);
  const untold = ofStemcell(1, { properties: { registry: { endpoint: '' } } });
  const error = await zone.error('attach_disk', [vm, disk], untold);
  expect(error).toMatchObject({ type: 'Bosh::Clouds::CpiError' });
  expect(error.message).toMatch(/reads its settings from a registry.*registry\.host/);
  await zone.result('delete_vm', [vm], untold);
  expect(zone.diagnostics.join('\n')).toContain('stay in the registry');
});

test('neither credentials nor settings come out, whatever happens', async () => {
  await using registry = await startSettingsRegistry();
  const { endpoint } = registry;
  const { username, password } = registryCredentials;
  const userInfo = `${encodeURIComponent(username)}:${encodeURIComponent(password)}@`;
  await using zone = await startZone({}, 'direct', {
    registry: { endpoint: endpoint.replace('//', `//${userInfo}`) },
  });
  const debug = ofStemcell(1, { properties: { log_level: 'debug' } });
  const args = vmArguments({ env: { bosh: { group: 'g', password: 'canary-of-env' } } });
  const answers = [await zone.call('create_vm', args, debug)];
  const vm = cidOf((JSON.parse(answers[0] ?? '') as { result: unknown }).result);
  expect(await readByAgent(zone, vm)).toMatchObject({ vm: { name: expect.any(String) } });
  const bad = { registry: { endpoint: 'http://127.0.0.1:9', username, password } };
  answers.push(await zone.call('delete_vm', [vm], ofStemcell(1, { properties: bad })));
  const told = [...answers, ...zone.rawDiagnostics].join('\n');
  expect(told).toContain('registry PUT ok');
  for (const secret of [
    password,
    encodeURIComponent(password),
    Buffer.from(`${username}:${password}`).toString('base64'),
    'canary-of-env',
  ]) {
    expect(told).not.toContain(secret);
  }
});
