import { invalidParameter } from '../../world/cloud-exception.js';
import type { World } from '../../world/world.js';
import type { DeployArguments } from './deployment-arguments.js';

/**
 * Offerings for the disks that a template brings besides its root (getDataDiskTemplateToDiskOfferingMap):
 * those are in images for VMware, and no template here has any.
 */
export function assertNoDataDiskTemplates(world: World, args: DeployArguments): void {
  const { datadiskofferinglist = [], diskofferingid, templateid } = args;
  if (datadiskofferinglist.length === 0) return;
  if (diskofferingid !== undefined) {
    throw invalidParameter(
      "diskofferingid parameter can't be specified along with datadisktemplatetodiskofferinglist parameter",
    );
  }
  for (const {
    datadisktemplateid: id = 'null',
    diskofferingid: offeringId = 'null',
  } of datadiskofferinglist) {
    const template = world.templates.get(id.toLowerCase());
    if (template === undefined) {
      throw invalidParameter(`Unable to translate and find entity with datadisktemplateid ${id}`);
    }
    if (world.diskOfferings.get(offeringId.toLowerCase()) === undefined) {
      throw invalidParameter(
        `Unable to translate and find entity with diskofferingId ${offeringId}`,
      );
    }
    throw invalidParameter(
      `Invalid Datadisk template. Specified Datadisk template${template.internalId} doesn't belong to ` +
        `template ${templateid.internalId}`,
    );
  }
}
