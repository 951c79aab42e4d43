import { everyAdmin, objectOf, syncCommand } from '../../declare/command.js';
import { entity, flag, integer, text } from '../../declare/parameter.js';
import { diskOfferingText, userText } from '../../world/identity/offering-access.js';
import type { DiskOfferingRow, UserRow } from '../../world/entities.js';
import { assertPoolsHaveTags } from '../offering/changed-tags.js';
import { assertRatesFit, cacheModeNamed, ratesOf } from '../offering/disk-quality.js';
import { stateNamed } from '../offering/offering-state.js';
import { changedScopeParameters, rateParameters } from '../offering/offering-parameters.js';
import { askedScope, tagsIn } from '../offering/offering-scope.js';
import { changedScope, type ChangeTexts } from '../offering/scope-change.js';
import { diskOfferingResponse } from './disk-offering-response.js';

/** ConfigurationManagerImpl.updateDiskOffering. */
export const updateDiskOffering = syncCommand({
  name: 'updateDiskOffering',
  summary: 'Changes a disk offering.',
  roles: everyAdmin,
  parameters: {
    displaytext: text({ maxLength: 4096 }),
    id: entity('diskoffering', { required: true }),
    name: text(),
    sortkey: integer(),
    displayoffering: flag(),
    ...changedScopeParameters,
    tags: text({ since: '4.15' }),
    ...rateParameters,
    cachemode: text({ since: '4.15' }),
    state: text(),
  },
  response: objectOf(diskOfferingResponse),
  run: (context, { id: offering, displaytext, name, sortkey, tags, cachemode, ...args }) => {
    const { world } = context;
    const asked = askedScope(world, 'disk', args, offering);
    const active = stateNamed(args.state);
    const scope = changedScope(
      context,
      offering,
      {
        asked,
        tags: [tags],
        changesLooks: name !== undefined || displaytext !== undefined || sortkey !== undefined,
      },
      textsFor(offering, context.caller.user),
    );
    if (tags !== undefined) {
      const volumes = world.volumes.all().filter((row) => row.diskOfferingId === offering.id);
      assertPoolsHaveTags(world, offering, volumes, tagsIn(tags));
    }
    assertRatesFit(args);
    const { disk } = offering;
    world.diskOfferings.change(offering, {
      name: name ?? offering.name,
      displayText: displaytext ?? offering.displayText,
      sortKey: sortkey ?? offering.sortKey,
      display: args.displayoffering ?? offering.display,
      storageTags: tags === undefined ? offering.storageTags : tagsIn(tags),
      disk: {
        ...disk,
        rates: { ...disk.rates, ...ratesOf(args) },
        cacheMode: cacheModeNamed(cachemode) ?? disk.cacheMode,
      },
      active: active ?? offering.active,
      ...scope,
    });
    return offering;
  },
});

/** Some of the texts name the offering as a whole, some by its id alone. */
function textsFor(offering: DiskOfferingRow, caller: UserRow): ChangeTexts {
  const [text, user] = [diskOfferingText(offering), userText(caller)];
  return {
    notAdmin: `Unable to update disk offering: ${text} by id user: ${user} because it is not root-admin or domain-admin`,
    zones: `Unable to update zone(s) for disk offering [${text}] by admin [${user}] as it is domain-admin.`,
    isPublic: `Unable to update public disk offering [${text}] by user [${user}] because it is domain-admin.`,
    toPublic: `Unable to update disk offering [${text}] to a public offering by user [${user}] because it is domain-admin.`,
    tags: `User [${user}] is unable to update disk offering tags.`,
    linked: `Unable to update disk offering [${offering.id}] as it has linked domain(s) which are not child domain for domain-admin [${caller.id}].`,
    foreign: (domain) =>
      `Unable to update disk offering [${offering.id}] by domain-admin [${caller.id}] with domain [${domain.id}] which is not a child domain.`,
  };
}
