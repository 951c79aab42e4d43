import { ownerFields } from '../../declare/owner-fields.js';
import { longField, responseObject, stringField, type Field } from '../../declare/response.js';
import type { AccountRow, DomainRow } from '../../world/entities.js';
import {
  isStorageType,
  resourceTypes,
  type ResourceType,
} from '../../world/identity/resource-types.js';

const GIB_BYTES = 1_024 ** 3;

/** Whose a limit or a count is. */
export type LimitOwner =
  | { readonly kind: 'account'; readonly account: AccountRow }
  | { readonly kind: 'domain'; readonly domain: DomainRow };

/** A limit, or a count, of one type. */
export interface OwnersAmount {
  readonly owner: LimitOwner;
  readonly type: ResourceType;
  /** In bytes for storage; -1 is no limit. */
  readonly amount: number;
}

const ofAccount = ownerFields<OwnersAmount>(({ owner }) =>
  owner.kind === 'account' ? owner.account.id : null,
);

const owner: Readonly<Record<string, Field<OwnersAmount>>> = {
  account: ofAccount.account,
  projectid: ofAccount.projectid,
  project: ofAccount.project,
  domainid: orOfDomain(ofAccount.domainid, (domain) => domain.id),
  domain: orOfDomain(ofAccount.domain, (domain) => domain.name),
  domainpath: orOfDomain(ofAccount.domainpath, (domain) => domain.path),
  resourcetype: stringField(({ type }) => String(resourceTypes.indexOf(type))),
  resourcetypename: stringField(({ type }) => type),
};

/** ResourceLimitResponse: storage is shown in GiB, rounded up. */
export const resourceLimitResponse = responseObject<OwnersAmount>('resourcelimit', {
  ...owner,
  max: longField(({ type, amount }) =>
    isStorageType(type) && amount >= 0 ? Math.ceil(amount / GIB_BYTES) : amount,
  ),
});

/** ResourceCountResponse: storage is shown in bytes. */
export const resourceCountResponse = responseObject<OwnersAmount>('resourcecount', {
  ...owner,
  resourcecount: longField(({ amount }) => amount),
});

function orOfDomain(
  field: Field<OwnersAmount>,
  value: (domain: DomainRow) => string,
): Field<OwnersAmount> {
  return {
    ...field,
    value: (row, view) =>
      row.owner.kind === 'domain' ? value(row.owner.domain) : field.value(row, view),
  };
}
