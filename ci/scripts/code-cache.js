// Writes what V8 compiles of the CPI: the build does for the Node that builds, and the package of the
// release where it is compiled, for the Node that the release brings along.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { URLSearchParams } from 'node:url';

/** A call that does most of what all calls do, so that its functions are compiled. */
const request = {
  method: 'create_vm',
  arguments: [
    'agent',
    'template light',
    { compute_offering: 'small', ephemeral_disk_offering: 'disk', disk: 2_048 },
    {
      default: {
        type: 'manual',
        ip: '10.0.0.2',
        netmask: '255.255.255.0',
        gateway: '10.0.0.1',
        default: ['dns', 'gateway'],
        dns: ['10.0.0.1'],
        cloud_properties: { name: 'network' },
      },
    },
    [],
    { bosh: { group: 'build' } },
  ],
  context: { director_uuid: 'build', request_id: 'build', vm: { stemcell: { api_version: 2 } } },
  api_version: 2,
};

const vm = {
  id: 'vm',
  name: 'vm-agent',
  zoneid: 'zone',
  state: 'Running',
  hypervisor: 'KVM',
  tags: [],
  nic: [{ networkid: 'network', ipaddress: '10.0.0.2', macaddress: '02:00:00:00:00:01' }],
};
const done = (result) => ({ jobid: 'job', id: 'vm', ...result });

/** What CloudStack answers to each of the commands of that call, as far as the CPI reads it. */
const answers = {
  listNetworks: {
    network: [
      {
        id: 'network',
        name: 'network',
        zoneid: 'zone',
        zonename: 'zone',
        type: 'Isolated',
        cidr: '10.0.0.0/24',
        gateway: '10.0.0.1',
        netmask: '255.255.255.0',
        service: [{ name: 'UserData' }],
      },
    ],
  },
  listServiceOfferings: { serviceoffering: [{ id: 'small', name: 'small' }] },
  listDiskOfferings: { diskoffering: [{ id: 'disk', name: 'disk', iscustomized: true }] },
  listTemplates: {
    template: [{ id: 'template', zoneid: 'zone', hypervisor: 'KVM', isready: true }],
  },
  listVolumes: {
    volume: [{ id: 'volume', type: 'DATADISK', diskofferingid: 'disk', deviceid: 1, tags: [] }],
  },
  deployVirtualMachine: done(),
  createTags: done(),
  updateVirtualMachine: { virtualmachine: vm },
  startVirtualMachine: done(),
  queryAsyncJobResult: { jobstatus: 1, jobresult: { success: true, virtualmachine: vm } },
};

/**
 * Has that call answered.
 *
 * @param {string} launcher
 * @returns {Promise<void>}
 */
export async function writeCodeCache(launcher) {
  const server = createServer(async (incoming, response) => {
    const command = new URLSearchParams(`${incoming.url}&${await text(incoming)}`).get('command');
    response.end(JSON.stringify({ [`${command.toLowerCase()}response`]: answers[command] ?? {} }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const folder = mkdtempSync(join(tmpdir(), 'cpi-build-'));
  try {
    const config = join(folder, 'cpi.json');
    writeFileSync(config, JSON.stringify(configurationFor(server.address().port)));
    const call = spawn(process.execPath, [launcher, '--write-code-cache', '--config', config], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    call.stdin.end(JSON.stringify(request));
    const [response] = await Promise.all([text(call.stdout), once(call, 'close')]);
    if (JSON.parse(response).error !== null) throw new Error(`the CPI fails: ${response}`);
  } finally {
    server.close();
    server.closeAllConnections();
    rmSync(folder, { recursive: true });
  }
}

function configurationFor(port) {
  return {
    cloudstack: {
      endpoint: `http://127.0.0.1:${port}/client/api`,
      api_key: 'build-api-key',
      secret_access_key: 'build-secret-key',
      default_zone: 'zone',
    },
    agent: { mbus: 'nats://nats:build-password@127.0.0.1:4222' },
  };
}
