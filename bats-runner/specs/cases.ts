import type { ContractCase } from '../contract/contract-case.js';
import { configurationCases } from './envelope/configuration.js';
import { credentialCases } from './envelope/credentials.js';
import { cloudCheckFlows } from './flow/cloud-check.js';
import { createEnvFlows } from './flow/create-env.js';
import { deploymentFlows } from './flow/deployments.js';
import { diskFlows } from './flow/disks.js';
import { failureFlows } from './flow/failures.js';
import { snapshotFlows } from './flow/snapshots.js';
import { surroundingsFlows } from './flow/surroundings.js';
import { attachmentCases } from './disk/attachment.js';
import { diskChangeCases } from './disk/change.js';
import { diskCases } from './disk/disks.js';
import { envelopeCases } from './envelope/envelope.js';
import { logCases } from './envelope/log.js';
import { processCases } from './envelope/process.js';
import { weatherCases } from './envelope/weather.js';
import { answerCases } from './errors/answers.js';
import { failedCreateCases } from './errors/failed-create.js';
import { repeatedCallCases } from './errors/repeated-calls.js';
import { callersMetadataCases } from './metadata/callers-metadata.js';
import { vmMetadataCases } from './metadata/vm-metadata.js';
import { addressCases } from './network/addresses.js';
import { networkCases } from './network/networks.js';
import { sharedAddressCases } from './network/shared-addresses.js';
import { severalNetworksCases } from './network/several-networks.js';
import { snapshotCases } from './snapshot/snapshots.js';
import { lightCases } from './stemcell/light.js';
import { madeElsewhereCases } from './stemcell/made-elsewhere.js';
import { otherZoneCases } from './stemcell/other-zone.js';
import { uploadCases } from './stemcell/upload.js';
import { expungeCases } from './vm/expunge.js';
import { vmFailureCases } from './vm/failures.js';
import { keyPairCases } from './vm/key-pair.js';
import { vmLifeCases } from './vm/life.js';
import { loadBalancerCases } from './vm/load-balancers.js';
import { vmPlacementCases } from './vm/placement.js';
import { vmSettingsCases } from './vm/settings.js';
import { vmSizeCases } from './vm/sizes.js';
import { shapeCases } from './versions/shapes.js';
import { stemcellVersionCases } from './versions/stemcell-versions.js';

/** Kinds of cases, in the order of the list. */
const kinds = ['ENV', 'STM', 'VM', 'NET', 'NIC', 'DSK', 'SNP', 'MET', 'ERR', 'VER', 'FLOW'];

/** All cases, in the order of their ids. */
export const contractCases: readonly ContractCase[] = [
  ...configurationCases,
  ...credentialCases,
  ...envelopeCases,
  ...logCases,
  ...processCases,
  ...weatherCases,
  ...lightCases,
  ...madeElsewhereCases,
  ...otherZoneCases,
  ...uploadCases,
  ...vmFailureCases,
  ...keyPairCases,
  ...expungeCases,
  ...vmLifeCases,
  ...loadBalancerCases,
  ...vmPlacementCases,
  ...vmSettingsCases,
  ...vmSizeCases,
  ...networkCases,
  ...addressCases,
  ...severalNetworksCases,
  ...sharedAddressCases,
  ...diskCases,
  ...attachmentCases,
  ...diskChangeCases,
  ...snapshotCases,
  ...callersMetadataCases,
  ...vmMetadataCases,
  ...answerCases,
  ...failedCreateCases,
  ...repeatedCallCases,
  ...shapeCases,
  ...stemcellVersionCases,
  ...deploymentFlows,
  ...diskFlows,
  ...cloudCheckFlows,
  ...snapshotFlows,
  ...failureFlows,
  ...createEnvFlows,
  ...surroundingsFlows,
].sort((a, b) => kindOf(a) - kindOf(b) || a.id.localeCompare(b.id));

function kindOf({ id }: ContractCase): number {
  return kinds.indexOf(id.split('-')[0] ?? '');
}
