import { isRootAdmin } from '../../declare/caller.js';
import { asyncCreateCommand, done, everyRole, objectOf, proceed } from '../../declare/command.js';
import type { CommandContext } from '../../declare/context.js';
import { finalizeOwner, ownerParameters, type OwnerArguments } from '../../declare/ownership.js';
import { text } from '../../declare/parameter.js';
import { affinityTypes } from '../../world/compute/affinity-groups.js';
import {
  cloudRuntime,
  invalidParameter,
  permissionDenied,
  serverApiError,
} from '../../world/cloud-exception.js';
import type { AffinityType } from '../../world/entities.js';
import { isBefore } from '../../world/settings/release.js';
import { affinityGroupNamed } from './affinity-group-rules.js';
import { affinityGroupResponse } from './affinity-group-response.js';

/**
 * The group exists as soon as the request is answered (AffinityGroupServiceImpl.createAffinityGroup);
 * its name has 191 characters from 4.20 on (Upgrade41910to42000).
 */
export const createAffinityGroup = asyncCreateCommand({
  name: 'createAffinityGroup',
  summary: 'Creates an affinity or anti-affinity group.',
  roles: everyRole,
  javaClass: { user: 'user.affinitygroup.CreateAffinityGroupCmd' },
  parameters: {
    ...ownerParameters,
    description: text(),
    name: text({ required: true }),
    type: text({ required: true }),
  },
  response: objectOf(affinityGroupResponse),
  subjectType: 'AffinityGroup',
  create: (context, args) => {
    const { world } = context;
    const { name, description } = args;
    const owner = finalizeOwner(context, args);
    const type = affinityTypeNamed(context, args.type);
    assertForOneAccount(context, args, type);
    if (affinityGroupNamed(world, owner.id, name) !== undefined) {
      throw invalidParameter(
        `Unable to create affinity group, a group with name ${name} already exists.`,
      );
    }
    if (name.length > (isBefore(world, '4.20') ? 255 : 191)) {
      throw cloudRuntime("DB Exception on: Data too long for column 'name' at row 1");
    }
    return world.affinityGroups.insert({
      name,
      description: description ?? null,
      type,
      accountId: owner.id,
    });
  },
  steps: [
    () => proceed,
    ({ world }, { name }, { createdId }) => {
      const group = world.affinityGroups.get(createdId);
      if (group === undefined) throw serverApiError(530, `Failed to create affinity group:${name}`);
      return done(group);
    },
  ],
});

/** A domain alone asks for a group of all its accounts, which only dedication knows. */
function assertForOneAccount(
  { caller }: CommandContext,
  { account, domainid, projectid }: OwnerArguments,
  type: AffinityType,
): void {
  if (domainid === undefined || account !== undefined || projectid !== undefined) return;
  if (!isRootAdmin(caller)) {
    throw invalidParameter(
      'Unable to create affinity group, account name must be passed with the domainId',
    );
  }
  throw invalidParameter(
    'Unable to create affinity group, account name is needed. ' +
      `Affinity group type ${type} cannot be shared domain wide`,
  );
}

/** Dedicated hosts, which this type is about, are not simulated. */
const DEDICATION = 'ExplicitDedication';

/** In the order of Java's HashMap, which has no other. */
const VALID_TYPES = [
  'non-strict host affinity',
  'host affinity',
  'host anti-affinity',
  DEDICATION,
  'non-strict host anti-affinity',
].join(',');

function affinityTypeNamed({ caller }: CommandContext, given: string): AffinityType {
  const type = affinityTypes.find((candidate) => candidate === given);
  if (type !== undefined) return type;
  if (given !== DEDICATION) {
    throw invalidParameter(
      `Unable to create affinity group, invalid affinity group type: ${given}. ` +
        `Valid values are ${VALID_TYPES}`,
    );
  }
  if (!isRootAdmin(caller)) throw permissionDenied('Cannot create the affinity group');
  throw serverApiError(
    432,
    `The simulator does not simulate affinity groups of type ${DEDICATION}`,
  );
}
