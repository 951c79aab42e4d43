// Requests to a simulated zone as plain data, made up from the declarations of the commands: which
// parameters there are and of which types follows from them, so a new command takes part unasked.
import fc from 'fast-check';
import { commands } from '../../simulator/commands/index.js';
import type { AnyCommand } from '../../simulator/declare/command.js';
import type { Parameter } from '../../simulator/declare/parameter.js';
import type { InProcessRequest } from '../../simulator/doors/in-process.js';
import { createSimulator, type Simulator } from '../../simulator/simulator.js';
import { advancedKvm } from '../../simulator/world/presets/advanced-kvm.js';
import { signedQuery } from './simulator-client.js';

export const LOG_HOST_MS = Date.parse('2026-05-01T10:00:00Z');
const EXPIRES = '2026-05-01T10:10:00Z';
const ADMIN = { apiKey: 'admin-key', secretKey: 'admin-secret' };
const USER = { apiKey: 'user-key', secretKey: 'user-secret' };

export interface LoggedRequest extends InProcessRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * A zone for request logs: fixed keys, fixed host time, time that moves with polls only, and an
 * expunge thread that comes round within a few of them.
 */
export function zoneForLogs(seed = 1): { simulator: Simulator; faults: unknown[] } {
  const faults: unknown[] = [];
  const simulator = createSimulator({
    seed,
    clock: 'on-poll',
    hostNowMs: () => LOG_HOST_MS,
    onFault: (error) => faults.push(error),
    world: {
      ...advancedKvm,
      accounts: [
        { name: 'admin', role: 'Admin', ...ADMIN },
        { name: 'bosh', role: 'User', ...USER },
      ],
      settings: { 'expunge.delay': 5, 'expunge.interval': 5, 'ssh.key.length': 512 },
    },
  });
  simulator.openedAt('http://cloudstack.test');
  return { simulator, faults };
}

export function signedRequest(
  by: 'admin' | 'user',
  method: 'GET' | 'POST',
  command: string,
  values: Readonly<Record<string, string>>,
): LoggedRequest {
  const keys = by === 'admin' ? ADMIN : USER;
  const query = signedQuery(keys, command, { signatureVersion: 3, expires: EXPIRES, ...values });
  return method === 'GET'
    ? { method, url: `/client/api?${query}`, headers: {}, body: '' }
    : {
        method,
        url: '/client/api',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: query,
      };
}

/** A request that is still to be made: which ids it names depends on what exists by then. */
export interface Intention {
  readonly by: 'admin' | 'user';
  readonly method: 'GET' | 'POST';
  readonly format: 'json' | 'xml';
  readonly command: number;
  /** Each choice on the way takes the next number. */
  readonly choices: readonly number[];
}

export const intentions: fc.Arbitrary<Intention[]> = fc.array(
  fc.record({
    by: fc.constantFrom('user', 'user', 'admin'),
    method: fc.constantFrom('GET', 'POST'),
    format: fc.constantFrom('json', 'json', 'xml'),
    command: fc.nat(10_000),
    choices: fc.array(fc.nat(10_000), { minLength: 40, maxLength: 40 }),
  }),
  { minLength: 1, maxLength: 60, size: 'max' },
);

/** Brings a zone to where requests find something to work on: two VMs and two disks of the user. */
export function prelude(simulator: Simulator): LoggedRequest[] {
  const { world } = simulator;
  const idNamed = (rows: readonly { id: string; name: string }[], name: string): string =>
    rows.find((row) => row.name === name)!.id;
  const zoneid = world.zones.all()[0]!.id;
  const deploy = (name: string, startvm: string): LoggedRequest =>
    signedRequest('user', 'POST', 'deployVirtualMachine', {
      name,
      startvm,
      zoneid,
      serviceofferingid: idNamed(world.serviceOfferings.all(), 'm1.small'),
      templateid: idNamed(world.templates.all(), 'ubuntu-jammy'),
      networkids: idNamed(world.networks.all(), 'NET_CS'),
    });
  const createDisk = (name: string, offering: string): LoggedRequest =>
    signedRequest('user', 'GET', 'createVolume', {
      name,
      zoneid,
      size: '2',
      diskofferingid: idNamed(world.diskOfferings.all(), offering),
    });
  return [
    deploy('vm-first', 'true'),
    deploy('vm-second', 'false'),
    createDisk('shared-disk', 'shared.custom'),
    createDisk('local-disk', 'local.custom'),
  ];
}

/** What a sequence that reaches many states is mostly made of. */
const frequent: Readonly<Record<string, number>> = {
  deployVirtualMachine: 6,
  queryAsyncJobResult: 24,
  startVirtualMachine: 3,
  stopVirtualMachine: 3,
  destroyVirtualMachine: 3,
  createVolume: 4,
  attachVolume: 6,
  detachVolume: 3,
  deleteVolume: 2,
  updateVmNicIp: 3,
  createTags: 2,
};
const drawn: readonly AnyCommand[] = commands.flatMap((command) =>
  Array<AnyCommand>(frequent[command.name] ?? 1).fill(command),
);

/** The request that an intention becomes in a world. */
export function requestFor(simulator: Simulator, intention: Intention): LoggedRequest {
  const { by, method, format, choices } = intention;
  const command = drawn[intention.command % drawn.length]!;
  let taken = 0;
  const choose = (below: number): number => choices[taken++ % choices.length]! % below;
  const values: Record<string, string> = { response: format };
  for (const [name, parameter] of Object.entries(command.parameters)) {
    const chance = parameter.required ? 1_000 : usual.has(name) ? 900 : 60;
    if (choose(1_000) >= chance) continue;
    Object.assign(values, valuesOf(simulator, name, parameter, choose));
  }
  return signedRequest(by, method, command.name, values);
}

/** Optional by declaration, and yet without them most calls end early. */
const usual: ReadonlySet<string> = new Set([
  'id',
  'zoneid',
  'diskofferingid',
  'networkids',
  'size',
  'ostypeid',
  'expunge',
]);

type Choose = (below: number) => number;

function valuesOf(
  simulator: Simulator,
  name: string,
  parameter: Parameter<unknown>,
  choose: Choose,
): Record<string, string> {
  if (parameter.type === 'map') return mapValues(simulator, name, choose);
  if (parameter.entity !== undefined) return { [name]: idOf(simulator, parameter.entity, choose) };
  if (name === 'resourceids') return { [name]: idOf(simulator, taggable[choose(3)]!, choose) };
  const words = vocabulary[name] ?? vocabulary[parameter.type] ?? ['', 'a', 'vm-1'];
  return { [name]: words[choose(words.length)]! };
}

const taggable: readonly string[] = ['virtualmachine', 'volume', 'template'];

const vocabulary: Readonly<Record<string, readonly string[]>> = {
  boolean: ['true', 'false', 'False'],
  integer: ['1', '2', '-1', '500', 'x'],
  long: ['1', '2', '10', '5', '3', '1', '2', '0', 'x'],
  page: ['1'],
  pagesize: ['500', '2'],
  name: ['vm-1', 'vm-2', 'a-disk', 'another', '-bad-'],
  displayname: ['A machine', 'ünïcode €'],
  ipaddress: ['10.203.6.5', '10.203.6.6', '10.203.7.254', '10.204.0.20', '10.9.9.9', 'x'],
  macaddress: ['02:00:00:00:00:01', 'x'],
  userdata: ['YQ==', 'eyJhIjoxfQ==', '%%%'],
  hypervisor: ['KVM', 'VMware'],
  format: ['QCOW2', 'RAW', 'ZIP'],
  resourcetype: ['UserVm', 'Volume', 'Template', 'Spoon'],
  state: ['Running', 'Stopped', 'Destroyed', 'Ready'],
  templatefilter: ['all', 'self', 'executable', 'community'],
  rootdisksize: ['8', '1', '20'],
};

function mapValues(simulator: Simulator, name: string, choose: Choose): Record<string, string> {
  if (name === 'iptonetworklist') {
    return {
      [`${name}[0].networkid`]: idOf(simulator, 'network', choose),
      [`${name}[0].ip`]: vocabulary['ipaddress']![choose(6)]!,
    };
  }
  if (name === 'details') {
    return {
      'details[0].cpuNumber': '1',
      'details[0].cpuSpeed': '500',
      'details[0].memory': '512',
    };
  }
  const key = ['director', 'job', 'name'][choose(3)]!;
  return { [`${name}[0].key`]: key, [`${name}[0].value`]: ['a', 'b'][choose(2)]! };
}

/** An id that this kind of entity has or had, mostly one of the latest; sometimes none at all. */
function idOf(simulator: Simulator, entity: string, choose: Choose): string {
  const ids = simulator.kernel.log
    .after(0)
    .filter((event) => event.entity === entity && event.from === null && event.to !== null)
    .map((event) => event.id);
  if (ids.length === 0 || choose(40) === 0) return '11111111-2222-4333-8444-555555555555';
  const latest = choose(2) === 0 ? ids.slice(-3) : ids;
  return latest[choose(latest.length)]!;
}
