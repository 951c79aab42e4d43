// Networks that Directors manage, and stemcells.
import { isGone } from '../../../simulator/world/table.js';
import { subnet } from '../../cpi/methods/network-requests.js';
import { oneOf, type Planner } from '../deed.js';
import { succeeded } from '../expectation.js';
import { directors, type Made } from '../ledger.js';
import { must } from '../promise.js';
import type { Stage } from '../stage.js';

const mostOfEach = 2;

export const createNetwork: Planner = (stage, draw) => {
  if (stage.ledger.networks.length >= mostOfEach) return undefined;
  const director = draw(directors.length);
  const size = draw(2) === 0 ? {} : { netmask_bits: 24 };
  return {
    director,
    about: [stage.ledger.networks],
    work: async (call) => {
      const answer = await call('create_network', subnet(size));
      if (answer.is === 'death') stage.mayBeLeft.push('network');
      if (!succeeded(stage, 'create_network', answer)) return;
      const [cid] = answer.result as [string];
      must(!isGone(stage.world.networks.get(cid)), `network ${cid} is not there`);
      stage.ledger.networks.push({ cid, director, isDoomed: false });
    },
  };
};

export const deleteNetwork: Planner = (stage, draw) => {
  const network = oneOf(stage.ledger.networks, draw);
  return network && deletionOfNetwork(stage, network);
};

export function deletionOfNetwork(stage: Stage, network: Made): NonNullable<ReturnType<Planner>> {
  return {
    director: network.director,
    about: [network],
    work: async (call) => {
      network.isDoomed = true;
      const answer = await call('delete_network', [network.cid]);
      if (!succeeded(stage, 'delete_network', answer)) return;
      must(
        isGone(stage.world.networks.get(network.cid)),
        `network ${network.cid} is said to be deleted and is there`,
      );
      stage.ledger.networks = stage.ledger.networks.filter((one) => one !== network);
    },
  };
}

export const createStemcell: Planner = (stage, draw) => {
  if (stage.image === undefined || stage.ledger.stemcells.length >= mostOfEach) return undefined;
  const director = draw(directors.length);
  const { image } = stage;
  return {
    director,
    about: [stage.ledger.stemcells],
    work: async (call) => {
      const properties = { name: 'jammy', version: '1.1', hypervisor: 'kvm' };
      const answer = await call('create_stemcell', [image, properties]);
      if (!succeeded(stage, 'create_stemcell', answer)) return;
      const cid = answer.result as string;
      must(stage.world.templates.get(cid)?.state === 'Active', `stemcell ${cid} is not there`);
      // The same Director gets the same one for the same image.
      if (stage.ledger.stemcells.some((one) => one.cid === cid && !one.isDoomed)) return;
      stage.ledger.stemcells.push({ cid, director, isDoomed: false });
    },
  };
};

export const deleteStemcell: Planner = (stage, draw) => {
  const stemcell = oneOf(stage.ledger.stemcells, draw);
  return stemcell && deletionOfStemcell(stage, stemcell);
};

export function deletionOfStemcell(stage: Stage, stemcell: Made): NonNullable<ReturnType<Planner>> {
  return {
    director: stemcell.director,
    about: [stemcell, ...stage.ledger.instances],
    work: async (call) => {
      stemcell.isDoomed = true;
      const answer = await call('delete_stemcell', [stemcell.cid]);
      if (!succeeded(stage, 'delete_stemcell', answer)) return;
      stage.ledger.stemcells = stage.ledger.stemcells.filter((one) => one !== stemcell);
    },
  };
}
