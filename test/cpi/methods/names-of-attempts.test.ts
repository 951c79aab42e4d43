// Proves that create_vm looks who has a name each time that one is refused, so that of two calls for one
// agent no two leave a VM that runs, however they take the names in turn; against the simulated zone.
import { expect, test } from '@playwright/test';
import { TransportError, type Transport } from '../../../cpi/cloudstack/transport.js';
import { startZone } from '../../support/cpi-zone.js';
import { agentId, vmArguments } from './vm-requests.js';

const dynamic = {
  type: 'dynamic',
  default: ['dns', 'gateway'],
  cloud_properties: { name: 'NET_CS' },
};
const asked = vmArguments({ networks: { dynamic } });

test('a call that finds the next name taken by another removes the VM that has it', async () => {
  await using zone = await startZone({}, 'direct');
  // Its name stays taken: the account may not expunge.
  await zone.result('create_vm', asked);
  let twin: Promise<unknown> | undefined;
  const through = (transport: Transport): Transport => ({
    close: () => {
      transport.close();
    },
    send: async (request) => {
      const isNext =
        typeof request.body === 'string' &&
        request.body.includes('=deployVirtualMachine&') &&
        request.body.includes(`name=vm-${agentId}-2&`);
      if (isNext) await (twin ??= zone.result('create_vm', asked));
      return transport.send(request);
    },
  });
  const [cid] = (await zone.result('create_vm', asked, { through })) as [string];
  expect(twin, 'the other call came between').toBeDefined();
  const live = zone.simulator.world.vms.all().filter(({ state }) => state === 'Running');
  expect(live).toMatchObject([{ id: cid, name: `vm-${agentId}-3` }]);
});

test('a name that is taken in the whole zone, as on VMware, gives way to the next one', async () => {
  await using zone = await startZone({}, 'direct');
  const text = `There already exists a VM by the name: vm-${agentId}.`;
  zone.simulator.setFaults([
    {
      when: { command: 'deployVirtualMachine', times: 1 },
      then: { effect: 'refused', status: 431, text },
    },
  ]);
  const [cid] = (await zone.result('create_vm', asked)) as [string];
  expect(zone.simulator.world.vms.require(cid).name).toBe(`vm-${agentId}-2`);
});

test('a VM of another name is not taken for one whose deployment was never answered', async () => {
  await using zone = await startZone({}, 'direct');
  await zone.result('create_vm', asked);
  const [cid] = (await zone.result('create_vm', asked)) as [string];
  // The first one is expunged, and its name is free again.
  zone.simulator.kernel.advanceBy(3 * 24 * 3_600_000);
  expect(zone.simulator.world.vms.require(cid).name).toBe(`vm-${agentId}-2`);
  const through = (transport: Transport): Transport => ({
    ...transport,
    send: (request) =>
      typeof request.body === 'string' && request.body.includes('command=deployVirtualMachine&')
        ? Promise.reject(new TransportError('reset', 'maybe', 'the connection was reset'))
        : transport.send(request),
  });
  const error = await zone.error('create_vm', asked, { through });
  expect(error).toMatchObject({ type: 'Bosh::Clouds::VMCreationFailed', ok_to_retry: true });
  expect(zone.simulator.world.vms.require(cid).state).toBe('Running');
});
