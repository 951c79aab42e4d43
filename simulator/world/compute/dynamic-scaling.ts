import type { ServiceOfferingRow, TemplateRow, VmRow } from '../entities.js';
import { settingIn } from '../settings/configurations.js';
import type { World } from '../world.js';

/**
 * Whether a VM of this zone, offering and template can get another size while it runs
 * (UserVmManagerImpl.checkIfDynamicScalingCanBeEnabled).
 */
export function canBeScaled(
  world: World,
  where: Pick<VmRow, 'zoneId'>,
  { dynamicScaling }: ServiceOfferingRow,
  { isDynamicallyScalable }: TemplateRow,
): boolean {
  return dynamicScaling && isDynamicallyScalable && isScalingEnabled(world, where);
}

/** Whether running VMs of a zone can get another size at all. */
export function isScalingEnabled(world: World, { zoneId }: Pick<VmRow, 'zoneId'>): boolean {
  return settingIn(world, 'enable.dynamic.scale.vm', { scope: 'Zone', id: zoneId });
}
