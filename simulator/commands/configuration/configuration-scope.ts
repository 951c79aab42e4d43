import { assertMayOperate, assertMayUseDomain } from '../../declare/access.js';
import type { CommandContext } from '../../declare/context.js';
import { entity } from '../../declare/parameter.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import type { ConfigurationScope } from '../../world/settings/configuration-keys.js';
import type { ScopedTo } from '../../world/settings/configurations.js';
import type {
  AccountRow,
  ClusterRow,
  DomainRow,
  StoragePoolRow,
  ZoneRow,
} from '../../world/entities.js';

/** For what a setting is asked for; everything unless one of them is given. */
export const scopeParameters = {
  zoneid: entity('zone'),
  clusterid: entity('cluster'),
  storageid: entity('storagepool'),
  accountid: entity('account'),
  domainid: entity('domain'),
} as const;

/** What `scopeParameters` hold. */
export interface ScopeArguments {
  readonly zoneid?: ZoneRow | undefined;
  readonly clusterid?: ClusterRow | undefined;
  readonly storageid?: StoragePoolRow | undefined;
  readonly accountid?: AccountRow | undefined;
  readonly domainid?: DomainRow | undefined;
}

/** A domain admin who names no account and no domain means its own domain. */
export function withOwnDomain(
  { world, caller }: CommandContext,
  args: ScopeArguments,
): ScopeArguments {
  const isNamed = args.accountid !== undefined || args.domainid !== undefined;
  if (caller.role !== 'DomainAdmin' || isNamed) return args;
  return { ...args, domainid: world.domains.require(caller.account.domainId) };
}

/**
 * The one resource that is asked about, undefined for none.
 *
 * @throws 531 for an account or domain that is not the caller's, 431 for more than one.
 */
export function askedScope(context: CommandContext, args: ScopeArguments): ScopedTo | undefined {
  const { accountid: account, domainid: domain } = args;
  if (account !== undefined) assertMayOperate(context, 'account', account);
  if (domain !== undefined) assertMayUseDomain(context, domain.id);
  return onlyScope(args);
}

/** The same without a look at whose it is. */
export function onlyScope(args: ScopeArguments): ScopedTo | undefined {
  const rows: readonly (readonly [ConfigurationScope, { readonly id: string } | undefined])[] = [
    ['Zone', args.zoneid],
    ['Cluster', args.clusterid],
    ['Account', args.accountid],
    ['Domain', args.domainid],
    ['StoragePool', args.storageid],
  ];
  const given = rows.flatMap(([scope, row]): ScopedTo[] =>
    row === undefined ? [] : [{ scope, id: row.id }],
  );
  if (given.length > 1) {
    throw invalidParameter(
      'cannot handle multiple IDs, provide only one ID corresponding to the scope',
    );
  }
  return given[0];
}
