import { isAdmin } from '../../declare/caller.js';
import {
  booleanField,
  integerField,
  listField,
  longField,
  mapListField,
  responseObject,
  stringField,
  type View,
} from '../../declare/response.js';
import { bareChecksum } from '../../world/storage/template-checksum.js';
import type { ListedTemplate } from '../../world/storage/templates.js';
import { tagsOf } from '../../world/tags.js';
import { tagResponse } from '../tag/tag-response.js';
import {
  firstImageFields,
  imageOwner as owner,
  knownBytes,
  placeFields,
} from '../template/image-fields.js';
import { downloadDetails } from '../template/template-response.js';

/**
 * An ISO in a list (TemplateJoinDaoImpl.newIsoResponse). How its download goes its owner and all
 * admins see; of its tags there is one.
 */
export const isoResponse = responseObject<ListedTemplate>('iso', {
  ...firstImageFields,
  bootable: booleanField(({ template }) => template.isBootable),
  ...placeFields,
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
