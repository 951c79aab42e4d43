import {
  booleanField,
  integerField,
  listField,
  longField,
  mapField,
  mapListField,
  responseObject,
  stringField,
  type View,
} from '../../declare/response.js';
import { isRootAdmin } from '../../declare/caller.js';
import type { JsonObject } from '../../kernel/json.js';
import { tagsOf } from '../../world/tags.js';
import { imageStoreOf } from '../../world/storage/stored-images.js';
import { bareChecksum } from '../../world/storage/template-checksum.js';
import { templateStatus, type ListedTemplate } from '../../world/storage/templates.js';
import { imageStoreId } from '../image-store/image-stores.js';
import { tagResponse } from '../tag/tag-response.js';
import { firstImageFields, imageOwner as owner, knownBytes, placeFields } from './image-fields.js';

/** What a response shows: a list that was asked for less leaves out the details. */
export interface ShownTemplate extends ListedTemplate {
  readonly withDetails?: boolean;
}

/**
 * TemplateResponse (TemplateJoinDaoImpl.newTemplateResponse). How its download or upload goes only
 * its owner and root admins see; whether it is ready, everybody.
 */
export const templateResponse = responseObject<ShownTemplate>('template', {
  ...firstImageFields,
  ...placeFields,
  status: stringField((row, view) => (seesStatus(row, view) ? templateStatus(row) : undefined)),
  url: stringField((row, view) => (seesStatus(row, view) ? row.template.url : undefined)),
  size: longField(({ inZone }) => knownBytes(inZone?.sizeBytes)),
  physicalsize: longField(({ inZone }) => knownBytes(inZone?.physicalSizeBytes)),
  templatetype: stringField(({ template }) => template.type),
  hypervisor: stringField(({ template }) => template.hypervisor),
  domain: owner.domain,
  domainpath: owner.domainpath,
  domainid: owner.domainid,
  sourcetemplateid: stringField(({ template }) => template.sourceTemplateId),
  isextractable: booleanField(
    ({ template }) => template.isExtractable && template.type !== 'SYSTEM',
  ),
  checksum: stringField(({ inZone }) => inZone?.checksum && bareChecksum(inZone.checksum)),
  templatetag: stringField(({ template }) => template.templateTag),
  projectid: owner.projectid,
  project: owner.project,
  details: mapField(({ template, withDetails }) =>
    withDetails === false ? null : template.details,
  ),
  downloaddetails: mapListField(downloadDetails),
  arch: stringField(({ template }) => template.arch),
  // CloudStack keeps the bits of a template to itself.
  bits: integerField(() => 0),
  sshkeyenabled: booleanField(({ template }) => template.sshKeyEnabled),
  isdynamicallyscalable: booleanField(({ template }) => template.isDynamicallyScalable),
  directdownload: booleanField(() => false),
  deployasis: booleanField(() => false),
  requireshvm: booleanField(({ template }) => template.requiresHvm),
  tags: listField(tagResponse, ({ template }, { world }) => tagsOf(world, template.id)),
});

function seesStatus({ template }: ShownTemplate, { world, caller }: View): boolean {
  const { id, type } = world.accounts.require(template.accountId);
  return isRootAdmin(caller) || id === caller.account.id || type === 'Project';
}

/** The state in each image store; a zone of the simulator has one. */
export function downloadDetails(
  { inZone }: ListedTemplate,
  { world, caller }: View,
): readonly JsonObject[] {
  if (inZone === null) return [];
  const zone = world.zones.require(inZone.zoneId);
  return [
    {
      datastore: imageStoreOf(zone),
      downloadPercent: String(inZone.percent),
      downloadState: inZone.downloadState ?? '',
      ...(isRootAdmin(caller) ? { datastoreId: imageStoreId(zone), datastoreRole: 'Image' } : {}),
    },
  ];
}
