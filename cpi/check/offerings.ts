import { findDiskOffering } from '../cloudstack/find-catalog.js';
import { isCloudStackError } from '../cloudstack/errors.js';
import type { DiskOffering, ServiceOffering, Zone } from '../cloudstack/types.js';
import type { Call } from '../methods/call/call.js';
import { mayBeCalculated, tagsText } from '../methods/vm/offering-tags.js';
import { failed, ok, type Finding } from './finding.js';
import type { ZoneInspection } from './inspection.js';

/** Whether VMs and disks can be made from something. */
export async function checkOfferings(inspection: ZoneInspection): Promise<Finding[]> {
  const { default_disk_offering: disks, default_ephemeral_disk_offering: ephemeral } =
    inspection.call.configuration.cloudstack;
  return [
    ...(await computeOfferings(inspection)),
    await diskOffering(inspection, 'default_disk_offering', disks, 'disk_offering'),
    await diskOffering(
      inspection,
      'default_ephemeral_disk_offering',
      ephemeral,
      'ephemeral_disk_offering',
    ),
  ];
}

const namesShown = 8;

async function computeOfferings({ call, zone }: ZoneInspection): Promise<Finding[]> {
  const offerings = await call.client.list('listServiceOfferings', { zoneid: zone.id });
  const names = offerings.map((offering) => `${offering.name}${tagsOf(offering)}`).sort();
  if (names.length === 0) {
    const advice = 'have the operator of the cloud make one that the account may use';
    return [failed('compute', `the account sees no compute offering in ${zone.name}`, advice)];
  }
  const more = names.length > namesShown ? ` and ${names.length - namesShown} more` : '';
  const text = `compute_offering can be ${names.slice(0, namesShown).join(', ')}${more}`;
  return [ok('compute', text), ...calculated(call, offerings)];
}

/** Whether the tags that calculate_vm_cloud_properties is to go by leave it an offering. */
function calculated({ configuration }: Call, offerings: readonly ServiceOffering[]): Finding[] {
  const { calculate } = configuration.cloudstack;
  if (offerings.some((offering) => mayBeCalculated(offering, calculate))) return [];
  const text =
    'no compute offering has the tags of cloudstack.calculate, so that ' +
    'calculate_vm_cloud_properties fails (instance groups with vm_resources)';
  const advice = 'correct compute_tags and not_compute_tags of cloudstack.calculate';
  return [failed('calculate', text, advice)];
}

/** VMs get hosts and storage by the tags of their offering alone. */
function tagsOf(offering: ServiceOffering): string {
  const text = tagsText(offering);
  return text === '' ? '' : ` (${text})`;
}

async function diskOffering(
  { call, zone }: ZoneInspection,
  property: string,
  named: string | undefined,
  cloudProperty: string,
): Promise<Finding> {
  if (named === undefined) {
    return ok(property, `is not set: cloud_properties have to name their ${cloudProperty}`);
  }
  try {
    return judge(property, await findDiskOffering(call.client, named, zone.id), zone);
  } catch (failure) {
    if (!isCloudStackError(failure, 'not-found', 'invalid')) throw failure;
    const advice = `set cloudstack.${property} to one of them, by name or id`;
    return failed(property, failure.text, advice);
  }
}

function judge(property: string, offering: DiskOffering, zone: Zone): Finding {
  const { name, iscustomized, disksize = 0, storagetype = 'shared', iscustomizediops } = offering;
  const size = iscustomized === true ? 'of any size' : `of ${disksize} GiB each`;
  const text = `${name} gives disks ${size} on ${storagetype} storage`;
  if (iscustomizediops === true) {
    const advice = 'take an offering that fixes the IOPS or does not limit them';
    return failed(property, `${text}, and wants IOPS named, which the CPI does not`, advice);
  }
  if (storagetype === 'local' && zone.localstorageenabled !== true) {
    const advice =
      'have local storage turned on in the zone, or take an offering of shared storage';
    return failed(property, `${text}, which ${zone.name} does not have`, advice);
  }
  return ok(property, text);
}
