import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Values of `instance_type` in bat.yml, by which the tests choose whether VMs have an ephemeral disk. */
export const instanceTypes = {
  withEphemeralDisk: 'with-ephemeral-disk',
  withoutEphemeralDisk: 'without-ephemeral-disk',
} as const;

const mark = '<%# Of bosh-cloudstack-cpi: bats-runner writes it anew. %>';

/** Larger than the disk of any stemcell, for what the agent makes of the rest. */
const stemcellDiskMib = 5120;

/**
 * The cloud config of the acceptance tests on CloudStack: what lib/bat/cloud_config.rb renders for
 * `cpi: cloudstack`. The names in it (az z1, the vip network static, vm_type default) are those that
 * templates/deployment.yml.erb refers to.
 */
export const cloudConfigTemplate = `${mark}
---
azs:
- name: z1
  cloud_properties:
    zone: <%= properties.zone.to_json %>

networks:
<% if properties.vip %>
- name: static
  type: vip
<% end %>
<% properties.networks.each do |network| %>
- name: <%= network.name %>
  type: manual
  subnets:
  - range: <%= network.cidr %>
    azs: [z1]
    gateway: <%= network.gateway %>
    reserved: <%= network.reserved.to_json %>
    static: <%= network.static.to_json %>
    <% if properties.nameservers %>
    dns: <%= properties.nameservers.to_json %>
    <% end %>
    cloud_properties:
      name: <%= network.cloud_properties.name.to_json %>
<% end %>

compilation:
  workers: 2
  network: <%= properties.networks.first.name %>
  reuse_compilation_vms: true
  vm_type: compilation
  az: z1

vm_types:
- name: default
  cloud_properties:
    compute_offering: <%= properties.compute_offering.to_json %>
    <% if properties.instance_type == '${instanceTypes.withoutEphemeralDisk}' %>
    disk: 0
    root_disk_size: <%= ${stemcellDiskMib} + properties.ephemeral_disk_mib %>
    <% else %>
    disk: <%= properties.ephemeral_disk_mib %>
    ephemeral_disk_offering: <%= properties.ephemeral_disk_offering.to_json %>
    <% end %>
- name: compilation
  cloud_properties:
    compute_offering: <%= properties.compute_offering.to_json %>
    disk: <%= properties.ephemeral_disk_mib %>
    ephemeral_disk_offering: <%= properties.ephemeral_disk_offering.to_json %>

<% if properties.disk_types %>
disk_types:
<% properties.disk_types.each do |disk_type| %>
- name: <%= disk_type.name %>
  disk_size: <%= disk_type.disk_size %>
  cloud_properties:
    disk_offering: <%= properties.disk_offering.to_json %>
<% end %>
<% end %>
`;

/**
 * Puts the template into a checkout. One that is there and is not ours stays: then the acceptance
 * tests have got one of their own. Answers whether it is ours.
 */
export function putTemplate(checkout: string): boolean {
  const file = join(checkout, 'templates', 'cloud_config_cloudstack.yml.erb');
  if (existsSync(file) && !readFileSync(file, 'utf8').startsWith(mark)) return false;
  writeFileSync(file, cloudConfigTemplate);
  return true;
}
