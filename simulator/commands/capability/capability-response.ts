import {
  booleanField,
  integerField,
  longField,
  responseObject,
  stringField,
} from '../../declare/response.js';
import type { Settings } from '../../world/settings.js';

/** CapabilitiesResponse: what clients may count on, much of it by settings. */
export const capabilityResponse = responseObject<Settings>('capability', {
  securitygroupsenabled: booleanField(() => false),
  dynamicrolesenabled: booleanField(() => true),
  cloudstackversion: stringField((settings) => settings.get('cloudstack.version')),
  userpublictemplateenabled: booleanField(() => true),
  supportELB: stringField(() => 'false'),
  projectinviterequired: booleanField(() => false),
  allowusercreateprojects: booleanField((settings) => settings.get('allow.user.create.projects')),
  customdiskofferingminsize: longField((settings) => settings.get('custom.diskoffering.size.min')),
  customdiskofferingmaxsize: longField((settings) => settings.get('custom.diskoffering.size.max')),
  regionsecondaryenabled: booleanField(() => false),
  kvmsnapshotenabled: booleanField((settings) => settings.get('kvm.snapshot.enabled')),
  allowuserviewdestroyedvm: booleanField((settings) =>
    settings.get('allow.user.view.destroyed.vm'),
  ),
  allowuserexpungerecovervm: booleanField((settings) =>
    settings.get('allow.user.expunge.recover.vm'),
  ),
  allowuserexpungerecovervolume: booleanField((settings) =>
    settings.get('allow.user.expunge.recover.volume'),
  ),
  allowuserviewalldomainaccounts: booleanField(() => false),
  allowuserforcestopvm: booleanField(() => true),
  kubernetesserviceenabled: booleanField(() => false),
  kubernetesclusterexperimentalfeaturesenabled: booleanField(() => false),
  defaultuipagesize: longField(() => 20),
  instancesstatsretentiontime: integerField(() => 720),
  instancesstatsuseronly: booleanField(() => false),
  instancesdisksstatsretentionenabled: booleanField(() => false),
  instancesdisksstatsretentiontime: integerField(() => 720),
});
