// What is wrong with virtual routers is noticed: two for one network or VPC, one without what it serves,
// one of a VPC in other networks than its tiers, one that is up on no host or down on one, and one
// between two states in which no job has it in hand.
import { expect, test } from '@playwright/test';
import type { RouterRow } from '../../../../simulator/world/entities.js';
import { checkInvariants } from '../../../../simulator/world/invariants/invariants.js';
import { implementNetwork } from '../../../../simulator/world/network/networks.js';
import {
  createNetworkWorld,
  networkNamed,
  type NetworkWorld,
} from '../../../support/network-world.js';
import { addRunningVm, addTier, addVpc, createVpcWorld } from '../../../support/vpc-world.js';

interface Situation extends NetworkWorld {
  readonly router: RouterRow;
}

const violations: Readonly<Record<string, (situation: Situation) => readonly RegExp[]>> = {
  'two routers serve a network': ({ world, router }) => {
    const values = { id: world.kernel.ids.uuid(), internalId: router.internalId + 1 };
    world.routers.insert({ ...router, ...values, state: 'Stopped', hostId: null });
    return [/^routers \S+ and \S+ both serve network /];
  },
  'a router outlives its network': ({ world, router }) => {
    for (const row of world.publicIps.all()) world.publicIps.change(row, { networkId: null });
    world.networks.remove(world.networks.require(router.networkId!));
    return [/^router \S+ serves network \S+, which is removed$/];
  },
  'a router runs nowhere': ({ world, router }) => {
    world.routers.change(router, { hostId: null });
    return [/^router \S+ is Running on host none$/];
  },
  'a router is stopped on a host': ({ world, router }) => {
    world.routers.move(router, 'StopRequested');
    world.routers.move(router, 'OperationSucceeded');
    return [/^router \S+ is Stopped on host \S+$/];
  },
  'nobody works on a router that stops': ({ world, router }) => {
    world.routers.move(router, 'StopRequested');
    return [/^router \S+ is Stopping, and no job works on it$/];
  },
};

for (const [what, violate] of Object.entries(violations)) {
  test(what, () => {
    const zone = createNetworkWorld();
    const network = networkNamed(zone.world, 'isolated');
    implementNetwork(zone.world, network);
    const [router] = zone.world.routers.where('networkId', network.id);
    expect(checkInvariants(zone.world)).toEqual([]);
    const expected = violate({ ...zone, router: router! });
    expect(checkInvariants(zone.world)).toEqual(
      expected.map((text) => expect.stringMatching(text)),
    );
  });
}

const violationsInVpcs: typeof violations = {
  'two routers serve a VPC': ({ world, router }) => {
    const values = { id: world.kernel.ids.uuid(), internalId: router.internalId + 1 };
    world.routers.insert({ ...router, ...values, state: 'Stopped', hostId: null });
    return [/^routers \S+ and \S+ both serve VPC /];
  },
  'a router outlives its VPC': ({ world, router }) => {
    world.vpcs.remove(world.vpcs.require(router.vpcId!));
    return [/^router \S+ serves VPC \S+, which is removed$/];
  },
  'a router is not in a tier that is up': ({ world, router }) => {
    world.routers.change(router, { guestNics: [] });
    return [/^router \S+ of VPC \S+ is not in its tier \S+$/];
  },
  'a router of a VPC is in another network': ({ world, router }) => {
    const networkId = networkNamed(world, 'isolated').id;
    const [nic] = router.guestNics;
    world.routers.change(router, { guestNics: [nic!, { ...nic!, networkId }] });
    return [/^router \S+ of VPC \S+ is in network \S+ outside of it$/];
  },
};

for (const [what, violate] of Object.entries(violationsInVpcs)) {
  test(what, () => {
    const zone = createVpcWorld();
    addRunningVm(zone, addTier(zone, addVpc(zone)['id'])['id']);
    const [router] = zone.world.routers.all();
    expect(checkInvariants(zone.world)).toEqual([]);
    const expected = violate({ ...zone, router: router! });
    const found = checkInvariants(zone.world).filter((text) => text.startsWith('router'));
    expect(found).toEqual(expected.map((text) => expect.stringMatching(text)));
  });
}
