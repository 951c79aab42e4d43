import { CloudClient } from '../cloud/client.js';
import type { CaseRecorder, Session } from '../contract/run-case.js';
import { secretsOf } from '../contract/target-secrets.js';
import { isObject, textOf } from '../json.js';
import type { Target } from '../target/target.js';
import { Normaliser } from './normalise.js';
import {
  transcriptName,
  writeManifest,
  writeTranscript,
  type Exchange,
  type Manifest,
} from './recording.js';

/**
 * Begins a recording of what the CPI and a cloud say to each other in cases; answers what a session
 * needs for it. What a case puts in the place of the cloud's answers is not recorded.
 */
export async function recordInto(
  folder: string,
  target: Target,
): Promise<NonNullable<Session['record']>> {
  writeManifest(folder, await manifestOf(target));
  return (caseId, version) =>
    recorderOf(secretsOf(target), (exchanges) =>
      writeTranscript(folder, transcriptName(caseId, version), exchanges),
    );
}

function recorderOf(
  secrets: readonly string[],
  write: (exchanges: readonly Exchange[]) => void,
): CaseRecorder {
  const normaliser = new Normaliser(secrets);
  const exchanges: Exchange[] = [];
  return {
    asked: () => undefined,
    answered: (request, body, status) => {
      const { command } = request;
      const parameters = normaliser.parameters(request);
      exchanges.push({ command, parameters, status, answer: normaliser.answer(command, body) });
    },
    end: () => write(exchanges),
  };
}

async function manifestOf({ name, account, offers }: Target): Promise<Manifest> {
  const { capability } = await new CloudClient(account).call('listCapabilities');
  const version = isObject(capability) ? textOf(capability['cloudstackversion']) : '';
  const names = {
    zone: offers.zone,
    template: offers.template,
    'compute offering': offers.computeOffering,
    'other compute offering': offers.otherComputeOffering,
    'custom compute offering': offers.customComputeOffering,
    'disk offering': offers.diskOffering,
    'other disk offering': offers.otherDiskOffering,
    'fixed disk offering': offers.fixedDiskOffering?.name,
    'local disk offering': offers.localDiskOffering,
    network: offers.network.name,
    'second network': offers.secondNetwork?.name,
    'shared network': offers.sharedNetwork?.name,
    'network offering': offers.networkOffering,
    'second zone': offers.secondZone?.zone,
  };
  const given = Object.entries(names).filter((entry): entry is [string, string] => !!entry[1]);
  return {
    format: 1,
    target: name,
    cloudstack: version,
    hypervisor: offers.hypervisor,
    names: Object.fromEntries(given),
  };
}
