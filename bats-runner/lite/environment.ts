import { isObject, type JsonObject } from '../json.js';

/** What a Director puts into the environment of each VM. */
export interface DirectorEnvironment {
  /** The Director's property `agent.env.bosh`. */
  readonly bosh: JsonObject;
  readonly mbusCert: JsonObject;
  readonly password: string;
}

interface VmOwner {
  readonly director: string;
  readonly deployment: string;
  readonly group: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** The env of create_vm, with that of the instance group in it (create_vm_step.rb). */
export function environmentOf(
  { bosh, mbusCert, password }: DirectorEnvironment,
  env: JsonObject,
  { director, deployment, group, tags }: VmOwner,
): JsonObject {
  const groups = groupsOf(director, deployment, group);
  return {
    ...env,
    bosh: {
      ...bosh,
      ...(isObject(env['bosh']) && env['bosh']),
      ...(Object.keys(tags).length > 0 && { tags: { ...tags } }),
      mbus: { cert: mbusCert },
      password,
      group: groups.at(-1),
      groups,
    },
  };
}

function groupsOf(...names: readonly [string, string, string]): string[] {
  const [director, deployment, group] = names.map(canonical);
  return [
    `${director}`,
    `${deployment}`,
    `${group}`,
    `${director}-${deployment}`,
    `${deployment}-${group}`,
    `${director}-${deployment}-${group}`,
  ];
}

/** As in names of DNS (canonicalizer.rb). */
function canonical(name: string): string {
  return name
    .toLowerCase()
    .replaceAll('_', '-')
    .replace(/[^a-z0-9-]/g, '');
}
