import {
  booleanField,
  integerField,
  longField,
  responseObject,
  stringField,
  type Field,
  type View,
} from '../../declare/response.js';
import { isAdmin, type Caller } from '../../declare/caller.js';
import type { AccountSettingName } from '../../world/settings/configuration-keys.js';
import { accountSetting } from '../../world/settings/configurations.js';
import type { SettingName, SettingValue } from '../../world/settings/settings.js';

/** CapabilitiesResponse: what clients may count on, much of it by settings. */
export const capabilityResponse = responseObject<Caller>('capability', {
  securitygroupsenabled: booleanField(() => false),
  dynamicrolesenabled: booleanField(() => true),
  cloudstackversion: stringField(setting('cloudstack.version')),
  userpublictemplateenabled: booleanField(() => true),
  supportELB: stringField(() => 'false'),
  projectinviterequired: booleanField(() => false),
  allowusercreateprojects: booleanField(setting('allow.user.create.projects')),
  customdiskofferingminsize: longField(setting('custom.diskoffering.size.min')),
  customdiskofferingmaxsize: longField(setting('custom.diskoffering.size.max')),
  regionsecondaryenabled: booleanField(() => false),
  kvmsnapshotenabled: booleanField(setting('kvm.snapshot.enabled')),
  allowuserviewdestroyedvm: allowed('allow.user.view.destroyed.vm'),
  allowuserexpungerecovervm: allowed('allow.user.expunge.recover.vm'),
  allowuserexpungerecovervolume: allowed('allow.user.expunge.recover.volume'),
  allowuserviewalldomainaccounts: booleanField(() => false),
  allowuserforcestopvm: allowed('allow.user.force.stop.vm'),
  kubernetesserviceenabled: booleanField(() => false),
  kubernetesclusterexperimentalfeaturesenabled: booleanField(() => false),
  customhypervisordisplayname: stringField(() => 'Custom'),
  defaultuipagesize: longField(() => 20),
  instancesstatsretentiontime: integerField(() => 720),
  instancesstatsuseronly: booleanField(() => false),
  instancesdisksstatsretentionenabled: booleanField(() => false),
  instancesdisksstatsretentiontime: integerField(() => 720),
  sharedfsvmmincpucount: integerField(() => 2),
  sharedfsvmminramsize: integerField(() => 1_024),
  additionalconfigenabled: booleanField(() => false),
});

/** The value that is in force for everybody. */
function setting<Name extends SettingName>(
  name: Name,
): (caller: Caller, view: View) => SettingValue<Name> {
  return (_caller, { world }) => world.settings.get(name);
}

/** What admins may anyway, and users as far as a setting lets their account. */
function allowed(name: AccountSettingName): Field<Caller> {
  return booleanField(
    (caller, { world }) => isAdmin(caller) || accountSetting(world, caller.account, name),
  );
}
