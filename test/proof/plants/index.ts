// All bugs that are planted, one at a time.
import { plantsInCloud } from './in-cloud.js';
import { plantsInMethods } from './in-methods.js';
import { plantsInRequests } from './in-requests.js';
import type { Plant } from './plant.js';

export const plants: readonly Plant[] = [...plantsInMethods, ...plantsInRequests, ...plantsInCloud];
