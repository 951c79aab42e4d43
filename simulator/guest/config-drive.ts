import type { VmData } from './vm-data.js';

/** The label of the drive's file system (vm.configdrive.label). */
export const CONFIG_DRIVE_LABEL = 'config-2';

/** Under which names OpenStack's readers know the metadata (NetworkModel.openStackFileMapping). */
const OPENSTACK_NAMES: ReadonlyMap<string, string> = new Map([
  ['availability-zone', 'availability_zone'],
  ['local-hostname', 'hostname'],
  ['vm-id', 'uuid'],
  ['public-hostname', 'name'],
  ['hypervisor-host-name', 'hypervisor-host-name'],
]);

/**
 * The files of a config drive by their path from its root (ConfigDriveBuilder). It says nothing of
 * NICs: that it does only for networks whose offering has DHCP or DNS from the drive, too, and no
 * network offering of CloudStack's own has.
 */
export function configDriveFiles({ userData, metadata }: VmData): ReadonlyMap<string, Uint8Array> {
  const texts = new Map<string, string | Uint8Array>([
    ['openstack/latest/vendor_data.json', '{}'],
    ['openstack/latest/network_data.json', '{}'],
    ['openstack/latest/meta_data.json', JSON.stringify(openStackMetadata(metadata))],
  ]);
  for (const [name, value] of metadata) {
    if (value !== '') texts.set(`cloudstack/metadata/${name}.txt`, value);
  }
  if (userData.length > 0) {
    texts.set('cloudstack/userdata/user_data.txt', userData);
    texts.set('openstack/latest/user_data', userData);
  }
  return new Map([...texts].map(([path, content]) => [path, Buffer.from(content)]));
}

function openStackMetadata(metadata: ReadonlyMap<string, string>): Record<string, unknown> {
  const json: Record<string, unknown> = {};
  for (const [name, value] of metadata) {
    if (value === '') continue;
    const openStackName = OPENSTACK_NAMES.get(name);
    if (openStackName !== undefined) json[openStackName] = value;
    if (name !== 'public-keys') continue;
    const keyName = nameOfKey(value);
    json['keys'] = [{ type: 'ssh', data: value, name: keyName }];
    json['public_keys'] = { [keyName]: value };
  }
  return json;
}

/** CloudStack looks for a comment only in keys of more than three words. */
function nameOfKey(publicKey: string): string {
  const words = publicKey.split(' ');
  return words.length > 3 && words[2] !== undefined && words[2] !== '' ? words[2] : 'key';
}
