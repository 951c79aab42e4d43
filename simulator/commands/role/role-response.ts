import { booleanField, responseObject, stringField } from '../../declare/response.js';
import type { RolePermissionRow, RoleRow } from '../../world/entities.js';

/** RoleResponse. */
export const roleResponse = responseObject<RoleRow>('role', {
  id: stringField((role) => role.id),
  name: stringField((role) => role.name),
  description: stringField((role) => role.description),
  ispublic: booleanField((role) => role.isPublic),
  type: stringField((role) => role.type),
  isdefault: booleanField((role) => role.isDefault),
});

/** What a rule of a role shows; rules of default roles are no rows. */
export type ShownRule = Pick<
  RolePermissionRow,
  'id' | 'roleId' | 'rule' | 'permission' | 'description'
>;

/** RolePermissionResponse; only the list shows the name of the role. */
export const rolePermissionResponse = responseObject<ShownRule>('rolepermission', {
  id: stringField((rule) => rule.id),
  roleid: stringField((rule) => rule.roleId),
  rule: stringField((rule) => rule.rule),
  permission: stringField((rule) => rule.permission),
  description: stringField((rule) => rule.description),
});

export const listedRolePermissionResponse = responseObject<ShownRule>('rolepermission', {
  ...rolePermissionResponse.fields,
  rolename: stringField((rule, { world }) => world.roles.require(rule.roleId).name),
});
