// Networks that Directors manage, and stemcells.
import { isGone } from '../../../simulator/world/table.js';
import { subnet, type CreatedNetwork } from '../../cpi/methods/network-requests.js';
import { oneOf, type Planner } from '../deed.js';
import { succeeded } from '../expectation.js';
import { imageUrl } from '../image-at-url.js';
import { directors, type Made, type MadeNetwork } from '../ledger.js';
import type { Answer } from '../make-call.js';
import { must } from '../promise.js';
import type { Stage } from '../stage.js';
import { assertIsTemplate, isLight } from '../world-checks.js';

const mostOfEach = 2;

/** Whether the call was killed, or says that something stays which people have to delete. */
function mayLeave(answer: Answer): boolean {
  return answer.is === 'death' || (answer.is === 'error' && /by hand/.test(answer.error.message));
}

export const createNetwork: Planner = (stage, draw) => {
  if (stage.ledger.networks.length >= mostOfEach) return undefined;
  const director = draw(directors.length);
  const size = draw(2) === 0 ? {} : { netmask_bits: 24 };
  return {
    director,
    about: [stage.ledger.networks],
    work: async (call) => {
      const answer = await call('create_network', subnet(size));
      if (mayLeave(answer)) stage.mayBeLeft.push('network');
      if (!succeeded(stage, 'create_network', answer)) return;
      const [cid, { range, gateway }] = answer.result as CreatedNetwork;
      const row = stage.world.networks.get(cid);
      must(row !== undefined && !isGone(row), `network ${cid} is not there`);
      must(row.cidr === range && range.endsWith('/24'), `network ${cid} is told to be ${range}`);
      const prefix = range.split('.').slice(0, 3).join('.');
      stage.ledger.networks.push({
        cid,
        director,
        isDoomed: false,
        name: row.name,
        prefix,
        gateway,
      });
    },
  };
};

export const deleteNetwork: Planner = (stage, draw) => {
  const { networks, vms } = stage.ledger;
  const used = new Set(vms.map(({ madeNetwork }) => madeNetwork));
  const network = oneOf(
    networks.filter((one) => !used.has(one)),
    draw,
  );
  return network && deletionOfNetwork(stage, network);
};

/** CloudStack keeps the NICs of destroyed VMs until it expunges them, and the CPI says so. */
const notExpunged = /destroyed VMs that this account cannot see are still in it/;

export function deletionOfNetwork(
  stage: Stage,
  network: MadeNetwork,
): NonNullable<ReturnType<Planner>> {
  return {
    director: network.director,
    about: [network],
    work: async (call) => {
      network.isDoomed = true;
      const answer = await call('delete_network', [network.cid]);
      if (!succeeded(stage, 'delete_network', answer, notExpunged)) return;
      must(
        isGone(stage.world.networks.get(network.cid)),
        `network ${network.cid} is said to be deleted and is there`,
      );
      stage.ledger.networks = stage.ledger.networks.filter((one) => one !== network);
    },
  };
}

/** Where a template comes from; undefined where the cloud has no use for it. */
type Source = (stage: Stage) => readonly [image: string, properties: object] | undefined;

const described = { name: 'jammy', version: '1.1' };

const sources: readonly Source[] = [
  ({ image }) => (image === undefined ? undefined : [image, { ...described, hypervisor: 'kvm' }]),
  ({ runsOnKvm }) => (runsOnKvm ? ['/none', { ...described, image_url: imageUrl }] : undefined),
  () => ['/none', { ...described, light_template: 'ubuntu-jammy' }],
  () => ['/none', { ...described, light_template: 'ubuntu-jammy', light_mode: 'copy' }],
];

export const createStemcell: Planner = (stage, draw) => {
  const { ledger } = stage;
  if (ledger.stemcells.length >= mostOfEach) return undefined;
  const director = draw(directors.length);
  const source = oneOf(sources, draw)?.(stage);
  if (source === undefined) return undefined;
  return {
    director,
    about: [ledger.stemcells],
    work: async (call) => {
      const answer = await call('create_stemcell', source);
      if (mayLeave(answer)) stage.mayBeLeft.push('stemcell');
      if (!succeeded(stage, 'create_stemcell', answer)) return;
      const cid = answer.result as string;
      assertIsTemplate(stage, cid);
      // The same Director gets the same one for the same image.
      if (ledger.stemcells.some((one) => one.cid === cid)) return;
      ledger.stemcells.push({ cid, director, isDoomed: false });
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
    // Who makes one gets what is there already, and no Director deletes it meanwhile.
    about: [stemcell, stage.ledger.stemcells, ...stage.ledger.instances],
    work: async (call) => {
      stemcell.isDoomed = true;
      const answer = await call('delete_stemcell', [stemcell.cid]);
      if (!succeeded(stage, 'delete_stemcell', answer)) return;
      if (isLight(stemcell.cid)) assertIsTemplate(stage, stemcell.cid);
      stage.ledger.stemcells = stage.ledger.stemcells.filter((one) => one !== stemcell);
    },
  };
}
