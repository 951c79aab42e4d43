import type { WorldDescriptionInput } from '../world-description.js';
import { advancedKvm } from './advanced-kvm.js';
import { large } from './large.js';

/** The worlds that come with the simulator, by name. */
export const presets: Readonly<Record<string, WorldDescriptionInput>> = {
  'advanced-kvm': advancedKvm,
  large,
};

export const DEFAULT_PRESET = 'advanced-kvm';
