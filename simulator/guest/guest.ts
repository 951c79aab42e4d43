import type { NetworkRow, NicRow, VmRow } from '../world/entities.js';
import { servicesOf } from '../world/network/networks.js';
import { nicsOf } from '../world/network/nics.js';
import { routerServing } from '../world/network/vpc-routers.js';
import type { World } from '../world/world.js';
import { CONFIG_DRIVE_LABEL, configDriveFiles } from './config-drive.js';
import { guestDisks, type GuestDisk } from './disks.js';
import { answerMetadataRequest, type GuestHttpResponse } from './metadata-service.js';
import { configDriveVmData, routerVmData } from './vm-data.js';

/** A network interface as the guest's system sees it, in the order of its devices. */
export interface GuestInterface {
  readonly macAddress: string;
  /** What DHCP gives it; null in a network without DHCP. */
  readonly ipAddress: string | null;
  /** The DHCP server's identifier (option 54): the virtual router's address in this network. */
  readonly router: string | null;
  readonly isDefault: boolean;
}

export interface ConfigDrive {
  /** Of its file system. */
  readonly label: string;
  /** By their paths from its root. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** An ISO as a guest sees it. */
export interface GuestCdrom {
  readonly device: string;
  readonly isoId: string;
  readonly label: string;
}

/** The name under which a virtual router's DNS knows itself. */
const DATA_SERVER = 'data-server';

/**
 * What a VM sees of itself from within: its interfaces, and what it gets from its virtual routers.
 * It sees something only while it is powered on.
 */
export class Guest {
  readonly #world: World;
  readonly #vmId: string;

  constructor(world: World, vmId: string) {
    this.#world = world;
    this.#vmId = vmId;
  }

  /** @throws Error unless the VM is powered on. */
  get interfaces(): GuestInterface[] {
    return this.#nics().map((nic) => ({
      macAddress: nic.macAddress,
      ipAddress: this.#has(nic, 'Dhcp') ? nic.ipAddress : null,
      router: this.#routerOf(nic) ?? null,
      isDefault: nic.isDefault,
    }));
  }

  /**
   * The CD-ROM with the user data of a network that has no virtual router to serve them, which are
   * L2 networks; null if the VM is in none.
   *
   * @throws Error unless the VM is powered on.
   */
  get configDrive(): ConfigDrive | null {
    const nic = this.#nics().find(
      (candidate) => this.#networkOf(candidate).type === 'L2' && this.#has(candidate, 'UserData'),
    );
    if (nic === undefined) return null;
    const files = configDriveFiles(configDriveVmData(this.#world, this.#vm(), nic));
    return { label: CONFIG_DRIVE_LABEL, files };
  }

  /**
   * What is in the drive for CD-ROMs: the ISO that was attached, or that the VM was made from; null
   * if there is none.
   *
   * @throws Error unless the VM is powered on.
   */
  get cdrom(): GuestCdrom | null {
    const { isoId } = this.#vm();
    if (isoId === null) return null;
    return { device: '/dev/sr0', isoId, label: this.#world.templates.require(isoId).name };
  }

  /**
   * The disks that a Linux guest has found and been given since it booted, root disk and all.
   *
   * @throws Error unless the VM is powered on.
   */
  get disks(): readonly GuestDisk[] {
    return guestDisks(this.#world, this.#vm());
  }

  /**
   * The disk behind a device node or a link of udev, undefined if there is none.
   *
   * @throws Error unless the VM is powered on.
   */
  disk(path: string): GuestDisk | undefined {
    return this.disks.find(({ device, links }) => device === path || links.includes(path));
  }

  /**
   * Writes a file to the disk behind a path; it stays on the volume, wherever that goes.
   *
   * @throws Error unless the VM is powered on and has that disk.
   */
  writeFile(path: string, name: string, content: string): void {
    const disk = this.disk(path);
    if (disk === undefined) throw new Error(`VM ${this.#vmId} has no disk at ${path}`);
    const volume = this.#world.volumes.require(disk.volumeId);
    this.#world.kernel.because(`guest:${this.#vmId}`, () => {
      this.#world.volumes.change(volume, { files: { ...volume.files, [name]: content } });
    });
  }

  /**
   * GETs a URL. Of all that a guest could reach, only virtual routers answer, by address or, in the
   * network of the default NIC, as `data-server`; undefined where nothing answers.
   *
   * @throws Error unless the VM is powered on; TypeError if `url` is none.
   */
  get(url: string): GuestHttpResponse | undefined {
    const { hostname, pathname, protocol, port } = new URL(url);
    const nic = this.#nics().find((candidate) => this.#isBehind(candidate, hostname));
    if (nic?.ipAddress == null || protocol !== 'http:' || port !== '') return undefined;
    return answerMetadataRequest(
      routerVmData(this.#world, this.#vm(), nic),
      nic.ipAddress,
      pathname,
    );
  }

  #isBehind(nic: NicRow, hostName: string): boolean {
    const router = this.#routerOf(nic);
    if (router === undefined || !this.#has(nic, 'UserData')) return false;
    return hostName === router || (nic.isDefault && hostName.replace(/\.$/, '') === DATA_SERVER);
  }

  #has(nic: NicRow, service: 'Dhcp' | 'UserData'): boolean {
    return servicesOf(this.#world, this.#networkOf(nic)).includes(service);
  }

  /** In an isolated network the router is the gateway, in a shared one a host beside others; it must run. */
  #routerOf(nic: NicRow): string | undefined {
    const network = this.#networkOf(nic);
    if (!this.#has(nic, 'Dhcp')) return undefined;
    if (routerServing(this.#world, network)?.state !== 'Running') return undefined;
    return (network.type === 'Isolated' ? network.gateway : network.routerIpAddress) ?? undefined;
  }

  #networkOf(nic: NicRow): NetworkRow {
    return this.#world.networks.require(nic.networkId);
  }

  #nics(): NicRow[] {
    return nicsOf(this.#world, this.#vm().id);
  }

  #vm(): VmRow {
    const vm = this.#world.vms.require(this.#vmId);
    if (vm.state === 'Running') return vm;
    throw new Error(
      `VM ${vm.name} (${vm.id}) is ${vm.state}: nothing in it can see or ask anything`,
    );
  }
}
