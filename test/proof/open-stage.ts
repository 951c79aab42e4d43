// Opens the cloud of a case: with what any cloud has that is in use, and with nothing of the case yet.
import { cidOf } from '../cpi/methods/registry-requests.js';
import { manualNetwork, vmArguments } from '../cpi/methods/vm-requests.js';
import { startZone } from '../support/cpi-zone.js';
import { expungedAfterMs } from '../support/expunged-after.js';
import { isolatedNetworkOf, zoneOfDirector } from './clouds.js';
import { worldUnder, type Conditions } from './conditions.js';
import { fetchImage } from './image-at-url.js';
import { directors } from './ledger.js';
import { answerText, makeCall } from './make-call.js';
import { must } from './promise.js';
import { Stage, type StageOptions } from './stage.js';

/** Agents are told of it: it may not be another one each time. Requests do not need its port. */
const registryEndpoint = 'http://127.0.0.1:25777';

/** Opens a cloud under these conditions, in which nothing has been done yet. */
export async function openStage(conditions: Conditions, options: StageOptions): Promise<Stage> {
  const broken: string[] = [];
  const registry = conditions.hasRegistry === true ? options.registry : undefined;
  await registry?.restore({});
  let nowMs = (): number => Date.parse('2026-01-01T00:00:00Z');
  const zone = await startZone(
    {
      seed: conditions.cloudSeed ?? 1,
      world: worldUnder(conditions),
      clock: 'manual',
      hostNowMs: () => nowMs(),
      fetchImage,
      onFault: (error) => broken.push(String(error)),
    },
    'direct',
    registry && { registry: { ...registry.section, endpoint: registryEndpoint } },
  );
  nowMs = () => zone.simulator.kernel.nowMs;
  const stage = new Stage(zone, conditions, broken, options);
  options.plant?.world?.(zone);
  await warm(stage);
  return stage;
}

/** With its first VM a network takes an address for itself, and a cloud what it needs for all others. */
async function warm(stage: Stage): Promise<void> {
  const { preset } = stage.conditions;
  const networks = {
    isolated: manualNetwork('10.203.6.99'),
    shared: manualNetwork('10.204.0.99', {
      netmask: '255.255.255.0',
      gateway: '10.204.0.1',
      default: [],
      cloud_properties: { name: 'NET_SHARED' },
    }),
  };
  const zones = new Set(directors.map((_, director) => zoneOfDirector(preset, director)));
  for (const director of [...zones].keys()) {
    await stage.together([
      async (lane) => {
        const answer = await makeCall(
          stage,
          lane,
          director,
          'create_vm',
          vmArguments({ networks }),
        );
        must(answer.is === 'result', `there is no first VM: ${answerText(answer)}`);
        const cid = cidOf(answer.result);
        const end = await makeCall(stage, lane, director, 'delete_vm', [cid]);
        must(end.is === 'result', `the first VM stays: ${answerText(end)}`);
      },
    ]);
  }
  stage.clockOfWorld.advanceBy(expungedAfterMs);
  if (stage.conditions.holdsAddresses === true) holdAddresses(stage);
  stage.begin();
}

/** The account gets the public address of each Director's first instance, for the network of its VMs. */
function holdAddresses({ zone, world, conditions, ledger, clockOfWorld }: Stage): void {
  for (const director of directors.keys()) {
    const { id: networkid } = isolatedNetworkOf(world, zoneOfDirector(conditions.preset, director));
    const instance = ledger.instances.find((one) => one.director === director);
    const ipaddress = instance?.publicIp ?? '';
    zone.user.done('associateIpAddress', { networkid, ipaddress });
  }
  // Times of CloudStack have no more than seconds: nobody may take this for the work of a first call.
  clockOfWorld.advanceBy(1_000);
}
