import { assertMayUseDomain, mayActFor } from '../../declare/access.js';
import { isAdmin } from '../../declare/caller.js';
import type { CommandContext } from '../../declare/context.js';
import { contains, hasAnyTag, sameName } from '../../declare/list-parameters.js';
import type { KeyValue } from '../../declare/parameter.js';
import { permittedAccounts } from '../../declare/permitted-accounts.js';
import type { OwnershipArguments } from '../../declare/visibility.js';
import { invalidParameter, serverApiError } from '../../world/cloud-exception.js';
import { isHypervisorType } from '../../world/compute/hypervisor-types.js';
import { hasTemplate } from '../../world/storage/pool-space.js';
import type { StoragePoolRow, TemplateRow, ZoneRow } from '../../world/entities.js';
import { templateItem } from '../../world/jobs.js';
import { assertIdOrIds, inOrder } from '../../world/rows-asked-for.js';
import { isReady, mayUseTemplate, type ListedTemplate } from '../../world/storage/templates.js';
import type { World } from '../../world/world.js';
import { readArchitecture } from '../host/architecture.js';
import { mayNotUse } from './template-access.js';
import { templateVisibility, type TemplateFilter } from './template-visibility.js';

const filters: readonly TemplateFilter[] = [
  'featured',
  'self',
  'selfexecutable',
  'shared',
  'sharedexecutable',
  'executable',
  'community',
  'all',
];

/** What lists of templates and of ISOs can be asked for. */
export interface TemplateSearch extends Omit<OwnershipArguments, 'listall'> {
  readonly id?: TemplateRow | undefined;
  readonly ids?: readonly TemplateRow[] | undefined;
  readonly name?: string | undefined;
  readonly keyword?: string | undefined;
  readonly hypervisor?: string | undefined;
  readonly zoneid?: ZoneRow | undefined;
  readonly storageid?: StoragePoolRow | undefined;
  /** The zone whose image store has them. */
  readonly imagestoreid?: ZoneRow | undefined;
  readonly arch?: string | undefined;
  readonly tags?: readonly KeyValue[] | undefined;
  readonly showremoved?: boolean | undefined;
  readonly showunique?: boolean | undefined;
  /** Only what VMs can be made from, where the filter alone would list more. */
  readonly isready?: boolean | undefined;
}

/**
 * The templates, or the ISOs, that a list shows: once for each zone
 * (QueryManagerImpl.searchForTemplatesInternal, templateChecks).
 */
export function searchTemplates(
  context: CommandContext,
  kind: 'template' | 'iso',
  filterName: string,
  search: TemplateSearch,
): readonly ListedTemplate[] {
  const { world } = context;
  const filter = readFilter(filterName);
  if (filter === 'all' && !isAdmin(context.caller)) {
    throw invalidParameter('Filter all can be specified by admin only');
  }
  assertIdOrIds(search);
  const { id, imagestoreid: store } = search;
  const permitted = permittedAccounts(context, search, {
    byId: id !== undefined,
    listsAll: filter === 'all',
  });
  const arch = readArchitecture(search.arch);
  if (id !== undefined) {
    assertIsOfKind(id, kind);
    assertMaySee(context, id);
    world.kernel.poll(templateItem(id.id));
  }
  const isVisible =
    id === undefined ? templateVisibility(context, filter, search, permitted) : () => true;
  const chosen = candidates(world, search)
    .filter((template) => (template.format === 'ISO') === (kind === 'iso'))
    .filter((template) => isVisible(template) && isOfCloud(world, template))
    .filter((template) => isChosen(world, template, search))
    .filter((template) => arch === undefined || template.arch === arch);
  const onlyReady = listsOnlyReady(context, filter, search);
  const listed = inOrderOfLists(world, chosen)
    .filter(({ inZone }) => search.zoneid === undefined || inZone?.zoneId === search.zoneid.id)
    .filter(({ inZone }) => store === undefined || inZone?.zoneId === store.id)
    .filter(({ inZone }) => !onlyReady || isReady(inZone));
  return search.showunique === true ? firstOfEach(listed) : listed;
}

/** An unknown filter fails in Java's Enum.valueOf, whose text reaches the caller. */
function readFilter(value: string): TemplateFilter {
  const filter = filters.find((candidate) => candidate === value);
  if (filter !== undefined) return filter;
  throw serverApiError(
    431,
    `No enum constant com.cloud.template.VirtualMachineTemplate.TemplateFilter.${value}`,
  );
}

function assertIsOfKind({ id, format }: TemplateRow, kind: 'template' | 'iso'): void {
  if ((format === 'ISO') === (kind === 'iso')) return;
  throw invalidParameter(
    kind === 'iso'
      ? 'Specified Template Id is not an ISO'
      : `Incorrect format ${format} of the specified template id`,
    [{ uuid: id, description: 'templateId' }],
  );
}

/** Asked for by its id, a private template of somebody else is refused, not left out. */
function assertMaySee(context: CommandContext, template: TemplateRow): void {
  const { world, caller } = context;
  const owner = world.accounts.require(template.accountId);
  if (template.isPublic) return;
  if (caller.role === 'DomainAdmin') {
    assertMayUseDomain(context, owner.domainId);
    return;
  }
  if (mayUseTemplate(world, template, caller.account.id)) return;
  if (!mayActFor(world, caller, owner)) throw mayNotUse(caller.account, template);
}

function candidates(world: World, { id, ids = [], showremoved }: TemplateSearch): TemplateRow[] {
  const asked = id === undefined ? ids : [id];
  if (showremoved !== true) return asked.length > 0 ? inOrder(asked) : world.templates.all();
  return asked.length > 0 ? [...new Set(asked)] : [...world.templates.everyRow()];
}

/** Templates for hypervisors that the cloud does not have are not shown. */
function isOfCloud(world: World, { hypervisor }: TemplateRow): boolean {
  return (
    hypervisor === 'None' ||
    world.clusters.all().some((cluster) => cluster.hypervisor === hypervisor)
  );
}

function isChosen(
  world: World,
  template: TemplateRow,
  { name, keyword, hypervisor, tags, storageid: pool }: TemplateSearch,
): boolean {
  return (
    (name === undefined || sameName(template.name, name)) &&
    (keyword === undefined ||
      contains(template.name, keyword) ||
      contains(template.displayText, keyword)) &&
    // A hypervisor that there is not counts as none.
    (hypervisor === undefined ||
      !isHypervisorType(hypervisor) ||
      sameName(template.hypervisor, hypervisor)) &&
    (pool === undefined || hasTemplate(world, pool, template.id)) &&
    hasAnyTag(world, template.id, tags)
  );
}

/** By the number that users sort them by; among equals CloudStack compares ids as texts. */
function inOrderOfLists(world: World, templates: readonly TemplateRow[]): ListedTemplate[] {
  const textOf = ({ template, inZone }: ListedTemplate): string =>
    `${template.internalId}_${inZone === null ? 0 : world.zones.require(inZone.zoneId).internalId}`;
  return templates
    .flatMap((template): ListedTemplate[] => {
      const zones = world.templateZones.where('templateId', template.id);
      if (zones.length === 0) return [{ template, inZone: null }];
      return zones.map((inZone) => ({ template, inZone }));
    })
    .map((row) => ({ row, text: textOf(row) }))
    .sort(
      (a, b) =>
        a.row.template.sortKey - b.row.template.sortKey ||
        (a.text < b.text ? -1 : a.text > b.text ? 1 : 0),
    )
    .map(({ row }) => row);
}

/** Some filters show only what VMs can be made from (ListTemplatesCmd.listInReadyState). */
function listsOnlyReady(
  { caller }: CommandContext,
  filter: TemplateFilter,
  { account, domainid, isready }: TemplateSearch,
): boolean {
  const isOfAccount = isAdmin(caller) && account !== undefined && domainid !== undefined;
  const always: readonly TemplateFilter[] = [
    'featured',
    'selfexecutable',
    'sharedexecutable',
    'community',
  ];
  return (filter === 'executable' && isOfAccount) || always.includes(filter) || isready === true;
}

function firstOfEach(listed: readonly ListedTemplate[]): ListedTemplate[] {
  return listed.filter(
    ({ template }, index) => listed.findIndex((row) => row.template.id === template.id) === index,
  );
}
