import { directorIn, directorMark } from '../cloudstack/director-text.js';
import { listUnlessGone } from '../cloudstack/find-by-id.js';
import { removeUnusedRule } from '../methods/vm/leave-load-balancers.js';
import type { Finder, Forgotten } from './forgotten.js';

/** Load balancer rules that create_vm made and that no VM is behind any more. */
export const forgottenLoadBalancers: Finder = async ({ client }) => {
  const forgotten: Forgotten[] = [];
  for (const rule of await client.list('listLoadBalancerRules', { keyword: directorMark })) {
    const directorUuid = directorIn(rule.description);
    if (directorUuid === undefined) continue;
    const ofRule = { id: rule.id };
    const members = await listUnlessGone(client, 'listLoadBalancerRuleInstances', ofRule);
    if (members?.length !== 0) continue;
    forgotten.push({
      kind: 'load balancer rule',
      id: rule.id,
      name: rule.name,
      directorUuid,
      createdMs: undefined,
      why: 'no VM is behind it',
      remove: () => removeUnusedRule(client, rule),
    });
  }
  return forgotten;
};
