// Proves that gc can clear everything away with the rules that it declares, and that without any one
// of them something stays or is not looked for, of which it tells; against the simulated zone.
import { expect, test } from '@playwright/test';
import { describe } from '../../../cpi/gc/report.js';
import { expungeRight, type Right } from '../../../cpi/permissions/needs.js';
import { needsOf, rightsOf } from '../../../cpi/permissions/role.js';
import { advancedKvm } from '../../../simulator/world/presets/advanced-kvm.js';
import { interruptedLine } from '../../crash/interruption.js';
import { possessionsOf } from '../../crash/possessions.js';
import { at, startZone, type CpiZone } from '../../support/cpi-zone.js';
import { holdAddress, networkId } from '../methods/load-balancer-requests.js';
import { isolatedOffering } from '../methods/network-requests.js';
import { manualNetwork, vmArguments } from '../methods/vm-requests.js';
import { limitTo, withoutIds } from './limited-role.js';

const id = (digit: number): string => `a0000000-0000-4000-8000-${String(digit).padStart(12, '0')}`;

/** One leftover of each kind, some of it held by a VM. */
async function leaveEverything(zone: CpiZone): Promise<void> {
  const { user } = zone;
  const idOf = (command: string, key: string, values = {}): string =>
    String(at(user.call(command, values), key, 0, 'id'));
  const zoneid = idOf('listZones', 'zone');
  await createVm(zone, 1, '203.0.113.15', {
    disk: 1024,
    ephemeral_disk_offering: 'ephemeral',
    affinity_group: 'web',
    lbs: [{ name: 'web', public_port: 80, private_port: 8080 }],
  });
  holdAddress(zone, '203.0.113.16');
  await createVm(zone, 2, '203.0.113.16', {});
  holdAddress(zone, '203.0.113.18');
  const port_forwarding = [{ public_port: 2222, private_port: 22 }];
  await createVm(zone, 7, '203.0.113.18', {}, { cloud_properties: { port_forwarding } });
  await zone.result('create_disk', [1024, { disk_offering: 'shared.custom' }, null]);
  const vm = await createVm(zone, 3, '203.0.113.17', {});
  await zone.result('set_vm_metadata', [vm, { director: 'd' }]);
  const disk = await zone.result('create_disk', [1024, { disk_offering: 'shared.custom' }, null]);
  await zone.result('attach_disk', [vm, disk]);
  user.run('createSnapshot', {
    volumeid: String(disk),
    name: `snapshot-${id(4)}`,
    'tags[0].key': 'bosh-cpi-purpose',
    'tags[0].value': 'snapshot',
    'tags[1].key': 'bosh-cpi-unfinished',
    'tags[1].value': 'true',
  });
  const upload = user.call('getUploadParamsForTemplate', {
    name: `stemcell-${id(5)}`,
    displaytext: 'x (bosh-cpi-director d)',
    format: 'QCOW2',
    hypervisor: 'KVM',
    zoneid,
    ostypeid: idOf('listOsTypes', 'ostype'),
  });
  // An upload that is refused leaves its template.
  await fetch(String(at(upload, 'getuploadparams', 'postURL')), {
    method: 'POST',
    headers: { 'x-signature': 'wrong', 'x-metadata': 'wrong', 'x-expires': 'wrong' },
    body: 'no image',
  });
  user.call('createNetwork', {
    name: `network-${id(6)}`,
    displaytext: 'bosh-cpi-director d',
    zoneid,
    networkofferingid: idOf('listNetworkOfferings', 'networkoffering', { name: isolatedOffering }),
  });
  holdAddress(zone, '203.0.113.19');
  user.run('createTags', {
    resourcetype: 'Network',
    resourceids: networkId(zone, 'NET_CS'),
    'tags[0].key': `bosh-cpi-late-address-${id(8)}`,
    'tags[0].value': '203.0.113.19 1970-01-01T00:00:00.000Z/2100-01-01T00:00:00.000Z d',
  });
  // Longer than a create_vm may take, and less than until CloudStack clears up itself.
  zone.simulator.kernel.advanceBy(4 * 3_600_000);
}

async function createVm(
  zone: CpiZone,
  n: number,
  ip: string,
  properties: object,
  vip: object = {},
): Promise<string> {
  const request = vmArguments({
    agentId: id(n),
    properties,
    networks: { private: manualNetwork(`10.203.6.${40 + n}`), public: { type: 'vip', ip, ...vip } },
  });
  return ((await zone.result('create_vm', request)) as [string])[0];
}

interface Outcome {
  readonly commands: readonly string[];
  readonly what: string;
  readonly told: string;
}

async function collected(zone: CpiZone): Promise<Outcome> {
  const line = interruptedLine();
  zone.diagnostics.length = 0;
  const told = await zone.gc({ through: line.through, olderThanMs: 0 }).then(
    (all) => all.map((one) => describe(one)),
    (failure: unknown) => [String(failure)],
  );
  const what = [...told, ...possessionsOf(zone.simulator)].join('\n');
  return {
    commands: line.commands,
    what: withoutIds(what),
    told: [...told, ...zone.diagnostics].join('\n'),
  };
}

async function startWithLeftovers(mayExpunge: boolean): Promise<CpiZone> {
  const settings = {
    'kvm.snapshot.enabled': true,
    'allow.user.expunge.recover.vm': mayExpunge,
  };
  const zone = await startZone({ world: { ...advancedKvm, settings } }, 'direct');
  await leaveEverything(zone);
  return zone;
}

test('its rules are enough, and each of them is needed', async () => {
  await using expunging = await startWithLeftovers(true);
  await using parking = await startWithLeftovers(false);
  const rights = rightsOf(needsOf('gc'), 'all');
  const runs = [];
  for (const zone of [expunging, parking]) {
    const rewind = zone.simulator.bookmark();
    const withEveryRight = await collected(zone);
    expect(withEveryRight.what).not.toContain('could not be removed');
    const under = (given: readonly Right[]): Promise<Outcome> => {
      rewind();
      limitTo(zone, given);
      return collected(zone);
    };
    expect((await under(rights)).what).toEqual(withEveryRight.what);
    runs.push({ withEveryRight, under });
  }
  const used = new Set([expungeRight, ...runs.flatMap((run) => run.withEveryRight.commands)]);
  expect([...used].sort()).toEqual([...rights].sort());
  for (const right of rights) {
    const rest = rights.filter((other) => other !== right);
    const missed = await firstMissing(runs, rest);
    expect(missed?.told, `gc tells of ${right}`).toContain(right);
  }
});

interface Run {
  readonly withEveryRight: Outcome;
  readonly under: (rights: readonly Right[]) => Promise<Outcome>;
}

async function firstMissing(
  runs: readonly Run[],
  rights: readonly Right[],
): Promise<Outcome | undefined> {
  for (const { under, withEveryRight } of runs) {
    const outcome = await under(rights);
    if (outcome.what !== withEveryRight.what) return outcome;
  }
  return undefined;
}

test('what it does not look for without a rule is told once', async () => {
  await using zone = await startZone({}, 'direct');
  limitTo(zone, needsOf('gc').required);
  const { told } = await collected(zone);
  expect(told.match(/addresses that came late are not looked for/g)).toHaveLength(1);
});
