// Proves that a VM whose address somebody changes while it is being made is never handed out as if it had
// the one that was asked for: another call for the same agent may have begun to take it away.
import { expect, test } from '@playwright/test';
import type { Transport } from '../../../cpi/cloudstack/transport.js';
import { assertKeepsAddresses } from '../../../cpi/methods/vm/planned-nic.js';
import { advancedKvm } from '../../../simulator/world/presets/advanced-kvm.js';
import { startZone, type CpiZone } from '../../support/cpi-zone.js';
import { vmArguments } from './vm-requests.js';

const usersMayExpunge = { ...advancedKvm, settings: { 'allow.user.expunge.recover.vm': true } };

/** Does something when a command is about to be sent. */
function before(command: string, act: () => void): (transport: Transport) => Transport {
  return (transport) => ({
    close: () => {
      transport.close();
    },
    send: (request) => {
      const { body } = request;
      if (typeof body === 'string' && body.includes(`command=${command}&`)) act();
      return transport.send(request);
    },
  });
}

function moveAddress({ simulator, user }: CpiZone): void {
  const [nic] = simulator.world.nics.all().filter(({ ipAddress }) => ipAddress === '10.203.6.40');
  user.done('updateVmNicIp', { nicid: nic!.id, ipaddress: '10.203.7.250' });
}

test('the call fails, may be repeated, and nothing of it stays', async () => {
  await using zone = await startZone({ world: usersMayExpunge }, 'direct');
  const earlier = zone.holdings()['vms'];
  const through = before('startVirtualMachine', () => {
    moveAddress(zone);
  });
  expect(await zone.error('create_vm', vmArguments(), { through })).toMatchObject({
    type: 'Bosh::Clouds::VMCreationFailed',
    ok_to_retry: true,
    message: expect.stringContaining('has started with 10.203.7.250 instead of 10.203.6.40'),
  });
  expect(zone.holdings()['vms']).toEqual(earlier);
  const [, networks] = (await zone.result('create_vm', vmArguments())) as [string, object];
  expect(networks).toMatchObject({ private: { ip: '10.203.6.40' } });
});

test('a NIC that gets its first address when the VM starts has lost none', () => {
  const vm = { id: 'i', name: 'n', state: 'Stopped' };
  const nic = { id: 'a', networkid: 'b' };
  const started = { ...vm, nic: [{ ...nic, ipaddress: '10.203.6.40' }] };
  expect(() => {
    assertKeepsAddresses({ ...vm, nic: [nic] }, started);
  }).not.toThrow();
  expect(() => {
    assertKeepsAddresses({ ...vm, nic: [{ ...nic, ipaddress: '10.203.6.41' }] }, started);
  }).toThrow('has started with 10.203.6.40 instead of 10.203.6.41');
});

test('an IPv6 address that is another one after the start is lost; another spelling is the same', () => {
  const vm = { id: 'i', name: 'n', state: 'Stopped' };
  const nic = { id: 'a', networkid: 'b', ipaddress: '10.66.0.40' };
  const kept = '2001:db8::54:ff:fe00:1';
  const deployed = { ...vm, nic: [{ ...nic, ip6address: kept }] };
  const startedWith = (ip6address?: string): (() => void) => {
    const now = { ...nic, ...(ip6address !== undefined && { ip6address }) };
    return () => {
      assertKeepsAddresses(deployed, { ...vm, nic: [now] });
    };
  };
  expect(startedWith('2001:0DB8::0054:ff:fe00:1')).not.toThrow();
  expect(startedWith('2001:db8::54:ff:fe00:2')).toThrow(
    `has started with 2001:db8::54:ff:fe00:2 instead of ${kept}`,
  );
  expect(startedWith()).toThrow(`has started with no address instead of ${kept}`);
  const six = { ...nic, ip6address: kept };
  expect(() => {
    assertKeepsAddresses({ ...vm, nic: [nic] }, { ...vm, nic: [six] });
  }).not.toThrow();
});
