import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { JsonObject } from '../json.js';

const role = z.object({
  type: z.string(),
  rules: z.array(z.object({ rule: z.string(), permission: z.string() })),
});

/** The role that a CPI's account is to have, as a world's description holds it. */
export interface CpiRole extends JsonObject {
  readonly name: string;
  readonly type: string;
  readonly rules: { readonly rule: string; readonly permission: string }[];
}

/** The role in what `cloudstack-cpi permissions --json` has printed. */
export function roleIn(printed: string): CpiRole {
  const { type, rules } = role.parse(JSON.parse(printed));
  return {
    name: 'bosh-cpi',
    type,
    rules: rules.map(({ rule, permission }) => ({ rule, permission })),
  };
}

/** Has the program of the CPI at a path print it. */
export async function printedRole(
  nodePath: string,
  program: string,
  environment: NodeJS.ProcessEnv,
): Promise<CpiRole> {
  const args = [program, 'permissions', '--json'];
  const { stdout } = await promisify(execFile)(nodePath, args, { env: environment });
  return roleIn(stdout);
}
