// A flow for csclient: it asks listApis which commands are asynchronous, and hides polling from
// those who call them.
import { deepStrictEqual, match, rejects, strictEqual } from 'node:assert/strict';
import { once } from 'node:events';
import CloudStackClient from 'csclient';

const { CLOUDSTACK_ENDPOINT, CLOUDSTACK_KEY, CLOUDSTACK_SECRET } = process.env;

/** A client that has learned the API. */
async function connect(secretKey) {
  const client = new CloudStackClient({
    apiKey: CLOUDSTACK_KEY,
    secretKey,
    baseUrl: `${CLOUDSTACK_ENDPOINT}?`,
    pollingTime: 1,
    pollingNumber: 100,
    singleExecutor: true,
  });
  await once(client, 'ready');
  return (command, parameters = {}) =>
    new Promise((resolve, reject) => {
      client.execute(command, parameters, (error, answer) => {
        if (error === null) resolve(answer);
        else reject(error);
      });
    });
}

const execute = await connect(CLOUDSTACK_SECRET);

/** The id of the one row of a list that has a name. */
async function idOf(command, key, name, parameters = {}) {
  const answer = await execute(command, parameters);
  const rows = answer[`${command.toLowerCase()}response`][key].filter((row) => row.name === name);
  strictEqual(rows.length, 1, name);
  return rows[0].id;
}

const zoneid = await idOf('listZones', 'zone', 'zone1');
const deployment = {
  name: 'web-1',
  zoneid,
  serviceofferingid: await idOf('listServiceOfferings', 'serviceoffering', 'm1.small'),
  templateid: await idOf('listTemplates', 'template', 'ubuntu-jammy', {
    templatefilter: 'executable',
  }),
  networkids: await idOf('listNetworks', 'network', 'NET_CS'),
};
const { virtualmachine } = (await execute('deployVirtualMachine', deployment)).jobresult;
deepStrictEqual([virtualmachine.name, virtualmachine.state], ['web-1', 'Running']);

const diskofferingid = await idOf('listDiskOfferings', 'diskoffering', 'shared.custom');
const disk = { name: 'data', zoneid, diskofferingid, size: 5 };
const { id } = (await execute('createVolume', disk)).jobresult.volume;
const attachment = { id, virtualmachineid: virtualmachine.id };
const { volume } = (await execute('attachVolume', attachment)).jobresult;
deepStrictEqual([volume.state, volume.vmname], ['Ready', 'web-1']);

await execute('detachVolume', { id });
await rejects(execute('detachVolume', { id }), {
  message: 'The specified volume is not attached to a VM.',
});
await execute('deleteVolume', { id });
await execute('destroyVirtualMachine', { id: virtualmachine.id });
const { listvirtualmachinesresponse } = await execute('listVirtualMachines');
deepStrictEqual(listvirtualmachinesresponse, {});

await rejects(execute('deployVirtualMachine', {}), (error) => {
  strictEqual(error.code, 431);
  match(error.message, /missing parameter zoneid/);
  return true;
});
await rejects(connect('wrong'), { code: 401 });
