import type { ServiceOfferingRow, TemplateRow } from '../entities.js';
import type { World } from '../world.js';

/**
 * Whether a VM of this offering and template can get another size while it runs
 * (UserVmManagerImpl.checkIfDynamicScalingCanBeEnabled).
 */
export function canBeScaled(
  { settings }: World,
  { dynamicScaling }: ServiceOfferingRow,
  { isDynamicallyScalable }: TemplateRow,
): boolean {
  return dynamicScaling && isDynamicallyScalable && settings.get('enable.dynamic.scale.vm');
}
