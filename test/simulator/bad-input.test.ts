// Every command, whatever it is about, refuses what is wrong with its parameters as CloudStack's
// parameter check does, and changes nothing: missing and empty ones, ones that it does not have, texts
// for numbers, maps and ids, ids that nothing has and ids of another kind. What the commands are to
// refuse follows from their declarations; what they refuse by themselves their own tests tell.
import { deepStrictEqual, ok, strictEqual } from 'node:assert';
import { test } from '@playwright/test';
import { commands } from '../../simulator/commands/index.js';
import { commandTextOf, wrapperOf, type AnyCommand } from '../../simulator/declare/command.js';
import type { EntityName } from '../../simulator/world/entity-lookup.js';
import { findEntityByInternalId } from '../../simulator/world/entity-lookup.js';
import {
  testSimulator,
  type Refused,
  type Reply,
  type TestWorld,
  type Values,
} from '../support/simulator-client.js';
import { allowRunningSnapshots, snapshotOf } from '../support/simulator-snapshots.js';
import { deployed, networkId } from '../support/simulator-vms.js';
import { attached, createdVolume } from '../support/simulator-volumes.js';

const unknownId = 'b0000000-0000-4000-8000-00000000000f';

const world = populated();

test('what is required must be there, and not be empty', () => {
  for (const command of commands) {
    const required = Object.entries(command.parameters).filter(([, { required }]) => required);
    for (const [name, { type }] of required) {
      const others = without(requiredValues(command), name);
      assertRefused(command, others, `${beginning(command)} due to missing parameter ${name}`);
      if (type === 'map') continue;
      const empty = { ...requiredValues(command), [name]: '' };
      assertRefused(command, empty, `Invalid value provided for API arg: ${name}`);
    }
  }
});

test('what a command does not have is named instead of being passed over', () => {
  for (const command of commands) {
    const values = { ...requiredValues(command), superfluous: 'x' };
    const { httpStatus, errortext } = refusal(command, values);
    strictEqual(httpStatus, 432, command.name);
    const text = `does not simulate the parameter superfluous of ${command.name};`;
    ok(errortext.includes(text), errortext);
  }
});

test('a word for a number, and numbers that are not whole or too large', () => {
  for (const { command, name, usual } of parametersOfType('integer', 'long')) {
    for (const value of ['x', '1.5', '1e3', '0x10', '9223372036854775808']) {
      const text = `${beginning(command)} due to invalid value ${value} for parameter ${name}`;
      assertRefused(command, { ...usual, [name]: value }, text);
    }
  }
});

test('a word for a map', () => {
  for (const { command, name, usual } of parametersOfType('map')) {
    const text = `${beginning(command)} due to invalid value x for parameter ${name}`;
    assertRefused(command, { ...usual, [name]: 'x' }, text);
  }
});

test('a map for a number, a date or an id, which is its text to CloudStack', () => {
  const map = '{0={key=x}}';
  for (const { command, name, usual } of parametersOfType('integer', 'long', 'date', 'uuid')) {
    const { type, entity } = command.parameters[name]!;
    if (entity !== undefined && isSkippedUnlessUuid(command, name)) continue;
    const text = {
      date: `Unable to parse date ${map} for command ${commandTextOf(command)}`,
      uuid: `${beginning(command)} due to invalid value. Invalid parameter ${name} value=${map}`,
    }[type as string];
    assertRefused(
      command,
      { ...without(usual, name), [`${name}[0].key`]: 'x' },
      text ?? `${beginning(command)} due to invalid value ${map} for parameter ${name}`,
    );
  }
});

test('a word that is no date', () => {
  for (const { command, name, usual } of parametersOfType('date')) {
    for (const value of ['x', '2026-02', '20260101']) {
      assertRefused(command, { ...usual, [name]: value }, `Unable to parse date ${value}`);
    }
  }
});

test('ids that are none, that nothing has, and that something of another kind has', () => {
  for (const { command, name, usual } of parametersOfType('uuid', 'list')) {
    const { entity } = command.parameters[name]!;
    if (entity === undefined) continue;
    const noIds = isSkippedUnlessUuid(command, name) ? [] : ['no-id', '../1', '1 or 1=1'];
    for (const value of [unknownId, idOfAnotherKind(entity), ...noIds]) {
      const text =
        `${beginning(command)} due to invalid value. Invalid parameter ${name} value=${value} due to ` +
        'incorrect long value format, or entity does not exist';
      assertRefused(command, { ...usual, [name]: value }, text);
    }
  }
});

test('texts that are longer than the longest', () => {
  for (const { command, name, usual } of parametersOfType('string')) {
    const { maxLength = 255 } = command.parameters[name]!.options;
    const values = { ...usual, [name]: 'x'.repeat(maxLength + 1) };
    const { httpStatus: status, errortext } = refusal(command, values);
    strictEqual(status, 431, `${command.name} ${name}`);
    const isTooLong = errortext.includes(
      `greater than max allowed length ${maxLength} for param: ${name}`,
    );
    // Those of a few words know their words.
    ok(isTooLong || errortext.includes(`for parameter ${name}`), `${command.name}: ${errortext}`);
  }
});

/** Young parameters are left unset by what is no uuid. */
function isSkippedUnlessUuid(command: AnyCommand, name: string): boolean {
  const { type, required, options } = command.parameters[name]!;
  return type === 'uuid' && !required && options.since !== undefined;
}

interface ParameterOfCommand {
  readonly command: AnyCommand;
  readonly name: string;
  /** Values for what the command requires. */
  readonly usual: Values;
}

function parametersOfType(...types: string[]): ParameterOfCommand[] {
  const found = commands.flatMap((command) =>
    Object.entries(command.parameters)
      .filter(([, { type }]) => types.includes(type))
      .map(([name]) => ({ command, name, usual: requiredValues(command) })),
  );
  ok(found.length > 0, `no command has a parameter of type ${types.join()}`);
  return found;
}

/** The ids of things that are there, and words; a command that gets no further needs no better ones. */
function requiredValues(command: AnyCommand): Values {
  const required = Object.entries(command.parameters).filter(([, { required }]) => required);
  return Object.fromEntries(
    required.flatMap(([name, { type, entity }]): [string, string][] => {
      if (entity !== undefined) return [[name, someId(entity)]];
      if (type === 'map') return [[`${name}[0].key`, 'x']];
      return [[name, type === 'integer' || type === 'long' ? '1' : 'x']];
    }),
  );
}

/** A world with something of each kind that commands require. */
function populated(): TestWorld {
  const created = testSimulator();
  allowRunningSnapshots(created);
  const { admin, user } = created;
  const { id } = deployed(created, user);
  const volume = createdVolume(created, user);
  attached(user, volume, id as string);
  snapshotOf(user, volume);
  const { id: other } = deployed(created, user);
  user.done('createVMSnapshot', { virtualmachineid: other as string, snapshotmemory: true });
  user.done('addIpToNic', { nicid: created.simulator.world.nics.all()[0]!.id });
  const networkid = networkId(created, 'NET_CS');
  const { id: publicipid } = user.run('associateIpAddress', { networkid });
  const rule = { name: 'web', algorithm: 'roundrobin', publicport: 80, privateport: 80 };
  user.done('createLoadBalancerRule', { ...rule, publicipid: publicipid! });
  user.call('createInstanceGroup', { name: 'web' });
  user.call('registerUserData', { name: 'web', userdata: 'QQ==' });
  const { id: ipaddressid } = user.run('associateIpAddress', { networkid });
  const port = { ipaddressid: ipaddressid!, protocol: 'tcp' };
  const forwarding = { ...port, publicport: 22, privateport: 22, virtualmachineid: id as string };
  user.done('createPortForwardingRule', forwarding);
  const { id: translated } = user.run('associateIpAddress', { networkid });
  user.call('enableStaticNat', { ipaddressid: translated!, virtualmachineid: id as string });
  user.done('createIpForwardingRule', { ipaddressid: translated!, protocol: 'tcp', startport: 22 });
  admin.done('createProject', { name: 'web', displaytext: 'Web' });
  const vpcid = user.run('createVPC', {
    name: 'web',
    zoneid: created.simulator.world.zones.all()[0]!.id,
    vpcofferingid: created.simulator.world.vpcOfferings.all()[0]!.id,
    cidr: '10.0.0.0/16',
  }).id!;
  user.done('createNetworkACLList', { name: 'web', vpcid });
  const { id: roleid } = admin.call('createRole', { name: 'Reader', type: 'User' })[
    'role'
  ] as Reply;
  admin.call('createRolePermission', { roleid, rule: 'list*', permission: 'allow' });
  return created;
}

function someId(entity: EntityName): string {
  for (let internalId = 1; internalId < 1_000; internalId += 1) {
    const row = findEntityByInternalId(world.simulator.world, entity, internalId);
    if (row !== undefined) return row.id;
  }
  throw new Error(`the world has no ${entity}`);
}

/** The values but those of one parameter, which may be a map. */
function without(values: Values, parameter: string): Values {
  const rest = Object.entries(values).filter(([name]) => name.replace(/\[.*/, '') !== parameter);
  return Object.fromEntries(rest);
}

function idOfAnotherKind(entity: EntityName): string {
  return someId(entity === 'zone' ? 'account' : 'zone');
}

function beginning(command: AnyCommand): string {
  return `Unable to execute API command ${commandTextOf(command)}`;
}

/** As root admin, because others send in vain what is for root admins alone. */
function refusal(command: AnyCommand, values: Values): Refused {
  const before = world.simulator.kernel.log.lastSeq;
  const refused = world.admin.fails(command.name, values);
  strictEqual(world.simulator.kernel.log.lastSeq, before, `${command.name} left a trace`);
  return refused;
}

function assertRefused(command: AnyCommand, values: Values, text: string): void {
  const { httpStatus, errorcode, wrapper, errortext } = refusal(command, values);
  const told = `${command.name} ${JSON.stringify(values)}: ${errortext}`;
  ok(errortext.includes(text), told);
  deepStrictEqual([httpStatus, errorcode, wrapper], [431, 431, wrapperOf(command)], told);
}
