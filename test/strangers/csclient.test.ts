// Proves that a CloudStack client that others wrote (csclient, unmodified) works: it learns from
// listApis which commands are asynchronous, signs with version 3 by its own code, deploys, polls,
// attaches, destroys, and reads errors of requests and of jobs.
import { createRequire } from 'node:module';
import { expect, test } from '@playwright/test';
import { whileListening, type Opened } from '../support/listening.js';
import type { Keys, Reply } from '../support/simulator-client.js';
import { keysOf } from '../support/simulator-client.js';
import { deployment, idOf } from '../support/simulator-vms.js';

type Callback = (error: (Error & { code?: number }) | null, answer: Reply) => void;

/** As much of csclient as is used here; it brings no types. */
interface CsClient {
  once(event: 'ready', listener: () => void): void;
  once(event: 'error', listener: (error: Error) => void): void;
  execute(command: string, parameters: Record<string, unknown>, callback: Callback): void;
}

type CsClientClass = new (options: object) => CsClient;
const CloudStackClient = createRequire(import.meta.url)('csclient') as CsClientClass;

type Execute = (command: string, parameters?: Record<string, unknown>) => Promise<Reply>;

/** A client that has learned the API. */
async function connect({ origin, simulator }: Opened, keys?: Keys): Promise<Execute> {
  const client = new CloudStackClient({
    ...(keys ?? keysOf(simulator.userWithRole('User'))),
    baseUrl: `${origin}/client/api?`,
    pollingTime: 1,
    pollingNumber: 100,
    singleExecutor: true,
  });
  await new Promise<void>((resolve, reject) => {
    client.once('ready', resolve);
    client.once('error', reject);
  });
  return (command, parameters = {}) =>
    new Promise((resolve, reject) => {
      client.execute(command, parameters, (error, answer) => {
        if (error === null) resolve(answer);
        else reject(error);
      });
    });
}

/** What a finished job answers with. */
function resultOf(answer: Reply, key: string): Reply {
  return answer['jobresult'][key] as Reply;
}

test('it deploys a VM, attaches a disk to it, and destroys it', async () => {
  await whileListening({ clock: 'on-poll' }, async (opened) => {
    const { world } = opened.simulator;
    const execute = await connect(opened);
    const networkids = idOf(world.networks.all(), 'NET_CS');
    const values = deployment({ simulator: opened.simulator } as never, {
      networkids,
      name: 'web-1',
    });
    const vm = resultOf(await execute('deployVirtualMachine', values), 'virtualmachine');
    expect(vm).toMatchObject({ name: 'web-1', state: 'Running' });

    const disk = {
      name: 'data',
      zoneid: values['zoneid'],
      diskofferingid: idOf(world.diskOfferings.all(), 'shared.custom'),
      size: 5,
    };
    const volume = resultOf(await execute('createVolume', disk), 'volume');
    const attachment = { id: volume['id'], virtualmachineid: vm['id'] };
    expect(resultOf(await execute('attachVolume', attachment), 'volume')).toMatchObject({
      name: 'data',
      state: 'Ready',
      vmname: 'web-1',
    });

    await execute('destroyVirtualMachine', { id: vm['id'] });
    const { listvirtualmachinesresponse } = await execute('listVirtualMachines', { id: vm['id'] });
    expect(listvirtualmachinesresponse).toEqual({});
    const { listvolumesresponse } = await execute('listVolumes', { id: volume['id'] });
    expect(listvolumesresponse.volume).toEqual([
      expect.not.objectContaining({ virtualmachineid: vm['id'] }),
    ]);
  });
});

test('it reads the errors of requests and of jobs', async () => {
  await whileListening({ clock: 'on-poll' }, async (opened) => {
    const execute = await connect(opened);
    await expect(execute('deployVirtualMachine', {})).rejects.toMatchObject({
      code: 431,
      message: expect.stringContaining('missing parameter zoneid'),
    });
    const { world } = opened.simulator;
    const disk = {
      name: 'data',
      zoneid: idOf(world.zones.all(), 'zone1'),
      diskofferingid: idOf(world.diskOfferings.all(), 'shared.custom'),
      size: 5,
    };
    const volume = resultOf(await execute('createVolume', disk), 'volume');
    await expect(execute('detachVolume', { id: volume['id'] })).rejects.toMatchObject({
      message: 'The specified volume is not attached to a VM.',
    });
  });
});

test('with a wrong secret it is refused', async () => {
  await whileListening({}, async (opened) => {
    const { apiKey } = keysOf(opened.simulator.userWithRole('User'));
    await expect(connect(opened, { apiKey, secretKey: 'wrong' })).rejects.toMatchObject({
      code: 401,
    });
  });
});
