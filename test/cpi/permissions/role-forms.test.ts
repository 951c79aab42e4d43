// Proves that the role comes in forms that CloudStack takes, that it is the same role in each of them,
// and that under it a whole life goes as with every right; against the simulated zone.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { stemcellImage } from '../../../bats-runner/stemcell/stemcell-image.js';
import { cmkOf, csvOf, jsonOf, tableOf } from '../../../cpi/permissions/report.js';
import { roleFor, usersOfRights } from '../../../cpi/permissions/role.js';
import { at, startZone, type CpiZone } from '../../support/cpi-zone.js';
import { vmArguments } from '../methods/vm-requests.js';
import { giveRole } from './limited-role.js';

const role = roleFor(usersOfRights());

/** The rules of a role as CloudStack lists them. */
function rulesOf(zone: CpiZone, roleid: string): string[] {
  const listed = zone.admin.call('listRolePermissions', { roleid })['rolepermission'];
  return (listed as { rule: string; permission: string }[]).map(
    ({ rule, permission }) => `${permission} ${rule}`,
  );
}

/** As CloudStack's user interface reads a file and asks for the import (ImportRole.vue). */
function importCsv(zone: CpiZone, csv: string): string {
  const [header = '', ...lines] = csv.split('\n');
  expect(header).toBe('rule,permission,description');
  const parameters = lines
    .filter((line) => line.trim() !== '')
    .flatMap((line, index) => {
      const values = line.trim().split(',');
      expect(values).toHaveLength(3);
      return header
        .split(',')
        .map((key, n) => [`rules[${index}].${key}`, values[n] ?? ''] as const);
    });
  const values = { name: 'bosh-cpi', type: 'User', ...Object.fromEntries(parameters) };
  return String(at(zone.admin.call('importRole', values), 'role', 'id'));
}

/** As a shell and CloudMonkey read it. */
function importCmk(zone: CpiZone, text: string): string {
  const words = text.replaceAll('\\\n', ' ').match(/'[^']*'|\S+/g) ?? [];
  expect(words.slice(0, 3)).toEqual(['cmk', 'import', 'role']);
  const values = words.slice(3).map((word) => {
    const [key = '', ...value] = word.replaceAll("'", '').split('=');
    return [key, value.join('=')] as const;
  });
  return String(at(zone.admin.call('importRole', Object.fromEntries(values)), 'role', 'id'));
}

test('the file, the command and the JSON hold the same rules, which the table shows', async () => {
  await using zone = await startZone({}, 'direct');
  const rules = rulesOf(zone, importCsv(zone, csvOf(role)));
  expect(rules).toHaveLength(role.length + 1);
  expect(rules.at(-1)).toBe('deny *');
  expect(rulesOf(zone, importCmk(zone, cmkOf(role, 'bosh cpi')))).toEqual(rules);
  const json = JSON.parse(jsonOf(role, ['ping'])) as {
    rules: { rule: string; permission: string }[];
    methods: unknown;
  };
  expect(json.rules.map(({ rule, permission }) => `${permission} ${rule}`)).toEqual(rules);
  const ping = { required: ['listZones'], optional: [], ifAllowed: ['listNetworks'] };
  expect(json.methods).toEqual({ ping });
  const lines = tableOf(role, 100).split('\n');
  for (const rule of rules) {
    const [permission = '', name = ''] = rule.split(' ');
    expect(
      lines.filter((line) => line.split(/\s+/).slice(0, 2).join(' ') === `${permission} ${name}`),
    ).toHaveLength(1);
  }
  expect(lines.every((line) => line.length <= 100)).toBe(true);
});

test('every rule is a command of CloudStack 4.20', () => {
  const url = new URL('../../vectors/api/4.20.json', import.meta.url);
  const commands = readFileSync(url, 'utf8');
  for (const { right } of role) expect(commands).toContain(`"${right}"`);
});

test('only the rules without which a method fails, and only for some methods', () => {
  const names = (rules: typeof role): string[] => rules.map(({ right }) => right);
  expect(names(roleFor(['has_vm', 'ping']))).toEqual(['listVirtualMachines', 'listZones']);
  expect(names(roleFor(['delete_vm']))).toContain('updateVmNicIp');
  expect(names(roleFor(['delete_vm'], 'required'))).not.toContain('updateVmNicIp');
  expect(names(roleFor(usersOfRights(), 'required'))).not.toContain('listAffinityGroups');
  expect(names(roleFor(['gc'], 'required'))).toContain('listAffinityGroups');
  const optional = role.filter(({ lost }) => lost.length > 0);
  expect(optional.map(({ right }) => right)).toContain('expungeVirtualMachine');
  expect(optional.map(({ right }) => right)).not.toContain('deployVirtualMachine');
});

test('an account with the imported role lives a whole life, and may do nothing else', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'role-'));
  const image = join(folder, 'image');
  writeFileSync(image, await stemcellImage());
  await using zone = await startZone({}, 'direct');
  giveRole(zone, importCsv(zone, csvOf(role)));
  const stemcell = await zone.result('create_stemcell', [image, { name: 'jammy', version: '1' }]);
  const [vm] = (await zone.result('create_vm', vmArguments({ stemcell: String(stemcell) }))) as [
    string,
  ];
  await zone.result('set_vm_metadata', [vm, { director: 'd', name: 'web/0' }]);
  const disk = await zone.result('create_disk', [1024, { disk_offering: 'shared.custom' }, vm]);
  await zone.result('attach_disk', [vm, disk]);
  await zone.result('detach_disk', [vm, disk]);
  await zone.result('delete_vm', [vm]);
  await zone.result('delete_disk', [disk]);
  await zone.result('delete_stemcell', [stemcell]);
  expect(zone.diagnostics.filter((line) => line.includes('must be allowed'))).toEqual([]);
  const { errorcode } = zone.user.fails('destroyVolume', { id: String(disk) });
  expect(errorcode).toBe(432);
  rmSync(folder, { recursive: true, force: true });
});
