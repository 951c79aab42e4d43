import { nearestName } from '../config/nearest-name.js';
import { cmkOf, csvOf, jsonOf, tableOf } from '../permissions/report.js';
import { roleFor, usersOfRights, type RoleRule } from '../permissions/role.js';
import { exit } from './exit-status.js';
import { terminalWidth } from './terminal.js';

/** What stands on the command line of `cloudstack-cpi permissions`. */
export interface PermissionsFlags {
  readonly required?: true;
  readonly csv?: true;
  readonly cmk?: true;
  readonly json?: true;
  readonly name: string;
}

/** What is wrong with the command line, in words for who wrote it; undefined if nothing is. */
export function usageProblem(
  asked: readonly string[],
  { name }: PermissionsFlags,
): string | undefined {
  const known = usersOfRights();
  const stranger = asked.find((method) => !known.includes(method));
  if (stranger !== undefined) {
    const nearest = nearestName(stranger, known);
    const hint = nearest === undefined ? `one of ${known.join(', ')}` : `did you mean ${nearest}?`;
    return `${stranger} is no method of the CPI: ${hint}`;
  }
  return /['\\\n]/.test(name) ? '--name takes no quotes, backslashes and line breaks' : undefined;
}

/**
 * Runs `cloudstack-cpi permissions` with a command line that has no `usageProblem`, and answers its
 * exit status. It asks nothing of the cloud.
 */
export function runPermissionsCommand(asked: readonly string[], flags: PermissionsFlags): number {
  const methods = asked.length === 0 ? usersOfRights() : asked;
  const rules = roleFor(methods, flags.required === true ? 'required' : 'all');
  process.stdout.write(`${textOf(rules, methods, flags)}\n`);
  return exit.good;
}

function textOf(
  rules: readonly RoleRule[],
  methods: readonly string[],
  { json, csv, cmk, name }: PermissionsFlags,
): string {
  if (json === true) return jsonOf(rules, methods);
  if (csv === true) return csvOf(rules);
  if (cmk === true) return cmkOf(rules, name);
  return tableOf(rules, terminalWidth(process.stdout));
}
