import type { ServiceOffering, Zone } from '../../cloudstack/types.js';
import { BoshError } from '../../protocol/bosh-error.js';
import type { Call } from '../call/call.js';
import { customIopsText, namesOf, unambiguousName } from './offering-names.js';
import { tagsText } from './offering-tags.js';

/** CPUs, and memory in MiB. */
export interface ComputeSize {
  cpu: number;
  ramMib: number;
}

/** A compute offering that gives what is wanted; of a custom one with what to ask of it. */
export interface ChosenCompute {
  offering: ServiceOffering;
  /** How to name it in cloud_properties. */
  name: string;
  size?: ComputeSize;
}

/** For whom an offering is chosen, and of which. */
export interface ComputeChoice {
  method: string;
  zone: Zone;
  wanted: ComputeSize;
  mayBe: (offering: ServiceOffering) => boolean;
  /** The properties that say so. */
  tagProperties: string;
}

/** The least memory that CloudStack gives a VM (ServiceOfferingVO, `validateCustomParameters`). */
const leastCustomMib = 32;

/**
 * The smallest compute offering with enough CPUs and memory; a custom one only if no other fits.
 *
 * @throws BoshError of type CloudError that names the offerings of the zone and their sizes.
 */
export async function chooseComputeOffering(
  { client }: Call,
  choice: ComputeChoice,
): Promise<ChosenCompute> {
  const { zone, wanted, mayBe } = choice;
  const listed = await client.list('listServiceOfferings', { zoneid: zone.id });
  const inZone = listed.filter((offering) => hasStorage(offering, zone)).sort(bySize);
  const usable = inZone.filter((offering) => offering.iscustomizediops !== true && mayBe(offering));
  const fixed = usable.find((offering) => isLargeEnough(offering, wanted));
  if (fixed !== undefined) return { offering: fixed, name: unambiguousName(fixed, listed) };
  for (const offering of usable) {
    const size = customSize(offering, wanted);
    if (size !== undefined) return { offering, name: unambiguousName(offering, listed), size };
  }
  throw nothingFits(choice, inZone);
}

/** Whether a zone has the kind of storage that an offering wants. */
export function hasStorage({ storagetype }: { storagetype?: string }, zone: Zone): boolean {
  return storagetype !== 'local' || zone.localstorageenabled !== false;
}

function isLargeEnough(offering: ServiceOffering, { cpu, ramMib }: ComputeSize): boolean {
  const { iscustomized, cpunumber = 0, memory = 0 } = offering;
  return iscustomized !== true && cpunumber >= cpu && memory >= ramMib;
}

/**
 * What to ask of a custom offering, at least what it allows; undefined where it does not go that
 * far, or fixes CPUs or memory and leaves the rest open.
 */
function customSize(offering: ServiceOffering, wanted: ComputeSize): ComputeSize | undefined {
  const { iscustomized, cpunumber, memory } = offering;
  if (iscustomized !== true || cpunumber !== undefined || memory !== undefined) return undefined;
  const limits = offering.serviceofferingdetails ?? {};
  const cpu = Math.max(wanted.cpu, Number(limits['mincpunumber'] ?? 1));
  const ramMib = Math.max(wanted.ramMib, Number(limits['minmemory'] ?? leastCustomMib));
  const fits =
    cpu <= Number(limits['maxcpunumber'] ?? Infinity) &&
    ramMib <= Number(limits['maxmemory'] ?? Infinity);
  return fits ? { cpu, ramMib } : undefined;
}

/**
 * Small ones first. Host tags mean hosts for a purpose; local storage ties a VM to one host, so of
 * equals the shared one comes first.
 */
function bySize(a: ServiceOffering, b: ServiceOffering): number {
  return (
    Number(isTagged(a)) - Number(isTagged(b)) ||
    (a.memory ?? 0) - (b.memory ?? 0) ||
    (a.cpunumber ?? 0) - (b.cpunumber ?? 0) ||
    Number(a.storagetype === 'local') - Number(b.storagetype === 'local') ||
    (a.cpuspeed ?? 0) - (b.cpuspeed ?? 0) ||
    a.name.localeCompare(b.name, 'en')
  );
}

function isTagged({ hosttags = '' }: ServiceOffering): boolean {
  return hosttags !== '';
}

function nothingFits(
  { method, zone, wanted: { cpu, ramMib }, mayBe, tagProperties }: ComputeChoice,
  inZone: readonly ServiceOffering[],
): BoshError {
  const tags = inZone.every(mayBe) ? '' : ` and the tags that are wanted (${tagProperties})`;
  return new BoshError(
    'CloudError',
    `${method}: no compute offering in zone ${zone.name} has ${cpu} CPUs and ${ramMib} MiB of ` +
      `memory${tags}; ${namesOf('compute offerings', inZone, aboutOffering)}. Ask for less, or let ` +
      'the operator of the cloud add a larger or a custom one',
  );
}

function aboutOffering(offering: ServiceOffering): string {
  const parts = [sizeText(offering), tagsText(offering)].filter((text) => text !== '');
  return `${parts.join(', ')}${customIopsText(offering)}`;
}

function sizeText({
  iscustomized,
  cpunumber,
  memory,
  serviceofferingdetails,
}: ServiceOffering): string {
  if (iscustomized !== true) return `${cpunumber ?? '?'} CPUs, ${memory ?? '?'} MiB`;
  const { maxcpunumber: cpus, maxmemory: mib } = serviceofferingdetails ?? {};
  const limits = [
    ...(cpus === undefined ? [] : [`up to ${cpus} CPUs`]),
    ...(mib === undefined ? [] : [`up to ${mib} MiB`]),
  ];
  return `custom, ${limits.length === 0 ? 'of any size' : limits.join(', ')}`;
}
