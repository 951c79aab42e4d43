// What differs between the releases of CloudStack as far as clients match on it: each text and field
// in the situation that brings it, in every release from 4.18 on, by `cloudstack.version`.
import { expect, test } from '@playwright/test';
import { inProcess } from '../../../../simulator/doors/in-process.js';
import {
  signedQuery,
  testSimulator,
  type Reply,
  type TestWorld,
  type Values,
} from '../../../support/simulator-client.js';
import { deployed, deployment, listed, networkId } from '../../../support/simulator-vms.js';
import { createdVolume } from '../../../support/simulator-volumes.js';

const releases = ['4.18', '4.19', '4.20', '4.21'] as const;
type Release = (typeof releases)[number];

function worldOf(release: Release): TestWorld {
  const world = testSimulator();
  world.simulator.world.settings.set('cloudstack.version', `${release}.1.0`);
  return world;
}

function refusal({ user }: TestWorld, values: Values): string {
  return user.fails('deployVirtualMachine', values).errortext;
}

/** The text of the error of a deployment by GET, empty where it succeeds. */
function byGet({ simulator, user }: TestWorld, values: Values): string {
  const url = `/client/api?${signedQuery(user.keys, 'deployVirtualMachine', values)}`;
  const { body } = inProcess(simulator)({ method: 'GET', url });
  const [reply] = Object.values(JSON.parse(body) as Readonly<Record<string, Reply>>);
  return String(reply?.['errortext'] ?? '');
}

const TOO_LARGE: Values = {
  'details[0].cpuNumber': 1,
  'details[0].cpuSpeed': 2_000,
  'details[0].memory': 1_000_000,
};

const MAX_IN_GET = 'A'.repeat(4_096);

/** What is told in a situation: up to and including a release, and from the next one on. */
const texts: readonly {
  readonly situation: string;
  readonly last: Release;
  readonly before: string | RegExp;
  readonly since: string | RegExp;
  readonly told: (world: TestWorld) => string;
}[] = [
  {
    situation: 'a device id that a volume of the VM has',
    last: '4.19',
    before: /^deviceId 1 is used by vm \d+$/,
    since: /^deviceId 1 is used by vol Volume \{.*\} on vm VM instance \{.*\}$/,
    told: (world) => {
      const { user } = world;
      const { id } = deployed(world, user, { startvm: false });
      const [first, second] = [0, 1].map(() => createdVolume(world, user));
      const values = { virtualmachineid: id as string, deviceid: 1 };
      user.done('attachVolume', { ...values, id: first! });
      return user.run('attachVolume', { ...values, id: second! }).result['errortext'] as string;
    },
  },
  {
    situation: 'a template that VMs use',
    last: '4.19',
    before: /^Unable to delete template with id: \d+ because VM instances: \[.*\] are using it\.$/,
    since:
      /^Unable to delete template: Template \{.*\} because VM instances: \[.*\] are using it\.$/,
    told: (world) => {
      const vm = deployed(world, world.user);
      const { result } = world.admin.run('deleteTemplate', { id: vm['templateid'] as string });
      return result['errortext'] as string;
    },
  },
  {
    situation: 'expunging by a user who may not',
    last: '4.19',
    before:
      'Parameter expunge can be passed by Admin only. Or when the allow.user.expunge.recover.vm key is set.',
    since: 'Account does not have permission for expunging.',
    told: (world) => {
      const { id } = deployed(world, world.user);
      const values = { id: id as string, expunge: true };
      return world.user.run('destroyVirtualMachine', values).result['errortext'] as string;
    },
  },
  {
    situation: 'user data that is no base64',
    last: '4.18',
    before: 'User data is not base64 encoded',
    since: 'User data is not base64 encoded.',
    told: (world) => refusal(world, deployment(world, { userdata: '!' })),
  },
  {
    situation: 'user data without a byte',
    last: '4.18',
    before: 'User data is too short',
    since: 'User data is too short.',
    told: (world) => refusal(world, deployment(world, { userdata: '=' })),
  },
  {
    situation: 'user data that GET cannot bring',
    last: '4.18',
    before: 'User data is too long for an http GET request',
    since: 'User data is too long for http GET request',
    told: (world) => byGet(world, deployment(world, { userdata: `${MAX_IN_GET}AAAA` })),
  },
  {
    situation: 'user data that are as long as GET brings them since 4.19',
    last: '4.18',
    before: 'User data is too long for an http GET request',
    since: '',
    told: (world) => byGet(world, deployment(world, { userdata: MAX_IN_GET })),
  },
  {
    situation: 'user data above the setting',
    last: '4.18',
    before: 'User data has exceeded configurable max length : 8',
    since: 'User data has exceeded configurable max length: 8',
    told: (world) => {
      world.simulator.world.settings.set('vm.userdata.max.length', 8);
      return refusal(world, deployment(world, { userdata: 'AAAABBBBCCCC' }));
    },
  },
  {
    situation: 'key pairs that are not there',
    last: '4.19',
    before: 'Not all specified keyparis exist',
    since: 'Not all specified keypairs exist',
    told: (world) => refusal(world, deployment(world, { keypair: 'nobody' })),
  },
  {
    situation: 'a limit that is reached',
    last: '4.19',
    before: /^Maximum amount of resources of Type = 'user_vm' for Account Name = /,
    since: /^Maximum amount of resources of Type = 'user_vm', tag = 'null' for Account Name = /,
    told: (world) => {
      const { domainId: domainid } = world.simulator.world.accounts
        .all()
        .find(({ name }) => name === 'bosh')!;
      world.admin.call('updateResourceLimit', {
        account: 'bosh',
        domainid,
        resourcetype: 0,
        max: 0,
      });
      return refusal(world, deployment(world));
    },
  },
  {
    situation: 'no host with room',
    last: '4.18',
    before:
      /^No destination found for a deployment for VM instance {"id":1,"instanceName":"i-2-1-VM","type":"User","uuid":"[^"]+"}$/,
    since:
      /^No destination found for a deployment for VM instance {"id":1,"instanceName":"i-2-1-VM","state":"Stopped","type":"User","uuid":"[^"]+"}$/,
    told: (world) => {
      const values = deployment(world, TOO_LARGE, 'custom');
      return String(world.user.run('deployVirtualMachine', values).result['errortext']);
    },
  },
  {
    situation: 'no room on the host that was asked for',
    last: '4.19',
    before:
      /^Cannot deploy the VM to specified host \d+; host has cpu capability\? true, host has capacity\? false$/,
    since:
      /^Cannot deploy the VM to specified host Host {.*}, host does not have enough free CPU or RAM, please check the logs$/,
    told: (world) => {
      const hostid = world.simulator.world.hosts.all()[0]!.id;
      const networkids = networkId(world, 'NET_SHARED');
      const values = deployment(world, { ...TOO_LARGE, networkids, hostid }, 'custom');
      return String(world.admin.run('deployVirtualMachine', values).result['errortext']);
    },
  },
  {
    situation: 'a recovery of a VM that is not destroyed',
    last: '4.19',
    before: 'Vm with id 1 is not in the right state',
    since: /^Vm with id [0-9a-f-]{36} is not in the right state$/,
    told: (world) => {
      const { id } = deployed(world, world.user, { startvm: false });
      return world.admin.fails('recoverVirtualMachine', { id: id as string }).errortext;
    },
  },
];

for (const { situation, last, before, since, told } of texts) {
  test(situation, () => {
    for (const release of releases) {
      const text = told(worldOf(release));
      const expected = release <= last ? before : since;
      if (typeof expected === 'string') expect(text, release).toBe(expected);
      else expect(text, release).toMatch(expected);
    }
  });
}

test('jobs tell their account and its domain, and their server, since 4.19', () => {
  for (const release of releases) {
    const world = worldOf(release);
    const { jobid } = world.user.call('deployVirtualMachine', deployment(world));
    const job = world.user.call('queryAsyncJobResult', { jobid: jobid as string });
    for (const field of ['account', 'domainid', 'domainpath', 'managementserverid']) {
      expect(Object.hasOwn(job, field), field).toBe(release > '4.18');
    }
    expect(job).toHaveProperty('accountid');
  }
});

test('VMs tell that they are protected since 4.20', () => {
  for (const release of releases) {
    const world = worldOf(release);
    const { id } = deployed(world, world.user, { startvm: false });
    const vm = listed(world.user, { id: id as string })!;
    expect(Object.hasOwn(vm, 'deleteprotection')).toBe(release > '4.19');
  }
});

test('a version that is none of CloudStack 4 is as the newest', () => {
  for (const version of ['5.0.0.0', 'main', '4', '']) {
    const world = testSimulator();
    world.simulator.world.settings.set('cloudstack.version', version);
    expect(refusal(world, deployment(world, { keypair: 'nobody' }))).toContain('keypairs');
  }
});
