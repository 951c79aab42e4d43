import type { JsonObject } from '../../kernel/json.js';
import type { StoragePoolRow, TemplateRow } from '../entities.js';
import type { World } from '../world.js';
import { hasTemplate } from './pool-space.js';
import { isReady, templateZone } from './templates.js';

const PRELOAD_TASK = 'template.preload';

/** The tasks of this file, by kind. */
export const preloadTasks: Readonly<Record<string, (world: World, args: JsonObject) => void>> = {
  [PRELOAD_TASK]: (world, { templateId, poolId }) => {
    if (typeof templateId !== 'string' || typeof poolId !== 'string') {
      throw new Error('a preload task names no template or no pool');
    }
    const template = world.templates.require(templateId);
    const pool = world.storagePools.require(poolId);
    if (isUsable(world, template, pool)) {
      world.preparedTemplates.insert({ templateId: template.id, poolId: pool.id });
    }
  },
};

/**
 * Has a template copied to a pool in the background, if it is ready in its zone and the pool has not
 * got it yet (TemplateManagerImpl.prepareTemplateInOneStoragePool).
 */
export function preload(world: World, template: TemplateRow, pool: StoragePoolRow): void {
  if (!isUsable(world, template, pool)) return;
  world.kernel.schedule({
    kind: PRELOAD_TASK,
    args: { templateId: template.id, poolId: pool.id },
    afterMs: world.settings.get('duration.template.copy'),
    item: `preload:${template.id}`,
  });
}

function isUsable(world: World, template: TemplateRow, pool: StoragePoolRow): boolean {
  return (
    template.removedMs === null &&
    pool.removedMs === null &&
    pool.state === 'Up' &&
    isReady(templateZone(world, template.id, pool.zoneId)) &&
    !hasTemplate(world, pool, template.id)
  );
}
