// What a VM is to be like: its networks and addresses, its disks, and what leads to it.
import { manualNetwork } from '../../cpi/methods/vm-requests.js';
import { oneOf } from '../deed.js';
import type { Instance, MadeNetwork } from '../ledger.js';
import type { Draw } from '../network.js';

/** What is asked for. */
export interface Shape {
  readonly networks: object;
  readonly addresses: Readonly<Record<string, string>>;
  readonly publicIp: string | undefined;
  readonly madeNetwork: MadeNetwork | undefined;
  readonly properties: object;
}

export function shapeOf(
  instance: Instance,
  draw: Draw,
  madeNetworks: readonly MadeNetwork[] = [],
): Shape {
  const isolated = manualNetwork(instance.ip);
  const shared = manualNetwork(instance.sharedIp, {
    netmask: '255.255.255.0',
    gateway: '10.204.0.1',
    cloud_properties: { name: 'NET_SHARED' },
  });
  const dynamic = {
    type: 'dynamic',
    default: ['dns', 'gateway'],
    cloud_properties: { name: 'NET_CS' },
  };
  const kind = draw(7);
  const isInMade = madeNetworks.length > 0 && draw(2) === 0;
  const madeNetwork = isInMade ? oneOf(madeNetworks, draw) : undefined;
  if (madeNetwork !== undefined && kind < 3) return inMadeAlone(instance, madeNetwork);
  const isIsolated = kind < 4;
  const isShared = kind === 3 || kind === 4;
  const isDynamic = kind >= 5;
  const publicIp = (isIsolated || isDynamic) && draw(4) === 0 ? instance.publicIp : undefined;
  return {
    networks: {
      ...(isIsolated && { isolated }),
      ...(isDynamic && { dynamic }),
      ...(isShared && { shared: isIsolated ? { ...shared, default: undefined } : shared }),
      ...(madeNetwork && { made: { ...manualIn(madeNetwork, instance), default: undefined } }),
      ...(publicIp !== undefined && { public: { type: 'vip', ip: publicIp } }),
    },
    addresses: {
      ...(isIsolated && { NET_CS: instance.ip }),
      ...(isShared && { NET_SHARED: instance.sharedIp }),
      ...(madeNetwork && { [madeNetwork.name]: addressIn(madeNetwork, instance) }),
    },
    publicIp,
    madeNetwork,
    properties: {
      ...(draw(2) === 0 && {
        disk: 1024,
        ephemeral_disk_offering: draw(3) === 0 ? 'local.custom' : 'ephemeral',
      }),
      ...(draw(5) === 0 && { compute_offering: 'm1.local' }),
      ...(draw(4) === 0 && { affinity_group: `group-${instance.director}` }),
      ...(publicIp !== undefined &&
        draw(2) === 0 && {
          lbs: [
            {
              name: `lb-${instance.director}`,
              public_port: 80 + instance.director,
              private_port: 8080,
            },
          ],
        }),
    },
  };
}

/** A VM whose only network is one that its Director made. */
function inMadeAlone(instance: Instance, madeNetwork: MadeNetwork): Shape {
  return {
    networks: { made: manualIn(madeNetwork, instance) },
    addresses: { [madeNetwork.name]: addressIn(madeNetwork, instance) },
    publicIp: undefined,
    madeNetwork,
    properties: {},
  };
}

function manualIn(madeNetwork: MadeNetwork, instance: Instance): object {
  return manualNetwork(addressIn(madeNetwork, instance), {
    netmask: '255.255.255.0',
    gateway: madeNetwork.gateway,
    cloud_properties: { name: madeNetwork.cid },
  });
}

/** Each instance has one of its own in each network. */
function addressIn({ prefix }: MadeNetwork, { ip }: Instance): string {
  return `${prefix}.${ip.split('.')[3] ?? ''}`;
}
