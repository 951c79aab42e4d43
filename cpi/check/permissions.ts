import { isCloudStackError } from '../cloudstack/errors.js';
import type { Call } from '../methods/call/call.js';
import { expungeRight, type Right } from '../permissions/needs.js';
import { needsOf, usersOfRights } from '../permissions/role.js';
import { failed, ok, warning, type Finding } from './finding.js';

const about = 'permissions';

/** The commands that the account may call, as listApis tells; undefined if it may not call that. */
export async function allowedCommands(call: Call): Promise<ReadonlySet<string> | undefined> {
  try {
    const apis = await call.client.list('listApis');
    return new Set(apis.map(({ name }) => name));
  } catch (failure) {
    if (isCloudStackError(failure, 'forbidden-api')) return undefined;
    throw failure;
  }
}

/** Whether the role of the account lets each method of the CPI do its work. */
export function checkPermissions(allowed: ReadonlySet<string> | undefined): Finding[] {
  if (allowed === undefined) {
    const advice = 'allow the account to call listApis; `cloudstack-cpi permissions` prints all';
    return [warning(about, 'the account may not ask what it may call', advice)];
  }
  const isMissing = (right: Right): boolean => !allowed.has(right);
  const incomplete = usersOfRights()
    .map((method) => ({ method, missing: needsOf(method).required.filter(isMissing) }))
    .filter(({ missing }) => missing.length > 0);
  const findings = [...incomplete.map(withoutRequired), ...lossesOf(isMissing)];
  if (findings.length > 0) return findings;
  return [ok(about, `the role allows what all ${usersOfRights().length} methods of the CPI need`)];
}

function withoutRequired({ method, missing }: { method: string; missing: Right[] }): Finding {
  return failed(
    about,
    `${method} fails: the role does not allow ${missing.join(', ')}`,
    'allow that in the role of the account; `cloudstack-cpi permissions` prints the whole role',
  );
}

/** One line for each part of the work that is not there, whichever methods it is for. */
function lossesOf(isMissing: (right: Right) => boolean): Finding[] {
  const losses = new Map<string, { methods: string[]; missing: Right[] }>();
  for (const method of usersOfRights()) {
    for (const { rights, lost } of needsOf(method).optional) {
      // Told by its own check.
      const missing = rights.filter((right) => isMissing(right) && right !== expungeRight);
      if (missing.length === 0) continue;
      const known = losses.get(lost) ?? { methods: [], missing };
      losses.set(lost, { ...known, methods: [...known.methods, method] });
    }
  }
  return [...losses].map(([lost, { methods, missing }]) =>
    warning(
      about,
      `${methods.join(', ')} without ${missing.join(', ')}; lost: ${lost}`,
      'allow that in the role of the account, unless nobody needs it',
    ),
  );
}
