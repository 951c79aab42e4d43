// What is wrong with virtual routers is noticed: two for one network, one without its network, one that
// is up on no host or down on one, and one between two states in which no job has it in hand.
import { expect, test } from '@playwright/test';
import type { RouterRow } from '../../../../simulator/world/entities.js';
import { checkInvariants } from '../../../../simulator/world/invariants/invariants.js';
import { implementNetwork } from '../../../../simulator/world/network/networks.js';
import {
  createNetworkWorld,
  networkNamed,
  type NetworkWorld,
} from '../../../support/network-world.js';

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
