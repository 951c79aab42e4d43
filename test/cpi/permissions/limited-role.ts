// An account whose role allows only what it is told to, and what a call under such a role comes to.
import type { Right } from '../../../cpi/permissions/needs.js';
import { at, type CpiZone } from '../../support/cpi-zone.js';
import { possessionsOf } from '../../crash/possessions.js';
import { interruptedLine } from '../../crash/interruption.js';
import type { Case } from './cases.js';

/** Gives the account of the CPI a new role that allows this and denies everything else. */
export function limitTo(zone: CpiZone, rights: readonly Right[]): void {
  const { admin } = zone;
  const name = `cpi-${zone.simulator.world.roles.all().length}`;
  const roleid = String(at(admin.call('createRole', { name, type: 'User' }), 'role', 'id'));
  for (const rule of rights) {
    admin.call('createRolePermission', { roleid, rule, permission: 'allow' });
  }
  admin.call('createRolePermission', { roleid, rule: '*', permission: 'deny' });
  giveRole(zone, roleid);
}

export function giveRole(zone: CpiZone, roleid: string): void {
  const account = zone.simulator.world.accounts.all().find(({ name }) => name === 'bosh');
  zone.admin.call('updateAccount', { id: String(account?.id), roleid });
}

export interface Outcome {
  /** The commands that were asked for. */
  readonly commands: readonly string[];
  /** What came of it, in words that are the same wherever the same came of it. */
  readonly what: string;
  /** Everything that the CPI said about it. */
  readonly told: string;
}

/** Calls the method of a case, and tells what it answers and what there is then. */
export async function outcomeOf(
  zone: CpiZone,
  { method, options = {}, line: interruption = () => (transport) => transport }: Case,
  args: readonly unknown[],
): Promise<Outcome> {
  const line = interruptedLine();
  const interrupt = interruption();
  zone.diagnostics.length = 0;
  const answer = await zone.call(method, args, {
    ...options,
    through: (transport) => interrupt(line.through(transport)),
  });
  const { result, error } = JSON.parse(answer) as { result: unknown; error: unknown };
  const has = possessionsOf(zone.simulator);
  const what = JSON.stringify({ result, error, has, attached: attachedDisks(zone) }, null, 1);
  return {
    commands: line.commands,
    what: withoutIds(what),
    told: [answer, ...zone.diagnostics].join('\n'),
  };
}

function attachedDisks({ simulator }: CpiZone): string[] {
  const disks = simulator.world.volumes.all().filter(({ type }) => type === 'DATADISK');
  return disks
    .filter(({ vmId }) => vmId !== null)
    .map(({ id, vmId }) => `${id} on ${String(vmId)}`);
}

/** Ids are drawn in the order in which things are made, and decide where addresses are parked. */
export function withoutIds(text: string): string {
  return text
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'ID')
    .replace(/\b[0-9a-f]{20}\b/g, 'HALF-ID')
    .replace(/NIC 10\.203\.7\.\d+/g, 'NIC in a parking place')
    .replace(/\d+(\.\d+)? s\b/g, 'TIME')
    .replace(/([0-9a-f]{2}:){5}[0-9a-f]{2}/g, 'MAC');
}
