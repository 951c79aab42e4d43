// What keeps an answer small: every list of the CPI has a filter.
import type { SentRequest } from './requests.js';

/** By any of these a list holds only what belongs to one thing or has one name. */
const filters = [
  'id',
  'name',
  'key',
  'keyword',
  'description',
  'ipaddress',
  'virtualmachineid',
  'affinitygroupid',
  'associatednetworkid',
  'networkid',
  'resourceid',
  'tags[0].key',
] as const;

/** Who chooses among all of a zone has to see them: they are few, and pages bound them. */
const choices: ReadonlySet<string> = new Set([
  'listServiceOfferings zoneid',
  'listDiskOfferings zoneid',
  'listNetworks zoneid',
]);

/** Few things of this kind have tags, and none many. */
const fewTagged = 'Network';

/** The filter of a list; of what is no list, that. Undefined if the list has none. */
export function filterOf({ command, parameters }: SentRequest): string | undefined {
  if (!command.startsWith('list') || command === 'listCapabilities') return 'no list';
  const filter = filters.find((name) => name in parameters);
  if (filter !== undefined) return filter;
  if (command === 'listTags' && parameters['resourcetype'] === fewTagged) return 'resourcetype';
  return choices.has(`${command} zoneid`) && 'zoneid' in parameters ? 'zoneid' : undefined;
}
