import type { Hypervisor } from '../entities.js';
import type { WorldDescriptionInput } from '../description/world-description.js';
import { advancedKvm } from './advanced-kvm.js';

type Template = NonNullable<WorldDescriptionInput['templates']>[number];

/** The default world with hosts of another kind, and the template that they can run. */
export function onHypervisor(
  hypervisor: Hypervisor,
  template: Pick<Template, 'format' | 'osType'>,
): WorldDescriptionInput {
  return {
    ...advancedKvm,
    zones: advancedKvm.zones.map((zone) => ({
      ...zone,
      pods: zone.pods.map((pod) => ({
        ...pod,
        clusters: pod.clusters.map((cluster) => ({ ...cluster, hypervisor })),
      })),
    })),
    templates: (advancedKvm.templates ?? []).map((plain) => ({
      ...plain,
      ...template,
      hypervisor,
    })),
  };
}
