// In which situations operators are at work, and on what: all that crash runs have, and those in which
// only somebody else can be in the way of a call.
import { attachedDisk } from '../crash/made-before.js';
import { registryScenarios } from '../crash/registry-scenarios.js';
import { byBothAccounts, type Scenario } from '../crash/scenario.js';
import { scenariosIn } from '../crash/scenarios.js';
import type { Subject } from './deeds.js';

/** `image` is the path of a stemcell's image. */
export function scenariosOfOperators(image: string): readonly Scenario[] {
  return [...scenariosIn(image), ...registryScenarios, ...ofPersistentDisks];
}

const ofPersistentDisks: readonly Scenario[] = [
  ...byBothAccounts({
    method: 'delete_vm',
    about: 'that has a persistent disk',
    prepare: async (zone) => [(await attachedDisk(zone))[0]],
  }),
  {
    method: 'attach_disk',
    about: 'that has been attached already',
    prepare: attachedDisk,
  },
];

const whatVmsHave: readonly Subject[] = [
  'VM',
  'ephemeral disk',
  'public address',
  'affinity group',
  'load balancer rule',
];

/** What each method works with. */
const subjects: Readonly<Record<string, readonly Subject[]>> = {
  reboot_vm: ['VM'],
  set_vm_metadata: ['VM'],
  create_disk: ['persistent disk', 'offering'],
  delete_disk: ['persistent disk'],
  attach_disk: ['VM', 'persistent disk'],
  detach_disk: ['VM', 'persistent disk'],
  resize_disk: ['persistent disk', 'offering'],
  update_disk: ['persistent disk', 'offering'],
  set_disk_metadata: ['persistent disk'],
  snapshot_disk: ['VM', 'persistent disk', 'snapshot'],
  delete_snapshot: ['snapshot', 'persistent disk'],
  create_network: ['network'],
  delete_network: ['network'],
  create_stemcell: ['stemcell'],
  delete_stemcell: ['stemcell'],
};

/** What some calls work with, besides what others show of all of them. */
const ownSubjects: Readonly<Record<string, readonly Subject[]>> = {
  'create_vm with everything, by an account that may expunge': [
    'VM',
    'ephemeral disk',
    'public address',
    'static address',
    'affinity group',
    'load balancer rule',
    'offering',
    'stemcell',
  ],
  'create_vm with everything, by an account that may not expunge': ['VM', 'public address'],
  'create_vm with everything, in a network of a project': ['VM'],
  'create_vm that follows a disk on local storage': ['persistent disk'],
  'create_vm with a key pair to be registered, and with ports of a shared address': [
    'VM',
    'key pair',
    'port forwarding rule',
    'shared address',
  ],
  'create_vm with a public address, in a tier of a VPC': ['network', 'public address'],
  'create_vm in another zone than that of its stemcell': ['VM', 'stemcell'],
  'create_vm with two NICs, by an account that may not expunge': ['VM'],
  'create_vm with everything that a forgotten VM has, by an account that may expunge': [
    'forgotten VM',
    'public address',
  ],
  'create_vm with everything that a forgotten VM has, by an account that may not expunge': [
    'forgotten VM',
  ],
  'create_vm with two NICs, of whose addresses a forgotten VM has the second, by an account that may not expunge':
    ['forgotten VM'],
  'create_vm whose address a forgotten VM with settings in the registry has, by an account that may expunge':
    ['forgotten VM', 'settings'],
  'create_vm with settings in the registry, by an account that may expunge': ['VM', 'settings'],
  'create_vm with settings in the registry, by an account that may not expunge': ['settings'],
  'delete_vm with everything, by an account that may expunge': whatVmsHave,
  'delete_vm with everything, by an account that may not expunge': whatVmsHave,
  'delete_vm with everything, of a project': ['VM'],
  'delete_vm with two NICs, by an account that may not expunge': ['VM'],
  'delete_vm with ports of a shared address, by an account that may not expunge': [
    'VM',
    'port forwarding rule',
    'shared address',
  ],
  'delete_vm with a public address that stays, by an account that may not expunge': [
    'VM',
    'shared address',
  ],
  'delete_vm that has a persistent disk, by an account that may expunge': ['persistent disk'],
  'delete_vm that has a persistent disk, by an account that may not expunge': ['persistent disk'],
  'delete_vm with settings in the registry, by an account that may expunge': ['VM', 'settings'],
  'delete_vm with settings in the registry, by an account that may not expunge': ['VM', 'settings'],
  'delete_vm of a VM of the Java CPI, by an account that may not expunge': [
    'VM',
    'persistent disk',
  ],
  'delete_vm of a VM of the Go CPI, by an account that may expunge': ['VM', 'persistent disk'],
  'delete_vm of a VM of the Go CPI, by an account that may not expunge': ['VM', 'persistent disk'],
  'attach_disk that is to be in the registry, in API version 1': ['persistent disk'],
  'detach_disk that is in the registry, in API version 1': ['persistent disk'],
  'create_stemcell by copying a template, by an account that may expunge': ['stemcell', 'work VM'],
  'create_stemcell by copying a template, by an account that may not expunge': [
    'stemcell',
    'work VM',
  ],
};

const settings: readonly Subject[] = ['settings'];

/** What operators may do something to while a call works with it. */
export function subjectsOf({ method, about, hasRegistry }: Scenario): readonly Subject[] {
  const usual = subjects[method];
  if (usual === undefined) return ownSubjects[`${method} ${about}`] ?? [];
  return [...(ownSubjects[`${method} ${about}`] ?? usual), ...(hasRegistry ? settings : [])];
}
