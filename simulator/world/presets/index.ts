import type { WorldDescriptionInput } from '../world-description.js';
import { advancedKvm } from './advanced-kvm.js';

/** The worlds that come with the simulator, by name. */
export const presets: Readonly<Record<string, WorldDescriptionInput>> = {
  'advanced-kvm': advancedKvm,
};

export const DEFAULT_PRESET = 'advanced-kvm';
