import { ownerFields } from '../../declare/owner-fields.js';
import {
  booleanField,
  dateField,
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
import { templateStatus, type TemplateInZone } from '../../world/storage/templates.js';
import { tagResponse } from '../tag/tag-response.js';

const owner = ownerFields<TemplateInZone>(({ template }) => template.accountId);

/**
 * TemplateResponse (TemplateJoinDaoImpl.newTemplateResponse). How its download or upload goes only
 * its owner and root admins see; whether it is ready, everybody.
 */
export const templateResponse = responseObject<TemplateInZone>('template', {
  id: stringField(({ template }) => template.id),
  name: stringField(({ template }) => template.name),
  displaytext: stringField(({ template }) => template.displayText),
  ispublic: booleanField(({ template }) => template.isPublic),
  created: dateField(({ template }) => template.createdMs),
  isready: booleanField(({ inZone }) => inZone.ready),
  passwordenabled: booleanField(({ template }) => template.passwordEnabled),
  format: stringField(({ template }) => template.format),
  isfeatured: booleanField(({ template }) => template.isFeatured),
  crossZones: booleanField(() => false),
  ostypeid: stringField(({ template }) => template.osTypeId),
  ostypename: stringField(
    ({ template }, { world }) => world.osTypes.require(template.osTypeId).description,
  ),
  account: owner.account,
  zoneid: stringField(({ inZone }) => inZone.zoneId),
  zonename: stringField(({ inZone }, { world }) => world.zones.require(inZone.zoneId).name),
  status: stringField((row, view) => (seesStatus(row, view) ? templateStatus(row) : undefined)),
  url: stringField((row, view) => (seesStatus(row, view) ? row.template.url : undefined)),
  size: longField(({ inZone }) => (inZone.sizeBytes > 0 ? inZone.sizeBytes : null)),
  physicalsize: longField(({ inZone }) =>
    inZone.physicalSizeBytes > 0 ? inZone.physicalSizeBytes : null,
  ),
  templatetype: stringField(() => 'USER'),
  hypervisor: stringField(({ template }) => template.hypervisor),
  domain: owner.domain,
  domainpath: owner.domainpath,
  domainid: owner.domainid,
  sourcetemplateid: stringField(({ template }) => template.sourceTemplateId),
  isextractable: booleanField(({ template }) => template.isExtractable),
  checksum: stringField(({ inZone }) => inZone.checksum && bareChecksum(inZone.checksum)),
  projectid: owner.projectid,
  project: owner.project,
  details: mapField(({ template }) => template.details),
  downloaddetails: mapListField(downloadDetails),
  arch: stringField(() => 'x86_64'),
  bits: integerField(({ template }) => template.bits),
  sshkeyenabled: booleanField(({ template }) => template.sshKeyEnabled),
  isdynamicallyscalable: booleanField(({ template }) => template.isDynamicallyScalable),
  directdownload: booleanField(() => false),
  deployasis: booleanField(() => false),
  requireshvm: booleanField(({ template }) => template.requiresHvm),
  tags: listField(tagResponse, ({ template }, { world }) => tagsOf(world, template.id)),
});

function seesStatus({ template }: TemplateInZone, { caller }: View): boolean {
  return isRootAdmin(caller) || template.accountId === caller.account.id;
}

/** The state in each image store; a zone of the simulator has one. */
function downloadDetails(
  { inZone }: TemplateInZone,
  { world, caller }: View,
): readonly JsonObject[] {
  const zone = world.zones.require(inZone.zoneId);
  return [
    {
      datastore: imageStoreOf(zone),
      downloadPercent: String(inZone.percent),
      downloadState: inZone.downloadState,
      ...(isRootAdmin(caller) ? { datastoreRole: 'Image' } : {}),
    },
  ];
}
