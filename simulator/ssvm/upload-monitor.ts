import type { JsonObject } from '../kernel/json.js';
import type { World } from '../world/world.js';

/** The tasks of this file, by kind. */
export const uploadTasks: Readonly<Record<string, (world: World, args: JsonObject) => void>> = {};
