import { findDiskOffering } from '../../cloudstack/find-catalog.js';
import type { DiskOffering, Zone } from '../../cloudstack/types.js';
import { BoshError } from '../../protocol/bosh-error.js';
import type { Call } from '../call/call.js';
import { byPreference } from '../disk/choose-disk-offering.js';
import { gibOfMib } from '../shared/disk-size.js';
import { hasStorage } from './choose-compute-offering.js';
import { customIopsText, namesOf, unambiguousName } from './offering-names.js';
import { diskMayBeCalculated } from './offering-tags.js';

/** The cloud_properties with which create_vm makes an ephemeral disk. */
interface EphemeralDiskProperties {
  disk: number;
  ephemeral_disk_offering?: string;
}

/**
 * An ephemeral disk of at least the wanted size: of the configured offering if that gives it, else
 * of a custom one, else of the smallest one that is large enough. Those that want IOPS named are
 * not chosen; if the configured one does, that is its operator's choice.
 *
 * @throws BoshError of type CloudError that names the disk offerings of the zone and their sizes.
 */
export async function chooseEphemeralDisk(
  { client, configuration }: Call,
  zone: Zone,
  sizeMib: number,
): Promise<EphemeralDiskProperties> {
  if (sizeMib === 0) return { disk: 0 };
  const { calculate } = configuration.cloudstack;
  const { customdiskofferingmaxsize: customMaxGib } = await client.call('listCapabilities');
  const gives = (offering: DiskOffering): boolean =>
    givenGib(offering, customMaxGib) >= gibOfMib(sizeMib);
  const configured = configuration.cloudstack.default_ephemeral_disk_offering;
  if (configured !== undefined && gives(await findDiskOffering(client, configured, zone.id))) {
    return { disk: sizeMib };
  }
  const listed = await client.list('listDiskOfferings', { zoneid: zone.id });
  const inZone = listed.filter((offering) => hasStorage(offering, zone));
  const mayBe = (offering: DiskOffering): boolean => diskMayBeCalculated(offering, calculate);
  const usable = inZone.filter((offering) => offering.iscustomizediops !== true && mayBe(offering));
  const [chosen] = usable.filter(gives).sort(byPreference);
  if (chosen === undefined) throw nothingFits({ zone, sizeMib, mayBe }, inZone, customMaxGib);
  return { disk: sizeMib, ephemeral_disk_offering: unambiguousName(chosen, listed) };
}

/** The largest disk that an offering gives, in GiB. */
function givenGib({ iscustomized, disksize = 0 }: DiskOffering, customMaxGib = Infinity): number {
  return iscustomized === true ? customMaxGib : disksize;
}

function nothingFits(
  {
    zone,
    sizeMib,
    mayBe,
  }: { zone: Zone; sizeMib: number; mayBe: (offering: DiskOffering) => boolean },
  inZone: readonly DiskOffering[],
  customMaxGib: number | undefined,
): BoshError {
  const size = ({ iscustomized, disksize = 0 }: DiskOffering): string =>
    iscustomized === true ? `custom, up to ${customMaxGib ?? '?'} GiB` : `${disksize} GiB`;
  const about = (offering: DiskOffering): string => `${size(offering)}${customIopsText(offering)}`;
  const tags = inZone.every(mayBe)
    ? ''
    : ' and has the tags that are wanted (cloudstack.calculate.disk_tags, not_disk_tags)';
  return new BoshError(
    'CloudError',
    `calculate_vm_cloud_properties: no disk offering in zone ${zone.name} gives an ephemeral disk ` +
      `of ${sizeMib} MiB${tags}; ${namesOf('disk offerings', inZone, about)}. Ask for less, or let the ` +
      'operator of the cloud add a larger or a custom one',
  );
}
