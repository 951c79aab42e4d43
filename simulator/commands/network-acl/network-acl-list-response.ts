import { booleanField, responseObject, rootOnly, stringField } from '../../declare/response.js';
import type { NetworkAclListRow, VpcRow } from '../../world/entities.js';
import type { World } from '../../world/world.js';

/** NetworkACLResponse (ApiResponseHelper.createNetworkACLResponse). */
export const networkAclListResponse = responseObject<NetworkAclListRow>('networkacllist', {
  id: stringField((list) => list.id),
  name: stringField((list) => list.name),
  description: stringField((list) => list.description),
  vpcid: stringField((list) => list.vpcId),
  vpcname: stringField((list, { world }) => vpcOf(list, world)?.name),
  fordisplay: rootOnly(booleanField((list) => list.isDisplayed)),
});

function vpcOf({ vpcId }: NetworkAclListRow, world: World): VpcRow | undefined {
  return vpcId === null ? undefined : world.vpcs.require(vpcId);
}
