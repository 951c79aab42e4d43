import { mayActFor } from '../../declare/access.js';
import { stringField, type Field, type View } from '../../declare/response.js';
import type { VpcRow } from '../../world/entities.js';

/**
 * To which VPC something belongs, in a response (ApiResponseHelper.setVpcIdInResponse): its id only for
 * those who may act for its owner.
 */
export function vpcFields<Row>(
  vpcIdOf: (row: Row, view: View) => string | null,
): Readonly<Record<'vpcid' | 'vpcname', Field<Row>>> {
  const vpc = (row: Row, view: View): VpcRow | undefined => {
    const vpcId = vpcIdOf(row, view);
    const found = vpcId === null ? undefined : view.world.vpcs.require(vpcId);
    return found?.removedMs === null ? found : undefined;
  };
  const mayKnow = ({ accountId }: VpcRow, { world, caller }: View): boolean =>
    mayActFor(world, caller, world.accounts.require(accountId));
  return {
    vpcid: stringField((row, view) => {
      const own = vpc(row, view);
      return own !== undefined && mayKnow(own, view) ? own.id : null;
    }),
    vpcname: stringField((row, view) => vpc(row, view)?.name),
  };
}
