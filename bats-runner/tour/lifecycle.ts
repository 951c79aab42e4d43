import { createEnvPhases } from './create-env.js';
import { deploymentPhases } from './deployment.js';
import type { Phase } from './progress.js';
import { Steps, type TourTools } from './steps.js';

/**
 * The life of a Director's VM as the CLI leads it, and between its creation and its end that of a
 * deployment as the Director leads it; call by call, with a look at the cloud after each command.
 */
export function lifecycle(tools: TourTools): Phase[] {
  const steps = new Steps(tools);
  const { create, recreate, remove } = createEnvPhases(steps);
  return [create, recreate, ...deploymentPhases(steps), remove];
}
