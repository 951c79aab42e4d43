// Settings in the registry whose VM is gone are found and removed; those of VMs that are there, of other
// accounts, of other Directors, of earlier CPIs or of nobody known stay, as does what a registry holds
// that tells nobody its entries.
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@playwright/test';
import { TransportError, type Transport } from '../../../cpi/cloudstack/transport.js';
import { directorUuid, startZone, type CpiZone } from '../../support/cpi-zone.js';
import { startSettingsRegistry, type SettingsRegistry } from '../../support/settings-registry.js';
import { cidOf, ofStemcell, startWithRegistry } from '../methods/registry-requests.js';
import { manualNetwork, vmArguments } from '../methods/vm-requests.js';

async function createVm(zone: CpiZone, number: number): Promise<string> {
  const networks = { private: manualNetwork(`10.203.6.${40 + number}`) };
  const agentId = `a0000000-0000-4000-8000-00000000000${number}`;
  const vm = cidOf(
    await zone.result('create_vm', vmArguments({ agentId, networks }), ofStemcell(1)),
  );
  await zone.result('set_vm_metadata', [vm, { director: 'd', name: `web/${number}` }]);
  return vm;
}

/** As delete_vm leaves it that is killed before it comes to the registry. */
function lose(zone: CpiZone, vm: string): void {
  zone.admin.run('destroyVirtualMachine', { id: vm, expunge: 'true' });
}

async function found(zone: CpiZone, options = {}): Promise<string[]> {
  const all = await zone.gc({ isToBeDeleted: false, ...options });
  return all.map(({ forgotten: { kind, id } }) => `${kind} ${id}`);
}

test('settings of a VM that is gone are found, told of and removed, and no others', async () => {
  await using place = await startWithRegistry();
  const { zone, registry } = place;
  const [lost, living] = [await createVm(zone, 1), await createVm(zone, 2)];
  expect(await found(zone), 'while all are there').toEqual([]);
  lose(zone, lost);
  const before = await registry.entries();
  const { [lost]: own = '' } = before;
  const nobody = 'b0000000-0000-4000-8000-000000000001';
  const ofAnother = JSON.parse(own) as { cloudstack_cpi: object };
  ofAnother.cloudstack_cpi = { ...ofAnother.cloudstack_cpi, account: 'of/another' };
  const others = {
    'vm-of-an-earlier-cpi': own,
    [nobody]: '{"agent_id":"a"}',
    'b0000000-0000-4000-8000-000000000002': JSON.stringify(ofAnother),
    'b0000000-0000-4000-8000-000000000003': '{"cloudstack_cpi":{"director":7}}',
  };
  await registry.restore({ ...before, ...others });
  expect(await found(zone)).toEqual([`registry entry ${lost}`]);
  expect(await found(zone, { directorUuid: 'another' })).toEqual([]);
  expect(await registry.entries()).toEqual({ ...before, ...others });
  const [collected] = await zone.gc({ directorUuid });
  expect(collected).toMatchObject({ forgotten: { id: lost }, outcome: 'deleted' });
  expect(Object.keys(await registry.entries()).sort()).toEqual(
    [living, ...Object.keys(others)].sort(),
  );
  expect(await found(zone)).toEqual([]);
});

test('without any VM in the account nothing tells whose the entries are, and they stay', async () => {
  await using place = await startWithRegistry();
  const { zone, registry } = place;
  const lost = await createVm(zone, 1);
  lose(zone, lost);
  expect(await found(zone)).toEqual([]);
  expect(Object.keys(await registry.entries())).toEqual([lost]);
});

test('a registry that does not tell its entries is left alone', async () => {
  await using registry = await startSettingsRegistry();
  await using front = await asBoshRegistry(registry);
  await using zone = await startZone({}, 'direct', {
    registry: { ...registry.section, endpoint: front.endpoint },
  });
  const [lost] = [await createVm(zone, 1), await createVm(zone, 2)];
  lose(zone, lost);
  expect(await found(zone)).toEqual([]);
  expect(Object.keys(await registry.entries())).toContain(lost);
});

test('a registry that is away keeps gc from nothing else, and is told at the end', async () => {
  await using place = await startWithRegistry();
  const { zone, registry } = place;
  const agentId = 'a0000000-0000-4000-8000-000000000009';
  const networks = { private: manualNetwork('10.203.6.49') };
  const args = vmArguments({ agentId, networks });
  const unfinished = cidOf(await zone.result('create_vm', args, ofStemcell(1)));
  const disk = await zone.result('create_disk', [1024, { disk_offering: 'shared.custom' }, null]);
  zone.simulator.kernel.advanceBy(2 * 24 * 3_600_000);
  const before = await registry.entries();
  let tries = 0;
  const through = (line: Transport): Transport => ({
    close: () => {
      line.close();
    },
    send: (request) => {
      if (!request.url.includes('/instances')) return line.send(request);
      tries += 1;
      return Promise.reject(new TransportError('refused', 'no', 'nobody listens'));
    },
  });
  await expect(zone.gc({ through })).rejects.toThrow(/registry cannot be reached for the names/);
  expect(tries, 'it is waited for once').toBe(5 + 1);
  expect(await zone.result('has_disk', [disk]), 'what has nothing to do with it goes').toBe(false);
  expect(await zone.result('has_vm', [unfinished]), 'its VM stays, to be found').toBe(true);
  expect(await registry.entries()).toEqual(before);
  expect(await zone.gc()).toMatchObject([{ forgotten: { id: unfinished }, outcome: 'deleted' }]);
  expect(await registry.entries()).toEqual({});
});

test('a registry that is away keeps no VM that has nothing in it, nor calls its removal failed', async () => {
  await using place = await startWithRegistry();
  const { zone } = place;
  const marked = cidOf(await zone.result('create_vm', vmArguments(), ofStemcell(1)));
  const agentId = 'a0000000-0000-4000-8000-000000000008';
  const args = vmArguments({ agentId, networks: { private: manualNetwork('10.203.6.48') } });
  const unmarked = cidOf(await zone.result('create_vm', args, ofStemcell(2)));
  zone.simulator.kernel.advanceBy(2 * 24 * 3_600_000);
  const through = (line: Transport): Transport => ({
    ...line,
    send: (request) =>
      request.method === 'DELETE'
        ? Promise.reject(new TransportError('refused', 'no', 'nobody listens'))
        : line.send(request),
  });
  const all = await zone.gc({ through });
  const outcomes = Object.fromEntries(all.map(({ forgotten, outcome }) => [forgotten.id, outcome]));
  expect(outcomes).toEqual({ [marked]: { failed: expect.any(String) }, [unmarked]: 'deleted' });
  expect(zone.diagnostics.join('\n')).toMatch(new RegExp(`warning: .*${unmarked}.*is not known`));
  expect(await zone.result('has_vm', [marked])).toBe(true);
  expect(await zone.result('has_vm', [unmarked])).toBe(false);
});

test('a VM that may not go keeps its settings', async () => {
  await using place = await startWithRegistry();
  const { zone, registry } = place;
  const vm = cidOf(await zone.result('create_vm', vmArguments(), ofStemcell(1)));
  zone.admin.call('updateVirtualMachine', { id: vm, deleteprotection: true });
  zone.simulator.kernel.advanceBy(2 * 24 * 3_600_000);
  const [collected] = await zone.gc();
  expect(JSON.stringify(collected?.outcome)).toContain('nothing of it has been taken away');
  expect(Object.keys(await registry.entries())).toEqual([vm]);
});

/** Answers 404 to what the BOSH registry does not know. */
async function asBoshRegistry(
  registry: SettingsRegistry,
): Promise<{ endpoint: string; [Symbol.asyncDispose](): Promise<void> }> {
  const { hostname, port } = new URL(registry.endpoint);
  const server = createServer((incoming, response) => {
    const { method, url: path = '', headers } = incoming;
    if (!path.endsWith('/settings')) {
      response.writeHead(404).end('{"status":"not_found"}');
      return;
    }
    const outgoing = request({ hostname, port, method, path, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 0, answer.headers);
      answer.pipe(response);
    });
    incoming.pipe(outgoing);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
