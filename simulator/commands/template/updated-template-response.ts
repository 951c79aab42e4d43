import { ownerFields } from '../../declare/owner-fields.js';
import {
  booleanField,
  dateField,
  integerField,
  listField,
  mapField,
  responseObject,
  stringField,
} from '../../declare/response.js';
import type { TemplateRow } from '../../world/entities.js';
import { tagsOf } from '../../world/tags.js';
import { tagResponse } from '../tag/tag-response.js';

const owner = ownerFields<TemplateRow>((template) => template.accountId);

/**
 * What updateTemplate and updateIso answer: less than a list shows, and what they leave out of the
 * fields that are always there says no (TemplateJoinDaoImpl.newUpdateResponse). Of details and tags
 * it has one.
 */
export const updatedTemplateFields = {
  id: stringField<TemplateRow>(({ id }) => id),
  name: stringField<TemplateRow>(({ name }) => name),
  displaytext: stringField<TemplateRow>(({ displayText }) => displayText),
  ispublic: booleanField<TemplateRow>(({ isPublic }) => isPublic),
  created: dateField<TemplateRow>(({ createdMs }) => createdMs),
  isready: booleanField<TemplateRow>(() => false),
  format: stringField<TemplateRow>(({ format }) => format),
  bootable: booleanField<TemplateRow>(({ isBootable }) => isBootable),
  isfeatured: booleanField<TemplateRow>(() => false),
  crossZones: booleanField<TemplateRow>(() => false),
  ostypeid: stringField<TemplateRow>(({ osTypeId }) => osTypeId),
  ostypename: stringField<TemplateRow>(
    ({ osTypeId }, { world }) => world.osTypes.require(osTypeId).description,
  ),
  account: owner.account,
  hypervisor: stringField<TemplateRow>(({ hypervisor }) => hypervisor),
  domain: owner.domain,
  domainpath: owner.domainpath,
  domainid: owner.domainid,
  projectid: owner.projectid,
  project: owner.project,
  details: mapField<TemplateRow>(({ details }) => {
    const [first] = Object.entries(details);
    return first === undefined ? null : { [first[0]]: first[1] };
  }),
  bits: integerField<TemplateRow>(() => 0),
  isdynamicallyscalable: booleanField<TemplateRow>(
    ({ isDynamicallyScalable }) => isDynamicallyScalable,
  ),
  tags: listField<TemplateRow, ReturnType<typeof tagsOf>[number]>(
    tagResponse,
    ({ id }, { world }) => tagsOf(world, id).slice(0, 1),
  ),
};

export const updatedTemplateResponse = responseObject<TemplateRow>(
  'template',
  updatedTemplateFields,
);
