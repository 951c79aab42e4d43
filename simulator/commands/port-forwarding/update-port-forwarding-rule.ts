import { assertMayOperate } from '../../declare/access.js';
import { asyncCommand, done, everyRole, objectOf, wait } from '../../declare/command.js';
import { displayParameters } from '../../declare/display.js';
import { entity, integer, text, textList } from '../../declare/parameter.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import type { PortForwardingRuleRow, VmRow } from '../../world/entities.js';
import { applyRule } from '../../world/network/port-rules.js';
import type { World } from '../../world/world.js';
import { isPort } from '../firewall/port-validation.js';
import { portForwardingRuleResponse } from './port-forwarding-rule-response.js';
import { assertSourceCidrs, guestAddress } from './port-forwarding-rules.js';

interface Wishes {
  readonly privateport?: number | undefined;
  readonly privateendport?: number | undefined;
  readonly virtualmachineid?: VmRow | undefined;
  readonly vmguestip?: string | undefined;
  readonly cidrlist?: readonly string[] | undefined;
  readonly fordisplay?: boolean | undefined;
}

/**
 * The public ports stay. Nothing looks for rules in the way, nor whether a VM is destroyed
 * (RulesManagerImpl.updatePortForwardingRule).
 */
export const updatePortForwardingRule = asyncCommand({
  name: 'updatePortForwardingRule',
  summary: 'Leads the ports of a port forwarding rule elsewhere.',
  roles: everyRole,
  javaClass: { user: 'user.firewall.UpdatePortForwardingRuleCmd' },
  parameters: {
    id: entity('portforwardingrule', { required: true, since: '4.4' }),
    privateport: integer(),
    privateendport: integer(),
    virtualmachineid: entity('virtualmachine'),
    vmguestip: text({ since: '4.5' }),
    cidrlist: textList(),
    ...displayParameters,
  },
  response: objectOf(portForwardingRuleResponse),
  steps: [
    (context, { id: rule, ...wishes }) => {
      const { world } = context;
      assertMayOperate(context, 'portforwardingrule', rule);
      assertPrivatePorts(rule, wishes);
      const target = targetOf(world, rule, wishes);
      assertSourceCidrs(wishes.cidrlist);
      if (rule.state === 'Revoke') throw invalidParameter(`Unable to find ${rule.internalId}`);
      world.portForwardingRules.move(rule, 'Changed', {
        ...privatePortsOf(wishes),
        ...target,
        ...(wishes.cidrlist !== undefined && { cidrList: wishes.cidrlist }),
        ...(wishes.fordisplay !== undefined && { isDisplayed: wishes.fordisplay }),
      });
      return wait('duration.address');
    },
    ({ world }, { id: rule }) => {
      applyRule(world, world.portForwardingRules, rule);
      return done(rule);
    },
  ],
});

function assertPrivatePorts(
  { publicPort, publicEndPort }: PortForwardingRuleRow,
  { privateport, privateendport }: Wishes,
): void {
  if (privateport !== undefined && !isPort(privateport)) {
    throw invalidParameter(`privatePort is an invalid value: ${privateport}`);
  }
  if (privateendport !== undefined && !isPort(privateendport)) {
    throw invalidParameter(`PrivateEndPort has an invalid value: ${privateendport}`);
  }
  const areBoth = privateport !== undefined && privateendport !== undefined;
  const isOtherSize = areBoth && privateendport - privateport !== publicEndPort - publicPort;
  const isHalf = (privateport === undefined) !== (privateendport === undefined);
  if (!isOtherSize && !(isHalf && publicPort !== publicEndPort)) return;
  throw invalidParameter(
    'Unable to update the private port range of port forwarding rule as  the provided port range ' +
      `is not consistent with the port range : ${publicPort} to ${publicEndPort}`,
  );
}

function targetOf(
  world: World,
  rule: PortForwardingRuleRow,
  { virtualmachineid: vm, vmguestip }: Wishes,
): Partial<Pick<PortForwardingRuleRow, 'vmId' | 'vmIpAddress'>> {
  if (vm === undefined) {
    if (vmguestip === undefined) return {};
    throw invalidParameter('vmguestip should be set along with virtualmachineid');
  }
  const network = world.networks.require(rule.networkId);
  return { vmId: vm.id, vmIpAddress: guestAddress(world, vm, network, vmguestip) };
}

function privatePortsOf({
  privateport,
  privateendport,
}: Wishes): Partial<Pick<PortForwardingRuleRow, 'privatePort' | 'privateEndPort'>> {
  const first = privateport ?? privateendport;
  if (first === undefined) return {};
  return { privatePort: first, privateEndPort: privateendport ?? first };
}
