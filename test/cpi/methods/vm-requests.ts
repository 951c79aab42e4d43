// Arguments of create_vm for the simulated default zone, to be varied by tests.

export const agentId = '5d5857ca-3c9f-4766-7391-53246c1d4875';

export interface VmVariation {
  agentId?: string;
  stemcell?: string;
  properties?: object;
  networks?: object;
  disks?: readonly string[];
  env?: object;
}

/** A VM with a static address in NET_CS. */
export function vmArguments(variation: VmVariation = {}): unknown[] {
  return [
    variation.agentId ?? agentId,
    variation.stemcell ?? 'ubuntu-jammy',
    { compute_offering: 'm1.small', ...variation.properties },
    variation.networks ?? { private: manualNetwork() },
    variation.disks ?? [],
    variation.env ?? { bosh: { group: 'g' } },
  ];
}

export function manualNetwork(ip = '10.203.6.40', more: object = {}): object {
  return {
    type: 'manual',
    ip,
    prefix: '32',
    netmask: '255.255.254.0',
    gateway: '10.203.7.254',
    dns: ['8.8.8.8'],
    default: ['dns', 'gateway'],
    cloud_properties: { name: 'NET_CS' },
    ...more,
  };
}
