import { isCloudStackError, type CloudStackError } from '../../cloudstack/errors.js';
import { findAffinityGroup } from '../../cloudstack/find-resources.js';
import type { AffinityGroup } from '../../cloudstack/types.js';
import type { ValuesOf } from '../../config/property.js';
import { BoshError } from '../../protocol/bosh-error.js';
import { isJsonObject, type JsonObject } from '../../protocol/json-value.js';
import type { Call } from '../call/call.js';
import type { vmProperties } from '../shared/cloud-properties.js';

/** What the Go CPI made where nothing was said. */
const defaultType = 'host anti-affinity';

/** CloudStack's longest name from 4.20 on (Upgrade41910to42000); before it was 255. */
const nameLengthMax = 191;

/** The affinity group that a VM is to be in. */
export interface WantedGroup {
  name: string;
  /** Undefined if any will do. */
  type: string | undefined;
  /** Of a group that has to be made. */
  newType: string;
  /** Nobody asked for this group by name (`cloudstack.enable_auto_anti_affinity`). */
  isAutomatic?: true;
}

/** The affinity group that a VM is to be in, and what was found of it when the VM was planned. */
export interface PlannedGroup extends WantedGroup {
  readonly found: AffinityGroup | undefined;
}

/**
 * The affinity group that cloud_properties name, or else the one of the instance group where the
 * configuration asks for such; undefined for a VM that is to be in none.
 *
 * @throws BoshError of type CloudError if there is a group of this name and another type.
 */
export async function planAffinityGroup(
  call: Call,
  properties: ValuesOf<typeof vmProperties>,
  env: JsonObject,
): Promise<PlannedGroup | undefined> {
  const wanted = namedGroup(properties) ?? groupOfInstances(call, env);
  return wanted && { ...wanted, found: await findWantedGroup(call, wanted) };
}

/**
 * The group of the wanted name, undefined if there is none yet.
 *
 * @throws BoshError of type CloudError if it has another type than the wanted one.
 */
export async function findWantedGroup(
  { client }: Call,
  { name, type }: WantedGroup,
): Promise<AffinityGroup | undefined> {
  const group = await findAffinityGroup(client, name);
  if (group === undefined || type === undefined || group.type === type) return group;
  throw new BoshError(
    'CloudError',
    `create_vm: the affinity group ${name} (${group.id}) is of type "${group.type ?? 'unknown'}", ` +
      `not "${type}": correct affinity_group_type, take another group, or delete this one`,
  );
}

/** A start that failed for want of a host, with what lets VMs of an automatic group share one. */
export function withGroupAdvice(failure: unknown, group: WantedGroup | undefined): unknown {
  if (group?.isAutomatic !== true || group.newType !== defaultType) return failure;
  if (!isCloudStackError(failure) || !isForWantOfHost(failure)) return failure;
  return failure.advising(
    `the VM is to be on a host without another VM of the affinity group ${group.name} ` +
      '(cloudstack.enable_auto_anti_affinity), and there may be none: add hosts, free resources, ' +
      'or let VMs share hosts, by cloudstack.auto_anti_affinity_type "non-strict host ' +
      'anti-affinity" (CloudStack 4.18 and later), which new groups get',
  );
}

/** From 4.20 on CloudStack does not tell why it could not start a VM. */
function isForWantOfHost({ kind, text }: CloudStackError): boolean {
  return kind === 'capacity' || text.includes('Unable to orchestrate the start of VM');
}

function namedGroup({
  affinity_group: name,
  affinity_group_type: type,
}: ValuesOf<typeof vmProperties>): WantedGroup | undefined {
  return name === undefined ? undefined : { name, type, newType: type ?? defaultType };
}

/** The Director tells the instance group as `env.bosh.group`. */
function groupOfInstances(
  { configuration, context }: Call,
  env: JsonObject,
): WantedGroup | undefined {
  const { enable_auto_anti_affinity: isWanted, auto_anti_affinity_type: type } =
    configuration.cloudstack;
  const group = isJsonObject(env.bosh) ? env.bosh.group : undefined;
  if (!isWanted || typeof group !== 'string' || group === '') return undefined;
  const name = `${context.directorUuid}-${group}`.slice(0, nameLengthMax);
  return { name, type, newType: type ?? defaultType, isAutomatic: true };
}
