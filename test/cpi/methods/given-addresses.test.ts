// Proves that delete_vm by an account that may not expunge, for which it takes the public address off
// the VM, takes it off that VM alone: somebody may have given the address to another VM meanwhile, also
// when the VM is gone before it can be stopped. One that still leads to the VM is taken off.
import { expect, test } from '@playwright/test';
import type { Transport } from '../../../cpi/cloudstack/transport.js';
import { at, startZone, type CpiZone } from '../../support/cpi-zone.js';
import { createVm, holdAddress } from './load-balancer-requests.js';
import { manualNetwork, vmArguments } from './vm-requests.js';

const ip = '203.0.113.15';

interface Vms {
  readonly vm: string;
  readonly other: string;
  readonly ipaddressid: string;
}

/** A VM with a public address that the account holds, and another VM. */
async function prepared(zone: CpiZone): Promise<Vms> {
  const other = await createVm(
    zone,
    vmArguments({
      agentId: 'b0000000-0000-4000-8000-000000000002',
      networks: { private: manualNetwork('10.203.6.41') },
    }),
  );
  const ipaddressid = holdAddress(zone, ip);
  const networks = { private: manualNetwork(), public: { type: 'vip', ip } };
  return { vm: await createVm(zone, vmArguments({ networks })), other, ipaddressid };
}

/** The VM that the address leads to. */
function leadsTo({ user }: CpiZone): unknown {
  const addresses = user.call('listPublicIpAddresses', { ipaddress: ip });
  return at(addresses, 'publicipaddress', 0, 'virtualmachineid');
}

/** Deletes the VM, and acts once when delete_vm is about to send a command. */
async function deleteVm(
  zone: CpiZone,
  { vm }: Vms,
  command: string,
  act: () => void,
): Promise<void> {
  let hasActed = false;
  const through = (transport: Transport): Transport => ({
    ...transport,
    send: (sent) => {
      const isIt = typeof sent.body === 'string' && sent.body.includes(`command=${command}&`);
      if (isIt && !hasActed) {
        hasActed = true;
        act();
      }
      return transport.send(sent);
    },
  });
  await zone.result('delete_vm', [vm], { through });
  expect(hasActed, `${command} was sent`).toBe(true);
  expect(await zone.result('has_vm', [vm])).toBe(false);
}

for (const { isGone } of [{ isGone: false }, { isGone: true }]) {
  const also = isGone ? ', and destroys the VM' : '';
  const command = isGone ? 'stopVirtualMachine' : 'listVolumes';

  test(`an address that somebody gives to another VM meanwhile${also} stays there`, async () => {
    await using zone = await startZone({}, 'direct');
    const vms = await prepared(zone);
    await deleteVm(zone, vms, command, () => {
      const { vm, other, ipaddressid } = vms;
      zone.user.done('disableStaticNat', { ipaddressid });
      zone.user.call('enableStaticNat', { ipaddressid, virtualmachineid: other });
      if (isGone) zone.user.done('destroyVirtualMachine', { id: vm });
    });
    expect(leadsTo(zone)).toBe(vms.other);
  });

  test(`an address that still leads to the VM${isGone ? ', which somebody destroys,' : ''} is taken off`, async () => {
    await using zone = await startZone({}, 'direct');
    const vms = await prepared(zone);
    await deleteVm(zone, vms, command, () => {
      if (isGone) zone.user.done('destroyVirtualMachine', { id: vms.vm });
    });
    expect(leadsTo(zone)).toBeUndefined();
  });
}
