// As much of a BOSH agent as finds its way in a simulated guest: where it reads its settings, which
// interface it takes for a network, and which disk for a hint (bosh-agent: infrastructure and
// platform; written from its rules, not from the CPI's).
import type { Guest } from '../../simulator/guest/guest.js';
import type { GuestDisk } from '../../simulator/guest/disks.js';

export type Hint = string | Readonly<Record<string, string>>;

/** How an agent looks for disks, by `DevicePathResolutionType` of its agent.json. */
export type Resolution = 'virtio' | '';

export interface Settings {
  readonly agent_id: string;
  readonly networks: Readonly<Record<string, NetworkSettings>>;
  readonly disks: {
    readonly ephemeral?: Hint;
    readonly persistent: Readonly<Record<string, Hint>>;
  };
}

interface NetworkSettings {
  readonly type: string;
  readonly ip?: string;
  readonly mac?: string;
}

/** The settings, from the metadata service of the first NIC or else from the config drive. */
export function settingsOf(guest: Guest): Settings {
  const router = guest.interfaces.find(({ isDefault }) => isDefault)?.router;
  const served = router ? guest.get(`http://${router}/latest/user-data`) : undefined;
  const file = guest.configDrive?.files.get('cloudstack/userdata/user_data.txt');
  const bytes = served?.status === 200 ? served.body : file;
  if (bytes === undefined) throw new Error('the agent finds no user data');
  return JSON.parse(Buffer.from(bytes).toString()) as Settings;
}

/**
 * The address of the interface that a network's settings mean: the kernel shows MAC addresses in
 * lower case, and the agent compares letter by letter. Undefined if there is no such interface.
 */
export function addressIn(guest: Guest, settings: Settings, network: string): string | undefined {
  const { mac } = settings.networks[network] ?? {};
  const own = guest.interfaces.find(({ macAddress }) => macAddress.toLowerCase() === mac);
  return own?.ipAddress ?? undefined;
}

/** The disk that a hint leads to and that can be partitioned; undefined if the agent finds none. */
export function diskBehind(
  guest: Guest,
  hint: Hint,
  resolution: Resolution,
  cid?: string,
): GuestDisk | undefined {
  const path = typeof hint === 'string' ? hint : hint['path'];
  if (resolution === '') {
    // The path as it is, to which the agent appends the number of a partition: a link will not do.
    return guest.disks.find(({ device }) => device === path);
  }
  return diskWithId(guest, cid) ?? mapped(guest, path ?? '');
}

const idLengthMin = 20;

/** `/dev/disk/by-id/*<CID>`, for CIDs that are long enough to be such ids. */
function diskWithId(guest: Guest, cid = ''): GuestDisk | undefined {
  if (cid.length < idLengthMin) return undefined;
  const found = guest.disks.filter(({ links }) => links.some((link) => link.endsWith(cid)));
  return found.length === 1 ? found[0] : undefined;
}

/** `/dev/sdX` stands for the X-th disk of any kind; other paths have to exist, links are followed. */
function mapped(guest: Guest, path: string): GuestDisk | undefined {
  if (!path.startsWith('/dev/sd')) return guest.disk(path);
  const letter = path.slice('/dev/sd'.length);
  return ['xvd', 'vd', 'sd']
    .map((kind) => guest.disk(`/dev/${kind}${letter}`))
    .find((disk) => disk !== undefined);
}
