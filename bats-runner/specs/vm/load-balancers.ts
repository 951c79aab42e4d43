import { expect } from '@playwright/test';
import { contractCase } from '../../contract/contract-case.js';
import type { CaseTools } from '../../contract/case-tools.js';
import { textOf, type JsonObject } from '../../json.js';
import { cloudRefusal } from '../errors/refusal.js';

/** VMs behind load balancers. */
export const loadBalancerCases = [
  contractCase(
    {
      id: 'VM-46',
      title: 'Behind a load balancer',
      proves:
        'VMs are members of the rule that they name, which is made if it is missing; they leave it ' +
        'when they are deleted, and it goes with the last.',
    },
    async (tools) => {
      const { cpi, newId, createVm } = tools;
      const rule = ruleNamed(newId());
      const first = await createVm({ properties: { lbs: [rule] } });
      const second = await createVm({ properties: { lbs: [rule] } });
      expect((await members(tools, rule.name)).sort()).toEqual([first, second].sort());
      await cpi.result('delete_vm', [first]);
      expect(await members(tools, rule.name)).toEqual([second]);
      await cpi.result('delete_vm', [second]);
      expect(await rules(tools, rule.name)).toEqual([]);
    },
  ),
  contractCase(
    {
      id: 'VM-47',
      title: 'Load balancers that cannot be',
      proves:
        'A rule without name or port, one that contradicts the one there is, and a cloud that ' +
        'refuses are errors that name the rule; the VM is taken back.',
    },
    async (tools) => {
      const { cpi, door, ownership, newId, createVm, vmArguments } = tools;
      const rule = ruleNamed(newId());
      await createVm({ properties: { lbs: [rule] } });
      const before = await ownership.changes();
      for (const [lb, message] of [
        [{ public_port: 1, private_port: 1 }, /name is missing/],
        [{ name: 'contract-new' }, /contract-new.*public_port/],
        [{ ...rule, private_port: rule.private_port + 1 }, new RegExp(rule.name)],
      ] as const) {
        const args = await vmArguments({ properties: { lbs: [lb] } });
        const error = await cpi.error('create_vm', args);
        expect(error.message).toMatch(message);
        expect(error.okToRetry).toBe(false);
      }
      door.intercept(({ command }) =>
        command === 'assignToLoadBalancerRule' ? cloudRefusal(command, 'no place', 530) : undefined,
      );
      const args = await vmArguments({ properties: { lbs: [rule] } });
      expect((await cpi.error('create_vm', args)).message).toContain('no place');
      expect(await ownership.changes()).toEqual(before);
    },
  ),
];

interface Rule extends JsonObject {
  readonly name: string;
  readonly public_port: number;
  readonly private_port: number;
}

/** Of its own port, as far as the end of an id is of its own. */
function ruleNamed(id: string): Rule {
  const port = 10_000 + (Number.parseInt(id.slice(-4), 16) % 20_000);
  return { name: `contract-${id}`, public_port: port, private_port: 8080 };
}

async function rules({ cloud }: CaseTools, name: string): Promise<JsonObject[]> {
  const all = await cloud.list('listLoadBalancerRules', 'loadbalancerrule', { name });
  return all.filter((rule) => rule['name'] === name);
}

async function members(tools: CaseTools, name: string): Promise<string[]> {
  const [rule] = await rules(tools, name);
  const rows = await tools.cloud.list('listLoadBalancerRuleInstances', 'loadbalancerruleinstance', {
    id: textOf(rule?.['id']),
  });
  return rows.map(({ id }) => textOf(id));
}
