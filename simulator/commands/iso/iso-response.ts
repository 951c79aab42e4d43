import { isAdmin } from '../../declare/caller.js';
import { ownerFields } from '../../declare/owner-fields.js';
import {
  booleanField,
  dateField,
  integerField,
  listField,
  longField,
  mapListField,
  responseObject,
  stringField,
  type View,
} from '../../declare/response.js';
import { bareChecksum } from '../../world/storage/template-checksum.js';
import { isReady, type ListedTemplate } from '../../world/storage/templates.js';
import { tagsOf } from '../../world/tags.js';
import { tagResponse } from '../tag/tag-response.js';
import { downloadDetails } from '../template/template-response.js';

const owner = ownerFields<ListedTemplate>(({ template }) => template.accountId);

/**
 * An ISO in a list (TemplateJoinDaoImpl.newIsoResponse). How its download goes its owner and all
 * admins see; of its tags there is one.
 */
export const isoResponse = responseObject<ListedTemplate>('iso', {
  id: stringField(({ template }) => template.id),
  name: stringField(({ template }) => template.name),
  displaytext: stringField(({ template }) => template.displayText),
  ispublic: booleanField(({ template }) => template.isPublic),
  created: dateField(({ inZone }) => inZone?.createdMs),
  isready: booleanField(({ inZone }) => isReady(inZone)),
  passwordenabled: booleanField(({ template }) => template.passwordEnabled),
  format: stringField(({ template }) => template.format),
  bootable: booleanField(({ template }) => template.isBootable),
  isfeatured: booleanField(({ template }) => template.isFeatured),
  crossZones: booleanField(({ template }) => template.isCrossZones),
  ostypeid: stringField(({ template }) => template.osTypeId),
  ostypename: stringField(
    ({ template }, { world }) => world.osTypes.require(template.osTypeId).description,
  ),
  account: owner.account,
  zoneid: stringField(({ inZone }) => inZone?.zoneId),
  zonename: stringField(
    ({ inZone }, { world }) => inZone && world.zones.require(inZone.zoneId).name,
  ),
  status: stringField((row, view) => (seesStatus(row, view) ? isoStatus(row) : undefined)),
  size: longField(({ inZone }) => knownBytes(inZone?.sizeBytes)),
  physicalsize: longField(({ inZone }) => knownBytes(inZone?.physicalSizeBytes)),
  domain: owner.domain,
  domainpath: owner.domainpath,
  domainid: owner.domainid,
  isextractable: booleanField(({ template }) => template.isExtractable),
  checksum: stringField(({ inZone }) => inZone?.checksum && bareChecksum(inZone.checksum)),
  projectid: owner.projectid,
  project: owner.project,
  downloaddetails: mapListField((row, view) =>
    seesStatus(row, view) ? downloadDetails(row, view) : undefined,
  ),
  arch: stringField(({ template }) => template.arch),
  bits: integerField(({ template }) => template.bits),
  isdynamicallyscalable: booleanField(({ template }) => template.isDynamicallyScalable),
  directdownload: booleanField(() => false),
  url: stringField((row, view) => (seesStatus(row, view) ? row.template.url : undefined)),
  tags: listField(tagResponse, ({ template }, { world }) => tagsOf(world, template.id).slice(0, 1)),
});

function knownBytes(bytes: number | undefined): number | undefined {
  return bytes === 0 ? undefined : bytes;
}

function seesStatus({ template }: ListedTemplate, { caller }: View): boolean {
  return isAdmin(caller) || template.accountId === caller.account.id;
}

/** Unlike a template's, it says nothing as long as nothing has been tried. */
function isoStatus({ inZone }: ListedTemplate): string | null {
  if (inZone === null) return null;
  const { downloadState, percent, errorText } = inZone;
  if (downloadState === 'DOWNLOADED') return 'Successfully Installed';
  if (downloadState !== 'DOWNLOAD_IN_PROGRESS') return errorText;
  return percent === 100 ? 'Installing ISO' : `${percent}% Downloaded`;
}
