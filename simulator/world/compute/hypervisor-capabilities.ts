import type { Hypervisor } from '../entities.js';

/**
 * How many data disks a VM may have: by the version of its hypervisor, and for versions that are not
 * there (hypervisor_capabilities.max_data_volumes_limit, as the schema's scripts leave it in 4.20.2).
 */
interface DataVolumeLimits {
  readonly byDefault: number;
  readonly byVersion: Readonly<Record<string, number>>;
}

const dataVolumeLimits: Readonly<Record<Hypervisor, DataVolumeLimits>> = {
  KVM: { byDefault: 32, byVersion: {} },
  XenServer: {
    byDefault: 6,
    byVersion: {
      ...limitOf(13, ['6.0', '6.0.2', '6.1.0', '6.2.0', '6.5.0']),
      ...limitOf(13, ['7.0.0', '7.1.0', '7.2.0', '7.3.0', '7.4.0', 'XCP-ng 7.4.0', '7.5.0']),
      ...limitOf(253, ['7.1.1', '7.1.2', '7.6.0', '8.0.0', '8.1.0', '8.2.0', '8.2.1']),
      ...limitOf(254, ['8.3.0']),
      ...limitOf(240, ['8.4.0']),
    },
  },
  VMware: {
    byDefault: 13,
    byVersion: {
      ...limitOf(59, ['6.0', '6.5', '6.7', '6.7.1', '6.7.2', '6.7.3']),
      ...limitOf(59, ['7.0', '7.0.1.0', '7.0.2.0', '7.0.3.0']),
      ...limitOf(59, ['8.0', '8.0.0.1', '8.0.0.2', '8.0.0.3', '8.0.1', '8.0.2', '8.0.3']),
    },
  },
};

/** What the hosts of each hypervisor report unless the world says otherwise; those of KVM report none. */
export const usualVersions: Readonly<Record<Hypervisor, string | null>> = {
  KVM: null,
  XenServer: '8.2.0',
  VMware: '8.0',
};

/**
 * How many data disks a VM may have on a hypervisor of a version, null for one that is not known; of
 * VMware's versions the first three numbers count (HypervisorCapabilitiesDaoImpl).
 */
export function maxDataVolumesOn(hypervisor: Hypervisor, version: string | null): number {
  const { byDefault, byVersion } = dataVolumeLimits[hypervisor];
  const known = [version ?? '', hypervisor === 'VMware' ? parentVersion(version) : '']
    .map((name) => byVersion[name])
    .find((limit) => limit !== undefined);
  return known ?? byDefault;
}

/** `8.0.1` of `8.0.1.4`, and `8.0` of `8.0.0.4` (CloudStackVersion.getVMwareParentVersion). */
function parentVersion(version: string | null): string {
  const [major = '', minor = '', patch = '0'] = (version ?? '').split('.');
  return Number(patch) === 0 ? `${major}.${minor}` : `${major}.${minor}.${patch}`;
}

function limitOf(limit: number, versions: readonly string[]): Record<string, number> {
  return Object.fromEntries(versions.map((version) => [version, limit]));
}
