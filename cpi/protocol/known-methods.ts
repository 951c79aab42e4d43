/**
 * Every method of the CPI API, whether this CPI implements it or not: the Director and the CLI
 * have a way round most of those that answer NotImplemented.
 */
export const knownMethods: readonly string[] = [
  'info',
  'ping',
  'create_stemcell',
  'delete_stemcell',
  'create_vm',
  'delete_vm',
  'has_vm',
  'reboot_vm',
  'set_vm_metadata',
  'configure_networks',
  'calculate_vm_cloud_properties',
  'current_vm_id',
  'create_disk',
  'delete_disk',
  'has_disk',
  'attach_disk',
  'detach_disk',
  'set_disk_metadata',
  'resize_disk',
  'update_disk',
  'get_disks',
  'snapshot_disk',
  'delete_snapshot',
  'create_network',
  'delete_network',
];
