import type { CaseTools } from '../../contract/case-tools.js';
import { objectOf } from '../vm/agent-settings.js';
import type { JsonObject } from '../../json.js';

/** The network that VMs are usually in, which tells of the account, its domain and the zone. */
export async function ownNetwork({
  cloud,
  offers,
}: Pick<CaseTools, 'cloud' | 'offers'>): Promise<JsonObject> {
  const networks = await cloud.list('listNetworks', 'network');
  return objectOf(networks.find(({ name }) => name === offers.network.name));
}
