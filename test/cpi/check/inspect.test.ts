// Proves that `check` says of each thing that the CPI needs whether it is there and what to do if it
// is not, and that it only looks; each situation is brought about in the simulated zone.
import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from '@playwright/test';
import type { Finding, Verdict } from '../../../cpi/check/finding.js';
import {
  TransportError,
  type HttpResponse,
  type Transport,
} from '../../../cpi/cloudstack/transport.js';
import type { Right } from '../../../cpi/permissions/needs.js';
import { roleFor, usersOfRights } from '../../../cpi/permissions/role.js';
import type { WorldDescriptionInput } from '../../../simulator/world/description/world-description.js';
import { advancedKvm } from '../../../simulator/world/presets/advanced-kvm.js';
import { filterOf } from '../../budgets/filters.js';
import { readRequest, type SentRequest } from '../../budgets/requests.js';
import { startZone, type CallOptions, type CpiZone } from '../../support/cpi-zone.js';
import { interruptedLine } from '../../crash/interruption.js';
import { limitTo } from '../permissions/limited-role.js';

interface Situation {
  /** What is wrong or special, in words. */
  readonly title: string;
  readonly world?: WorldDescriptionInput | undefined;
  readonly options?: CallOptions & { networks?: string[] };
  readonly prepare?: (zone: CpiZone) => void;
  /** The finding that tells of it. */
  readonly about: string;
  readonly verdict: Verdict;
  readonly says: RegExp;
  /** There unless all is well. */
  readonly advises?: RegExp;
}

const [zone1] = advancedKvm.zones;
if (zone1 === undefined) throw new Error('the preset has no zone');
const mayExpunge = { 'allow.user.expunge.recover.vm': true };

function inZone(
  changes: object,
  settings: WorldDescriptionInput['settings'] = {},
): WorldDescriptionInput {
  return { ...advancedKvm, settings, zones: [{ ...zone1, ...changes } as typeof zone1 & object] };
}

/** A failure inside of CloudStack at every such call. */
function failing(command: string): CallOptions {
  const errorresponse = { errorcode: 530, errortext: 'a failure inside' };
  const failure = { status: 530, headers: {}, body: JSON.stringify({ errorresponse }) };
  return {
    through: (transport) => ({
      close: () => {
        transport.close();
      },
      send: (request) =>
        typeof request.body === 'string' && request.body.includes(`command=${command}&`)
          ? Promise.resolve(failure)
          : transport.send(request),
    }),
  };
}

/** The whole role but for these rules. */
function without(...missing: Right[]): (zone: CpiZone) => void {
  const rights = roleFor(usersOfRights()).map(({ right }) => right);
  return (zone) => {
    limitTo(
      zone,
      rights.filter((right) => !missing.includes(right)),
    );
  };
}

const privateKey = generateKeyPairSync('ed25519')
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();

const encrypted = { endpoint: 'https://cloud.example.com/client/api' };

const html: HttpResponse = {
  status: 200,
  headers: {},
  body: '<html><title>Welcome</title></html>',
};

const situations: readonly Situation[] = [
  {
    title: 'the API answers',
    about: 'endpoint',
    verdict: 'ok',
    says: /client\/api is CloudStack 4\.20/,
  },
  {
    title: 'nobody listens at the endpoint',
    options: {
      through: () => ({
        close: () => undefined,
        send: () =>
          Promise.reject(new TransportError('refused', 'no', 'cloud:8080 refused the connection')),
      }),
    },
    about: 'endpoint',
    verdict: 'failed',
    says: /refused the connection/,
    advises: /cloudstack\.endpoint, the network and any proxy/,
  },
  {
    title: 'something else answers',
    options: { through: () => ({ close: () => undefined, send: () => Promise.resolve(html) }) },
    about: 'endpoint',
    verdict: 'failed',
    says: /an HTML page \("Welcome"\)/,
    advises: /cloudstack\.endpoint/,
  },
  {
    title: 'the endpoint is not encrypted',
    options: { properties: { endpoint: 'http://cloud.example.com/client/api' } },
    about: 'endpoint',
    verdict: 'warning',
    says: /is not encrypted: .*passwords/,
    advises: /https:\/\//,
  },
  {
    title: 'the keys are taken',
    about: 'credentials',
    verdict: 'ok',
    says: /takes api_key/,
  },
  {
    title: 'the keys are wrong',
    options: { properties: { secret_access_key: 'a-wrong-secret' } },
    about: 'credentials',
    verdict: 'failed',
    says: /unable to verify user credentials/,
    advises: /registerUserKeys.*clock/,
  },
  {
    title: 'the clocks are the same',
    options: { date: new Date() },
    about: 'clock',
    verdict: 'ok',
    says: /\d+ s (behind|ahead of) the cloud's/,
  },
  {
    title: "the cloud's clock is ahead",
    options: { date: new Date(Date.now() + 400_000) },
    about: 'clock',
    verdict: 'warning',
    says: /4\d\d s behind the cloud's|39\d s behind/,
    advises: /time server/,
  },
  {
    title: 'the zone is there',
    about: 'zone',
    verdict: 'ok',
    says: /^zone1 \(.*\) is Advanced, with local storage/,
  },
  {
    title: 'there is no such zone',
    options: { properties: { default_zone: 'zone-9' } },
    about: 'zone',
    verdict: 'failed',
    says: /no zone "zone-9"; the zones are "zone1"/,
    advises: /cloudstack\.default_zone/,
  },
  {
    title: 'the zone is disabled',
    prepare: ({ simulator: { world } }) => {
      for (const row of world.zones.all()) world.zones.change(row, { allocationState: 'Disabled' });
    },
    about: 'zone',
    verdict: 'failed',
    says: /and disabled/,
    advises: /enable it/,
  },
  {
    title: 'the zone is a basic one',
    prepare: ({ simulator: { world } }) => {
      for (const row of world.zones.all()) world.zones.change(row, { networkType: 'Basic' });
    },
    about: 'zone',
    verdict: 'warning',
    says: /is Basic, .*: the CPI names a network for each NIC/,
    advises: /advanced zone/,
  },
  {
    title: 'zones cannot be looked at',
    options: failing('listZones'),
    about: 'zone',
    verdict: 'failed',
    says: /listZones failed with code 530/,
    advises: /repair what failed/,
  },
  {
    title: 'there are compute offerings',
    about: 'compute',
    verdict: 'ok',
    says: /compute_offering can be CO1 - Small STD, custom, m1\.large/,
  },
  {
    title: 'a compute offering has tags',
    world: {
      ...advancedKvm,
      serviceOfferings: [
        { name: 'gpu', cpuNumber: 1, cpuMhz: 1_000, memoryMib: 512, hostTags: ['gpu', 'new'] },
        { name: 'ssd', cpuNumber: 1, cpuMhz: 1_000, memoryMib: 512, storageTags: ['ssd'] },
      ],
    },
    about: 'compute',
    verdict: 'ok',
    says: /compute_offering can be gpu \(host tags gpu,new\), ssd \(storage tags ssd\)$/,
  },
  {
    title: 'there is no compute offering',
    world: { ...advancedKvm, serviceOfferings: [] },
    about: 'compute',
    verdict: 'failed',
    says: /sees no compute offering in zone1/,
    advises: /operator of the cloud/,
  },
  {
    title: 'no compute offering has the tags of cloudstack.calculate',
    options: { properties: { calculate: { compute_tags: ['nope'] } } },
    about: 'calculate',
    verdict: 'failed',
    says: /no compute offering has the tags of cloudstack\.calculate/,
    advises: /compute_tags/,
  },
  ...(['default_disk_offering', 'default_ephemeral_disk_offering'] as const).flatMap(
    (property): Situation[] => [
      {
        title: `${property} is not set`,
        about: property,
        verdict: 'ok',
        says: /is not set: cloud_properties have to name/,
      },
      {
        title: `${property} is there`,
        options: { properties: { [property]: 'shared.custom' } },
        about: property,
        verdict: 'ok',
        says: /shared\.custom gives disks of any size on shared storage/,
      },
      {
        title: `${property} is not there`,
        options: { properties: { [property]: 'gold' } },
        about: property,
        verdict: 'failed',
        says: /no disk offering "gold"; the disk offerings are .*"ephemeral"/,
        advises: new RegExp(`cloudstack\\.${property}`),
      },
    ],
  ),
  {
    title: 'the default disk offering wants its IOPS named',
    options: { properties: { default_disk_offering: 'fast' } },
    prepare: ({ admin }) =>
      void admin.call('createDiskOffering', {
        name: 'fast',
        displaytext: 'x',
        customized: 'true',
        customizediops: 'true',
      }),
    about: 'default_disk_offering',
    verdict: 'failed',
    says: /wants IOPS named/,
    advises: /fixes the IOPS/,
  },
  {
    title: 'the default disk offering is for local storage, which the zone has not',
    world: inZone({ localStorage: false }),
    options: { properties: { default_disk_offering: 'local.custom' } },
    about: 'default_disk_offering',
    verdict: 'failed',
    says: /on local storage, which zone1 does not have/,
    advises: /shared storage/,
  },
  {
    title: 'a router serves user data',
    about: 'network NET_CS',
    verdict: 'ok',
    says: /^Isolated 10\.203\.6\.0\/23; user data from VirtualRouter, .*HTTP: URI "http:\/\/10\.203\.7\.254"/,
  },
  {
    title: 'in a shared network the router is not the gateway',
    about: 'network NET_SHARED',
    verdict: 'ok',
    says: /^Shared 10\.204\.0\.0\/24; .*URI "http:\/\/data-server"/,
  },
  {
    title: 'a config drive holds user data',
    options: { networks: ['drive'] },
    prepare: ({ user, simulator }) => {
      const offering = simulator.world.networkOfferings
        .all()
        .find((row) => row.guestIpType === 'L2' && row.services.includes('UserData'));
      user.call('createNetwork', {
        name: 'drive',
        displaytext: 'x',
        zoneid: String(simulator.world.zones.all()[0]?.id),
        networkofferingid: String(offering?.id),
      });
    },
    about: 'network drive',
    verdict: 'ok',
    says: /L2; user data from ConfigDrive, .*by-label\/config-2.*openstack\/latest\/user_data/,
  },
  {
    title: 'nobody serves user data',
    options: { networks: ['bare'] },
    prepare: ({ user, simulator }) => {
      const offering = simulator.world.networkOfferings
        .all()
        .find((row) => row.guestIpType === 'L2' && !row.services.includes('UserData'));
      user.call('createNetwork', {
        name: 'bare',
        displaytext: 'x',
        zoneid: String(simulator.world.zones.all()[0]?.id),
        networkofferingid: String(offering?.id),
      });
    },
    about: 'network bare',
    verdict: 'warning',
    says: /serves no user data/,
    advises: /undiscoverable: true/,
  },
  {
    title: 'there are more networks than are looked at',
    world: inZone({
      networks: Array.from({ length: 23 }, (_, index) => ({
        name: `net-${index}`,
        type: 'Isolated',
        account: 'bosh',
        cidr: `10.${index}.0.0/24`,
      })),
    }),
    about: 'networks',
    verdict: 'ok',
    says: /^3 more were not looked at: name them with --network$/,
  },
  {
    title: 'a network is not there',
    options: { networks: ['NET_XX'] },
    about: 'network NET_XX',
    verdict: 'failed',
    says: /no network "NET_XX"; the networks are "NET_CS"/,
    advises: /cloud_properties/,
  },
  {
    title: 'there is no network',
    world: inZone({ networks: [] }),
    about: 'networks',
    verdict: 'failed',
    says: /can use no network in zone1/,
    advises: /make one/,
  },
  {
    title: 'the role allows everything',
    about: 'permissions',
    verdict: 'ok',
    says: /all 27 methods/,
  },
  {
    title: 'the role misses what methods need',
    prepare: without('attachVolume'),
    about: 'permissions',
    verdict: 'failed',
    says: /^attach_disk fails: the role does not allow attachVolume$/,
    advises: /cloudstack-cpi permissions/,
  },
  {
    title: 'the role misses what is for a part of the work only',
    prepare: without('copyTemplate'),
    about: 'permissions',
    verdict: 'warning',
    says: /^create_vm without copyTemplate; lost: VMs in other zones/,
    advises: /unless nobody needs it/,
  },
  {
    title: 'the role does not let the account ask what it may call',
    prepare: without('listApis'),
    about: 'permissions',
    verdict: 'warning',
    says: /may not ask what it may call/,
    advises: /listApis/,
  },
  {
    title: 'nobody can tell what the role allows',
    options: failing('listApis'),
    about: 'permissions',
    verdict: 'failed',
    says: /cannot be looked at: CloudStack listApis failed with code 530/,
    advises: /repair what failed/,
  },
  {
    title: 'the role does not let the account ask what CloudStack can do',
    prepare: without('listCapabilities'),
    about: 'endpoint',
    verdict: 'ok',
    says: /client\/api answers$/,
  },
  {
    title: 'the account may expunge',
    world: { ...advancedKvm, settings: mayExpunge },
    about: 'expunge',
    verdict: 'ok',
    says: /are free at once/,
  },
  {
    title: 'the setting does not let the account expunge',
    about: 'expunge',
    verdict: 'warning',
    says: /may not expunge: delete_vm stops a VM and moves its addresses away/,
    advises: /set the setting allow\.user\.expunge\.recover\.vm of the account to/,
  },
  {
    title: 'the role does not let the account expunge',
    world: { ...advancedKvm, settings: mayExpunge },
    prepare: without('expungeVirtualMachine'),
    about: 'expunge',
    verdict: 'warning',
    says: /may not expunge/,
    advises: /set expungeVirtualMachine in its role to/,
  },
  {
    title: 'nobody tells whether the role lets the account expunge, and the setting does',
    world: { ...advancedKvm, settings: mayExpunge },
    prepare: without('listApis'),
    about: 'expunge',
    verdict: 'warning',
    says: /lets the account expunge; whether its role does \(expungeVirtualMachine\) cannot be told/,
    advises: /listApis/,
  },
  {
    title: 'nobody tells whether the role lets the account expunge, and the setting does not',
    prepare: without('listApis'),
    about: 'expunge',
    verdict: 'warning',
    says: /may not expunge/,
    advises: /^set the setting allow\.user\.expunge\.recover\.vm of the account to/,
  },
  {
    title: 'the account may neither expunge nor move addresses',
    options: { properties: { vm_expunge_delay: 60 } },
    prepare: without('expungeVirtualMachine', 'updateVmNicIp'),
    about: 'expunge',
    verdict: 'warning',
    says: /^the account may not expunge: addresses cannot be moved away either \(updateVmNicIp\), so .*expunge\.delay.*waits 60 s/,
    advises: /expunge\.recover\.vm .* and expungeVirtualMachine/,
  },
  {
    title: 'ordinary users do not see how long user data may be',
    about: 'user data',
    verdict: 'ok',
    says: /32768 bytes at most.*only administrators/,
  },
  {
    title: 'user data may be as long as the CPI sends them',
    options: { as: 'Admin' },
    about: 'user data',
    verdict: 'ok',
    says: /as vm\.userdata\.max\.length allows/,
  },
  {
    title: 'user data may be longer than the CPI sends them',
    world: { ...advancedKvm, settings: { 'vm.userdata.max.length': 65_536 } },
    options: { as: 'Admin' },
    about: 'user data',
    verdict: 'ok',
    says: /could send 65536 \(vm\.userdata\.max\.length\)/,
  },
  {
    title: 'user data may be shorter than the CPI sends them',
    world: { ...advancedKvm, settings: { 'vm.userdata.max.length': 16_384 } },
    options: { as: 'Admin' },
    about: 'user data',
    verdict: 'failed',
    says: /vm\.userdata\.max\.length is 16384/,
    advises: /user_data_max_length to 16384/,
  },
  {
    title: 'no key pair is configured',
    about: 'key pair',
    verdict: 'ok',
    says: /none is configured/,
  },
  {
    title: 'the key pair is there',
    options: { properties: { default_key_name: 'bosh' } },
    prepare: ({ user }) => void user.call('createSSHKeyPair', { name: 'bosh' }),
    about: 'key pair',
    verdict: 'ok',
    says: /VMs get bosh/,
  },
  {
    title: 'the key pair is not there',
    options: { properties: { default_key_name: 'bosh' } },
    about: 'key pair',
    verdict: 'failed',
    says: /no SSH key pair bosh: create_vm fails/,
    advises: /register it/,
  },
  {
    title: 'the private key is none',
    options: { properties: { default_key_name: 'bosh', private_key: 'a-secret' } },
    about: 'key pair',
    verdict: 'failed',
    says: /none can be made of cloudstack\.private_key: it is no private key/,
    advises: /correct that key/,
  },
  {
    title: 'the key pair will be made of the private key',
    options: { properties: { default_key_name: 'bosh', private_key: privateKey } },
    about: 'key pair',
    verdict: 'ok',
    says: /the first VM makes bosh/,
  },
  {
    title: 'no stemcell has come yet',
    about: 'stemcells',
    verdict: 'ok',
    says: /secondary storage VM of zone1; none has been yet/,
  },
  {
    title: 'the OS type of stemcells is not there',
    prepare: ({ simulator }) => {
      const { osTypes } = simulator.world;
      const named = osTypes.all().find(({ description }) => description === 'Other PV (64-bit)');
      if (named !== undefined) osTypes.remove(named);
    },
    about: 'stemcells',
    verdict: 'failed',
    says: /no OS type "Other PV \(64-bit\)"/,
    advises: /stemcell\.os_type/,
  },
  {
    title: 'a stemcell did not arrive',
    prepare: ({ user, simulator }) => {
      const { id } = user.call('getUploadParamsForTemplate', {
        name: 'stemcell-x',
        displaytext: 'x',
        format: 'QCOW2',
        hypervisor: 'KVM',
        zoneid: String(simulator.world.zones.all()[0]?.id),
        ostypeid: String(simulator.world.osTypes.all()[0]?.id),
      })['getuploadparams'] as { id: string };
      user.run('createTags', {
        resourceids: id,
        resourcetype: 'Template',
        'tags[0].key': 'bosh-cpi-purpose',
        'tags[0].value': 'stemcell',
      });
    },
    about: 'stemcells',
    verdict: 'warning',
    says: /1 of 1 did not arrive: stemcell-x \(NotUploaded\)/,
    advises: /port 443/,
  },
  {
    title: 'the project is not there',
    options: { properties: { project_id: 'b0000000-0000-4000-8000-00000000000f' } },
    about: 'project',
    verdict: 'failed',
    says: /^cloudstack\.project_id b0000000\S* is of no use: .*Invalid parameter projectid/,
    advises: /set cloudstack\.project_id to the id of a project/,
  },
  {
    title: 'what cannot be looked at is told',
    options: { refuse: 'listServiceOfferings' },
    about: 'offerings',
    verdict: 'failed',
    says: /cannot be looked at: CloudStack listServiceOfferings failed/,
    advises: /permissions check/,
  },
];

for (const situation of situations) {
  test(`${situation.about}: ${situation.title}`, async () => {
    const { world = advancedKvm, options = {}, prepare, says, advises } = situation;
    await using zone = await startZone({ world }, 'direct');
    prepare?.(zone);
    const events = zone.simulator.kernel.log.after(0).length;
    const line = interruptedLine();
    const properties = { ...encrypted, ...options.properties };
    const findings = await zone.check({ through: line.through, ...options, properties });
    const about = findings.filter((finding) => finding.about === situation.about);
    expect(about.map(({ text }) => text)).toContainEqual(expect.stringMatching(says));
    const found = about.filter(({ text }) => says.test(text));
    expect(found.map(({ verdict }) => verdict)).toEqual([situation.verdict]);
    if (advises !== undefined) expect(found[0]?.advice).toMatch(advises);
    expect(found[0]?.advice !== undefined).toBe(situation.verdict !== 'ok');
    expect(line.commands.filter((command) => !command.startsWith('list'))).toEqual([]);
    expect(zone.simulator.kernel.log.after(0)).toHaveLength(events);
  });
}

test('a zone with all that the CPI needs has no finding but ok, and one for each check', async () => {
  await using zone = await startZone({ world: { ...advancedKvm, settings: mayExpunge } }, 'direct');
  const findings: Finding[] = await zone.check({ properties: encrypted });
  expect(findings.filter(({ verdict }) => verdict !== 'ok')).toEqual([]);
  const known = new Set(situations.map(({ about }) => about));
  expect(findings.filter(({ about }) => !known.has(about))).toEqual([]);
});

test('no list is asked for without a filter', async () => {
  const projects = [{ name: 'foundry', account: 'bosh' }];
  await using zone = await startZone({ world: { ...advancedKvm, projects } }, 'direct');
  const project = zone.simulator.world.projects.all()[0]!.id;
  for (const properties of [{}, { project_id: project }]) {
    const requests: SentRequest[] = [];
    const through = (line: Transport): Transport => ({
      close: () => {
        line.close();
      },
      send: (request) => {
        requests.push(readRequest(request.body));
        return line.send(request);
      },
    });
    await zone.check({ properties, through });
    // What the role may call is no thing of the cloud; to ask for each command would be 60 requests.
    const lists = requests.filter(({ command }) => /^list(?!Apis$)/.test(command));
    expect(lists.map(({ command }) => command)).toContain('listTemplates');
    expect(lists.filter((list) => filterOf(list) === undefined)).toEqual([]);
    const networks = lists.filter(
      (list) => list.command === 'listNetworks' && filterOf(list) === 'zoneid',
    );
    expect(networks.map(({ parameters }) => parameters['pagesize'])).toEqual(['20']);
  }
});

test('what comes after a failure is left out', async () => {
  await using zone = await startZone({}, 'direct');
  const wrong = await zone.check({ properties: { secret_access_key: 'a-wrong-secret' } });
  expect(wrong.map(({ about }) => about)).toEqual(['endpoint', 'credentials']);
});
