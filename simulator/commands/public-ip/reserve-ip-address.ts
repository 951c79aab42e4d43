import { assertMayOperate } from '../../declare/access.js';
import { everyRole, objectOf, syncCommand } from '../../declare/command.js';
import type { CommandContext } from '../../declare/context.js';
import {
  finalizeOwner,
  ownerOfNew,
  ownerParameters,
  type OwnerArguments,
} from '../../declare/ownership.js';
import { entity, flag } from '../../declare/parameter.js';
import { CloudException, invalidParameter } from '../../world/cloud-exception.js';
import type { AccountRow, PublicIpRow } from '../../world/entities.js';
import { assertWithinLimits } from '../../world/identity/resource-limits.js';
import type { World } from '../../world/world.js';
import { ipAddressResponse } from './public-ip-response.js';

/** Nobody else gets a reserved address; its account associates it by name (NetworkServiceImpl.reserveIpAddress). */
export const reserveIpAddress = syncCommand({
  name: 'reserveIpAddress',
  summary: 'Keeps a public address for an account.',
  since: '4.17',
  roles: everyRole,
  grantedByType: true,
  parameters: {
    id: entity('publicipaddress', { required: true }),
    fordisplay: flag({ rootOnly: true }),
    ...ownerParameters,
  },
  response: objectOf(ipAddressResponse),
  run: (context, { id: publicIp, fordisplay = true, ...args }) => {
    const { world } = context;
    const owner = ownerOfReservation(context, args);
    if (publicIp.removedMs !== null) {
      throw invalidParameter(`Unable to find IP address by ID=${publicIp.internalId}`);
    }
    assertMayOperate(context, 'account', owner);
    if (publicIp.state === 'Reserved' && publicIp.accountId === owner.id) return publicIp;
    assertCanBeReserved(publicIp);
    const { dedicatedAccountId, dedicatedDomainId } = world.vlanRanges.require(
      publicIp.vlanRangeId,
    );
    if (dedicatedDomainId !== null && dedicatedDomainId !== owner.domainId) {
      throw invalidParameter('Unable to reserve a IP because it is dedicated to another domain.');
    }
    if (dedicatedAccountId !== null && dedicatedAccountId !== owner.id) {
      throw invalidParameter('Unable to reserve a IP because it is dedicated to another account.');
    }
    if (dedicatedAccountId === null) assertMayHaveMore(world, owner);
    world.publicIps.move(publicIp, 'Reserve', {
      accountId: owner.id,
      allocatedMs: world.kernel.nowMs,
      isDisplayed: fordisplay,
    });
    return publicIp;
  },
});

/** An account counts only together with its domain. */
function ownerOfReservation(context: CommandContext, args: OwnerArguments): AccountRow {
  const { account, domainid, projectid } = args;
  if (account !== undefined && domainid !== undefined) return finalizeOwner(context, args);
  return projectid === undefined ? context.caller.account : ownerOfNew(context, { projectid });
}

function assertCanBeReserved({ state }: PublicIpRow): void {
  if (state === 'Free') return;
  throw invalidParameter(
    state === 'Reserved'
      ? 'Unable to reserve a IP because it has already been reserved for another account.'
      : `Unable to reserve a IP in ${state} state.`,
  );
}

function assertMayHaveMore(world: World, owner: AccountRow): void {
  try {
    assertWithinLimits(world, owner, { public_ip: 1 });
  } catch (error) {
    if (!(error instanceof CloudException)) throw error;
    throw new CloudException(
      'AccountLimitException',
      `Maximum number of public IP addresses for account: ${owner.name} has been exceeded.`,
    );
  }
}
