// Everything that reads what others write, beside the simulator's API, by the name on the command
// line.
import { cpiConfiguration, cpiProcess, cpiStdin } from './cpi-subjects.js';
import {
  faultPlans,
  registryConfiguration,
  savedWorlds,
  stemcellServerConfiguration,
  worldFiles,
} from './file-subjects.js';
import { registryRequests } from '../servers/registry-requests.js';
import { stemcellServerRequests } from '../servers/stemcell-server-requests.js';
import type { OpenSubject } from './subject.js';

export const subjects: Readonly<Record<string, OpenSubject>> = {
  'cpi-stdin': cpiStdin,
  'cpi-process': cpiProcess,
  'cpi.json': cpiConfiguration,
  'registry.json': registryConfiguration,
  'stemcell-server.json': stemcellServerConfiguration,
  world: worldFiles,
  snapshot: savedWorlds(false),
  'edited-snapshot': savedWorlds(true),
  'fault-plan': faultPlans,
  'registry-requests': () => registryRequests(),
  'stemcell-server-requests': stemcellServerRequests,
};
