import { ownerFields } from '../../declare/owner-fields.js';
import { booleanField, dateField, stringField, type Field } from '../../declare/response.js';
import { isReady, type ListedTemplate } from '../../world/storage/templates.js';

type ImageFields = Readonly<Record<string, Field<ListedTemplate>>>;

/** Whose a template or an ISO is. */
export const imageOwner = ownerFields<ListedTemplate>(({ template }) => template.accountId);

/** With these the response of a template and that of an ISO begin. */
export const firstImageFields: ImageFields = {
  id: stringField(({ template }) => template.id),
  name: stringField(({ template }) => template.name),
  displaytext: stringField(({ template }) => template.displayText),
  ispublic: booleanField(({ template }) => template.isPublic),
  created: dateField(({ inZone }) => inZone?.createdMs),
  isready: booleanField(({ inZone }) => isReady(inZone)),
  passwordenabled: booleanField(({ template }) => template.passwordEnabled),
  format: stringField(({ template }) => template.format),
};

/** What both say next: the system inside, the owner's account, and the zone. */
export const placeFields: ImageFields = {
  isfeatured: booleanField(({ template }) => template.isFeatured),
  crossZones: booleanField(({ template }) => template.isCrossZones),
  ostypeid: stringField(({ template }) => template.osTypeId),
  ostypename: stringField(
    ({ template }, { world }) => world.osTypes.require(template.osTypeId).description,
  ),
  account: imageOwner.account,
  zoneid: stringField(({ inZone }) => inZone?.zoneId),
  zonename: stringField(
    ({ inZone }, { world }) => inZone && world.zones.require(inZone.zoneId).name,
  ),
};

/** Sizes that nobody knows yet are left out. */
export function knownBytes(bytes: number | undefined): number | undefined {
  return bytes === 0 ? undefined : bytes;
}
