import { BoshError } from '../../protocol/bosh-error.js';
import type { JsonObject } from '../../protocol/json-value.js';
import type { TemplateFormat } from '../../stemcells/image.js';

/** CloudStack's names of hypervisors by those that stemcells have for them. */
const hypervisorByName: ReadonlyMap<string, string> = new Map([
  ['kvm', 'KVM'],
  ['xen', 'XenServer'],
  ['xenserver', 'XenServer'],
  ['vmware', 'VMware'],
  ['esxi', 'VMware'],
]);

/** The hypervisor of disks in a format, where the stemcell names none. */
export const hypervisorByFormat: Readonly<Record<TemplateFormat, string>> = {
  QCOW2: 'KVM',
  RAW: 'KVM',
  VHD: 'XenServer',
  OVA: 'VMware',
};

/**
 * The hypervisor that a stemcell names in its cloud_properties; undefined if it names none.
 *
 * @throws BoshError of type CpiError for one that CloudStack does not have.
 */
export function hypervisorOf({ hypervisor = null }: JsonObject): string | undefined {
  if (hypervisor === null || hypervisor === '') return undefined;
  const name = typeof hypervisor === 'string' ? hypervisor.toLowerCase() : '';
  const known = hypervisorByName.get(name);
  if (known !== undefined) return known;
  throw new BoshError(
    'CpiError',
    'create_stemcell: hypervisor in the cloud_properties of the stemcell is ' +
      `${JSON.stringify(hypervisor)}, which the CPI does not know; it knows ` +
      [...hypervisorByName.keys()].join(', '),
  );
}
