import { isAdmin } from '../../declare/caller.js';
import { mayActFor } from '../../declare/access.js';
import { everyRole, listOf, syncCommand } from '../../declare/command.js';
import type { CommandContext } from '../../declare/context.js';
import {
  contains,
  hasAnyTag,
  ownershipParameters,
  sameName,
  tagFilterParameters,
} from '../../declare/list-parameters.js';
import { entity, entityList, text } from '../../declare/parameter.js';
import { ownerFilter } from '../../declare/visibility.js';
import { invalidParameter, serverApiError } from '../../world/cloud-exception.js';
import type { TemplateRow } from '../../world/entities.js';
import { templateItem } from '../../world/jobs.js';
import { assertIdOrIds, rowsAskedFor } from '../../world/rows-asked-for.js';
import {
  mayUseTemplate,
  permissionOf,
  type TemplateInZone,
} from '../../world/storage/templates.js';
import { mayNotUse } from './template-access.js';
import { templateResponse } from './template-response.js';

const filters = [
  'featured',
  'self',
  'selfexecutable',
  'shared',
  'sharedexecutable',
  'executable',
  'community',
  'all',
] as const;
type Filter = (typeof filters)[number];

/** Lists templates, once per zone (QueryManagerImpl.searchForTemplatesInternal, templateChecks). */
export const listTemplates = syncCommand({
  name: 'listTemplates',
  summary: 'Lists templates; the filter says whose and which.',
  roles: everyRole,
  parameters: {
    templatefilter: text({ required: true }),
    id: entity('template'),
    ids: entityList('template', { since: '4.9' }),
    name: text(),
    hypervisor: text(),
    zoneid: entity('zone'),
    ...ownershipParameters,
    ...tagFilterParameters,
  },
  response: listOf(templateResponse),
  run: (context, args) => {
    const { world } = context;
    const { id, name, hypervisor, zoneid: zone, keyword, tags } = args;
    const filter = readFilter(args.templatefilter);
    if (filter === 'all' && !isAdmin(context.caller)) {
      throw invalidParameter('Filter all can be specified by admin only');
    }
    assertIdOrIds(args);
    if (id !== undefined) {
      assertMaySee(context, id);
      world.kernel.poll(templateItem(id.id));
    }
    const isVisible = id === undefined ? visibility(context, filter, args) : () => true;
    const onlyReady = listsOnlyReady(context, filter, args.account !== undefined);
    const hypervisors = new Set(world.clusters.all().map((cluster) => cluster.hypervisor));
    return rowsAskedFor(world.templates, args)
      .filter((template) => isVisible(template) && hypervisors.has(template.hypervisor))
      .filter((template) => hypervisor === undefined || sameName(template.hypervisor, hypervisor))
      .filter((template) => name === undefined || sameName(template.name, name))
      .filter((template) => keyword === undefined || hasKeyword(template, keyword))
      .filter((template) => hasAnyTag(world, template.id, tags))
      .flatMap((template): TemplateInZone[] =>
        world.templateZones
          .where('templateId', template.id)
          .map((inZone) => ({ template, inZone })),
      )
      .filter(({ inZone }) => zone === undefined || inZone.zoneId === zone.id)
      .filter(({ inZone }) => !onlyReady || inZone.ready);
  },
});

/** An unknown filter fails in Java's Enum.valueOf, whose text reaches the caller. */
function readFilter(value: string): Filter {
  const filter = filters.find((candidate) => candidate === value);
  if (filter !== undefined) return filter;
  throw serverApiError(
    431,
    `No enum constant com.cloud.template.VirtualMachineTemplate.TemplateFilter.${value}`,
  );
}

/** Asked for by its id, a private template of somebody else is refused, not left out. */
function assertMaySee(context: CommandContext, template: TemplateRow): void {
  const { world, caller } = context;
  if (template.removedMs !== null || mayUseTemplate(world, template, caller.account.id)) return;
  if (mayActFor(world, caller, world.accounts.require(template.accountId))) return;
  throw mayNotUse(caller.account, template);
}

function visibility(
  context: CommandContext,
  filter: Filter,
  args: Omit<Parameters<typeof ownerFilter>[1], 'listall'>,
): (template: TemplateRow) => boolean {
  // Which accounts count depends on the filter alone: listall has no say here.
  const { account, domainid, isrecursive, projectid } = args;
  const listall = filter === 'all';
  const isOwn = ownerFilter(context, { account, domainid, isrecursive, projectid, listall }, false);
  switch (filter) {
    case 'featured':
      return (template) => template.isPublic && template.isFeatured;
    case 'community':
      return (template) => template.isPublic && !template.isFeatured;
    case 'executable':
      return (template) => template.isPublic || isOwn(template.accountId);
    case 'self':
    case 'selfexecutable':
    case 'all':
      return (template) => isOwn(template.accountId);
    case 'shared':
    case 'sharedexecutable':
      return (template) =>
        permissionOf(context.world, template, context.caller.account.id) !== undefined;
  }
}

/** Some filters show only what VMs can be made from (ListTemplatesCmd.listInReadyState). */
function listsOnlyReady({ caller }: CommandContext, filter: Filter, byAccount: boolean): boolean {
  if (filter === 'executable') return isAdmin(caller) && byAccount;
  return ['featured', 'selfexecutable', 'sharedexecutable', 'community'].includes(filter);
}

function hasKeyword(template: TemplateRow, keyword: string): boolean {
  return contains(template.name, keyword) || contains(template.displayText, keyword);
}
