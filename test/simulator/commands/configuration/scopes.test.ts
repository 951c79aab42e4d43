// Proves that a setting with a value of its own for a zone, a storage pool, an account or a domain
// counts there and nowhere else, until it is taken back; and that one without such values refuses
// the resource.
import { expect, test } from '@playwright/test';
import {
  accountOf,
  createIdentityWorld,
  domainOf,
  type IdentityWorld,
} from '../../../support/identity-world.js';
import { createInfrastructureWorld } from '../../../support/infrastructure-world.js';
import type { Reply, Values } from '../../../support/simulator-client.js';

function valueOf({ clientOf }: IdentityWorld, name: string, values: Values): string | undefined {
  const { configuration } = clientOf('admin').call('listConfigurations', { name, ...values });
  return (configuration as Reply[] | undefined)?.[0]?.['value'] as string | undefined;
}

function set({ clientOf }: IdentityWorld, values: Values): Reply {
  return clientOf('admin').call('updateConfiguration', values)['configuration'] as Reply;
}

function reset({ clientOf }: IdentityWorld, values: Values): Reply {
  return clientOf('admin').call('resetConfiguration', values)['configuration'] as Reply;
}

function deployed({ clientOf, world }: IdentityWorld, account = 'admin'): string {
  return clientOf(account).done('deployVirtualMachine', {
    zoneid: world.zones.all()[0]!.id,
    templateid: world.templates.all()[0]!.id,
    serviceofferingid: world.serviceOfferings.all()[0]!.id,
    networkids: world.networks.all()[1]!.id,
  })['virtualmachine']['id'] as string;
}

test('of a zone: whether running VMs can get another size', () => {
  const infrastructure = createInfrastructureWorld();
  const { world, clientOf } = infrastructure;
  const name = 'enable.dynamic.scale.vm';
  const [zone1, zone2] = world.zones.all();
  world.templates.change(world.templates.all()[0]!, { isDynamicallyScalable: true });
  const isScalable = (): boolean =>
    clientOf('admin').call('listVirtualMachines', { id: deployed(infrastructure) })[
      'virtualmachine'
    ][0]['isdynamicallyscalable'] as boolean;
  expect(isScalable()).toBe(false);
  expect(set(infrastructure, { name, value: true, zoneid: zone2!.id })).toMatchObject({
    scope: 'zone',
  });
  expect(isScalable()).toBe(false);
  set(infrastructure, { name, value: true, zoneid: zone1!.id });
  expect(isScalable()).toBe(true);
  expect(valueOf(infrastructure, name, { zoneid: zone1!.id })).toBe('true');
  expect(valueOf(infrastructure, name, {})).toBe('false');
  expect(reset(infrastructure, { name, zoneid: zone1!.id })).toMatchObject({ value: 'false' });
  expect(isScalable()).toBe(false);
});

test('of a domain: whether a root volume goes with its VM', () => {
  const infrastructure = createInfrastructureWorld();
  const { world, clientOf } = infrastructure;
  const name = 'destroy.root.volume.on.vm.destruction';
  const domainid = domainOf(infrastructure, 'ROOT').id;
  const stateAfterDestruction = (): string => {
    const id = deployed(infrastructure);
    const [root] = world.volumes.where('vmId', id);
    clientOf('admin').done('destroyVirtualMachine', { id });
    return root!.state;
  };
  set(infrastructure, { name, value: true, domainid: domainOf(infrastructure, 'ROOT/sub').id });
  expect(stateAfterDestruction()).toBe('Ready');
  set(infrastructure, { name, value: true, domainid });
  expect(stateAfterDestruction()).not.toBe('Ready');
  expect(valueOf(infrastructure, name, { domainid })).toBe('true');
  reset(infrastructure, { name, domainid });
  expect(stateAfterDestruction()).toBe('Ready');
});

test('of an account: whether its networks may share a name', () => {
  const infrastructure = createInfrastructureWorld();
  const { world, clientOf } = infrastructure;
  const create = (account: string): number =>
    clientOf(account).send('createNetwork', {
      name: 'twice',
      zoneid: world.zones.all()[0]!.id,
      networkofferingid: world.networkOfferings
        .all()
        .find((row) => row.guestIpType === 'Isolated' && row.enabled)!.id,
    }).status;
  const accountid = accountOf(infrastructure, 'bosh').id;
  set(infrastructure, { name: 'allow.duplicate.networkname', value: false, accountid });
  expect(['bosh', 'bosh', 'other', 'other'].map(create)).toEqual([200, 431, 200, 200]);
});

test('of a storage pool: how much may be promised of it', () => {
  const infrastructure = createInfrastructureWorld();
  const name = 'storage.overprovisioning.factor';
  const [pool, other] = infrastructure.world.storagePools.all();
  expect(set(infrastructure, { name, value: '3.0', storageid: pool!.id })).toMatchObject({
    scope: 'storagepool',
  });
  const factorOf = (id: string): string =>
    infrastructure.clientOf('admin').call('listStoragePools', { id })['storagepool'][0][
      'overprovisionfactor'
    ] as string;
  const before = factorOf(other!.id);
  expect(factorOf(pool!.id)).not.toBe(before);
  expect(valueOf(infrastructure, name, { storageid: pool!.id })).toBe('3');
  reset(infrastructure, { name, storageid: pool!.id });
  expect(factorOf(pool!.id)).toBe(before);
});

test('a setting without values for such a resource refuses it, and is not listed for it', () => {
  const identity = createIdentityWorld();
  const { clientOf, world } = identity;
  const admin = clientOf('admin');
  const [zone] = world.zones.all();
  const resources: readonly Values[] = [
    { zoneid: zone!.id },
    { clusterid: world.clusters.all()[0]!.id },
    { accountid: accountOf(identity, 'bosh').id },
    { domainid: domainOf(identity, 'ROOT').id },
  ];
  for (const resource of resources) {
    const name = 'expunge.delay';
    for (const refused of [
      admin.fails('updateConfiguration', { name, value: 1, ...resource }),
      admin.fails('resetConfiguration', { name, ...resource }),
    ]) {
      expect(refused).toMatchObject({
        httpStatus: 431,
        errortext: 'Invalid scope id provided for the parameter expunge.delay',
      });
    }
    expect(valueOf(identity, 'expunge.delay', resource)).toBeUndefined();
  }
  expect(valueOf(identity, 'expunge.delay', {})).toBe('86400');
});
