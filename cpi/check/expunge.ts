import { expungeRight } from '../permissions/needs.js';
import { ok, warning, type Finding } from './finding.js';
import type { Inspection } from './inspection.js';

const about = 'expunge';

/** Whether a deleted VM is gone at once, and what happens to its addresses if not. */
export function checkExpunge({ capabilities, allowed, call }: Inspection): Finding[] {
  if (!call.configuration.cloudstack.expunge_vm) {
    return [ok(about, `cloudstack.expunge_vm is false: ${withoutExpunge()}`)];
  }
  const { allowuserexpungerecovervm: setting } = capabilities;
  const mayByRole = allowed?.has(expungeRight);
  if (setting === true && mayByRole === true) {
    return [ok(about, 'the account may expunge: the addresses of a deleted VM are free at once')];
  }
  if (setting === true && mayByRole === undefined) {
    const text =
      'the setting allow.user.expunge.recover.vm lets the account expunge; whether its role does ' +
      `(${expungeRight}) cannot be told`;
    return [warning(about, text, 'allow the account to call listApis')];
  }
  const missing = [
    ...(setting === true ? [] : ['the setting allow.user.expunge.recover.vm of the account']),
    ...(mayByRole === false ? [`${expungeRight} in its role`] : []),
  ];
  const advice = `set ${missing.join(' and ')} to let the CPI expunge`;
  return [warning(about, `the account may not expunge: ${withoutExpunge()}`, advice)];

  function withoutExpunge(): string {
    if (allowed?.has('updateVmNicIp') !== false) {
      return (
        'delete_vm stops a VM and moves its addresses away before it destroys it, which takes a ' +
        'minute longer, and each deleted VM holds an address at the top of its network for a while'
      );
    }
    const { vm_expunge_delay: waitSeconds } = call.configuration.cloudstack;
    const wait = waitSeconds > 0 ? `; delete_vm waits ${waitSeconds} s for it` : '';
    return (
      'addresses cannot be moved away either (updateVmNicIp), so that those of a deleted VM stay taken until ' +
      `CloudStack expunges it (expunge.delay, expunge.interval)${wait}`
    );
  }
}
