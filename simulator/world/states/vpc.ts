import { stateTable } from '../state-table.js';

export type VpcState = 'Enabled' | 'Inactive';

export type VpcEvent = 'Destroy';

/**
 * The states of a VPC (com.cloud.network.vpc.Vpc.State). CloudStack has no table for them; the
 * transition is that of VpcManagerImpl.destroyVpc.
 */
export const vpcStates = stateTable<VpcState, VpcEvent>({
  entity: 'vpc',
  initial: ['Enabled'],
  transitions: [['Enabled', 'Destroy', 'Inactive']],
});
