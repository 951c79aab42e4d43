// Proves which NICs have a static address that CloudStack can refuse: of IPv6 only those of shared
// networks, for it is asked for no other; so that no other failure is taken for a refused address.
import { expect, test } from '@playwright/test';
import { CloudStackError } from '../../../../cpi/cloudstack/errors.js';
import type { PlannedNic } from '../../../../cpi/methods/vm/planned-nic.js';
import {
  findHolders,
  isStatic,
  mayBeTakenAddress,
  takenAddressError,
} from '../../../../cpi/methods/vm/taken-address.js';
import type { Call } from '../../../../cpi/methods/call/call.js';

function nicIn(type: string, addresses: Pick<PlannedNic, 'ip' | 'ipv6'>): PlannedNic {
  const network = { id: 'n', name: 'NET', type, zoneid: 'z' } as PlannedNic['network'];
  return { network, specs: [], isUndiscoverable: false, securityGroups: [], ...addresses };
}

const six = { ipv6: '2001:db8::40' };
const masked = new CloudStackError({
  kind: 'internal-masked',
  command: 'deployVirtualMachine',
  text: 'Internal error',
});

for (const [what, nic, is] of [
  ['IPv4, isolated', nicIn('Isolated', { ip: '10.0.0.5' }), true],
  ['IPv6, shared', nicIn('Shared', six), true],
  ['IPv6, isolated', nicIn('Isolated', six), false],
  ['none', nicIn('Shared', {}), false],
] as const) {
  test(`a static address: ${what}: ${is}`, () => {
    expect(isStatic(nic)).toBe(is);
    expect(mayBeTakenAddress(masked, [nic])).toBe(is);
  });
}

test('only what CloudStack was asked for is told of, and looked for', async () => {
  const both = nicIn('Isolated', { ip: '10.0.0.5', ...six });
  const { message } = takenAddressError(masked, [both], []);
  expect(message).toContain('(10.0.0.5 in NET)');
  const vm = {
    id: 'v',
    name: 'v',
    state: 'Running',
    nic: [{ networkid: 'n', ip6address: six.ipv6 }],
  };
  const call = { client: { list: () => Promise.resolve([vm]) } } as unknown as Call;
  expect(await findHolders(call, [both])).toEqual([]);
});
