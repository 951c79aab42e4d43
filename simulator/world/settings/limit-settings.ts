import { setting } from './setting.js';

/** How much accounts, projects and domains may have that no limit of their own says otherwise. */
export const limitSettings = {
  'max.account.user.vms': setting<number>(20, 'Most VMs of an account; -1: any number'),
  'max.account.public.ips': setting<number>(
    20,
    'Most public addresses of an account; -1: any number',
  ),
  'max.account.volumes': setting<number>(20, 'Most volumes of an account; -1: any number'),
  'max.account.snapshots': setting<number>(20, 'Most snapshots of an account; -1: any number'),
  'max.account.templates': setting<number>(
    20,
    'Most templates and ISOs of an account; -1: any number',
  ),
  'max.account.projects': setting<number>(10, 'Most projects of an account; -1: any number'),
  'max.account.networks': setting<number>(
    20,
    'Most isolated networks of an account; -1: any number',
  ),
  'max.account.vpcs': setting<number>(20, 'Most VPCs of an account; -1: any number'),
  'max.account.cpus': setting<number>(40, 'Most CPU cores of an account; -1: any number'),
  'max.account.memory': setting<number>(40_960, 'Most MiB of memory of an account; -1: any number'),
  'max.account.primary.storage': setting<number>(
    200,
    'Most GiB of volumes of an account; -1: any number',
  ),
  'max.account.secondary.storage': setting<number>(
    400,
    'Most GiB of templates and snapshots of an account; -1: any number',
  ),
  'max.project.user.vms': setting<number>(20, 'Most VMs of a project; -1: any number'),
  'max.project.public.ips': setting<number>(
    20,
    'Most public addresses of a project; -1: any number',
  ),
  'max.project.volumes': setting<number>(20, 'Most volumes of a project; -1: any number'),
  'max.project.snapshots': setting<number>(20, 'Most snapshots of a project; -1: any number'),
  'max.project.templates': setting<number>(
    20,
    'Most templates and ISOs of a project; -1: any number',
  ),
  'max.project.networks': setting<number>(
    20,
    'Most isolated networks of a project; -1: any number',
  ),
  'max.project.vpcs': setting<number>(20, 'Most VPCs of a project; -1: any number'),
  'max.project.cpus': setting<number>(40, 'Most CPU cores of a project; -1: any number'),
  'max.project.memory': setting<number>(40_960, 'Most MiB of memory of a project; -1: any number'),
  'max.project.primary.storage': setting<number>(
    200,
    'Most GiB of volumes of a project; -1: any number',
  ),
  'max.project.secondary.storage': setting<number>(
    400,
    'Most GiB of templates and snapshots of a project; -1: any number',
  ),
  'max.domain.user.vms': setting<number>(40, 'Most VMs of a domain; -1: any number'),
  'max.domain.public.ips': setting<number>(40, 'Most public addresses of a domain; -1: any number'),
  'max.domain.volumes': setting<number>(40, 'Most volumes of a domain; -1: any number'),
  'max.domain.snapshots': setting<number>(40, 'Most snapshots of a domain; -1: any number'),
  'max.domain.templates': setting<number>(
    40,
    'Most templates and ISOs of a domain; -1: any number',
  ),
  'max.domain.projects': setting<number>(50, 'Most projects of a domain; -1: any number'),
  'max.domain.networks': setting<number>(40, 'Most isolated networks of a domain; -1: any number'),
  'max.domain.vpcs': setting<number>(40, 'Most VPCs of a domain; -1: any number'),
  'max.domain.cpus': setting<number>(80, 'Most CPU cores of a domain; -1: any number'),
  'max.domain.memory': setting<number>(81_920, 'Most MiB of memory of a domain; -1: any number'),
  'max.domain.primary.storage': setting<number>(
    400,
    'Most GiB of volumes of a domain; -1: any number',
  ),
  'max.domain.secondary.storage': setting<number>(
    800,
    'Most GiB of templates and snapshots of a domain; -1: any number',
  ),
} as const;
