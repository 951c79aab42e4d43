// What the Java CPI (bosh-cloudstack-cpi-core, CPIImpl.java) and the Go CPI (bosh-cpi-cloudstack,
// action/*.go) leave in a cloud: the requests that they send, in their order, by another client than
// ours. The Director knows all of it by the names that they give, but snapshots, which the Go CPI
// calls by their ids.
import type { DownloadOutcome } from '../../simulator/ssvm/receive-download.js';
import { directorUuid, type CpiZone } from './cpi-zone.js';
import { receivedImage } from './received-image.js';
import type { Reply, Values } from './simulator-client.js';
import { idOf } from './simulator-vms.js';

/** Something that a Director of an earlier CPI has in its database. */
export interface EarlierVm {
  readonly cid: string;
  readonly ephemeralDisk: string;
}

export interface EarlierVmRequest {
  readonly agentId: string;
  /** What the Director calls the stemcell: the name of its template. */
  readonly stemcell: string;
  readonly ip: string;
  /** A public address that the account holds already: neither CPI allocates one. */
  readonly vip?: string;
}

/** One of the earlier CPIs. */
export interface EarlierCpi {
  createStemcell(zone: CpiZone): Promise<string>;
  createVm(zone: CpiZone, request: EarlierVmRequest): EarlierVm;
  createDisk(zone: CpiZone, sizeMib: number): string;
  attachDisk(zone: CpiZone, vmCid: string, diskCid: string): void;
  setVmMetadata(zone: CpiZone, vmCid: string, metadata: Values): void;
  setDiskMetadata(zone: CpiZone, diskCid: string, metadata: Values): void;
}

/** An image of VHD, packed as stemcells for CloudStack are (prepare_vhdx_image_stemcell). */
const image = {
  ...receivedImage,
  fileName: 'image.vhd.bz2',
  content: {
    kind: 'bzip2',
    description: 'bzip2 compressed data',
    sizeBytes: 4_096,
    virtualSizeBytes: null,
    isBroken: false,
  },
} as const;

/** What the secondary storage VM gets when it fetches the image of a stemcell. */
export function fetchEarlierImage(): Promise<DownloadOutcome> {
  return Promise.resolve({ kind: 'file', ...image });
}

/** What an operator has to make before either CPI can work. */
export function prepareForEarlierCpi({ user }: CpiZone): void {
  user.call('createSSHKeyPair', { name: keyPair });
}

const keyPair = 'bosh';
const offering = 'shared.custom';

const java: EarlierCpi = {
  // CPIImpl.create_stemcell: the image stands on a web server of the CPI.
  createStemcell: async (zone) => {
    const name = 'cpitemplate-60117';
    zone.user.call('registerTemplate', {
      ...templateValues(zone, name),
      displaytext: `${name} : cpi stemcell template`,
      url: `http://192.0.2.6:8080/templates/${name}.vhd.bz2`,
      requireshvm: false,
    });
    // What is fetched has arrived in the next turn of the event loop.
    await new Promise((resolve) => setImmediate(resolve));
    zone.simulator.kernel.advanceUntilIdle();
    return name;
  },
  // CPIImpl.create_vm: the ephemeral disk first, and attached when the VM runs.
  createVm: (zone, request) => {
    const ephemeralDisk = createVolume(zone, 'cpi-ephemeral-disk', 2_048);
    const cid = `cpivm-${newId(zone)}`;
    const registry = { endpoint: 'http://admin:admin@192.0.2.6:8080' };
    const userData = {
      server: { name: cid },
      registry,
      dns: { nameserver: ['8.8.8.8'] },
    };
    deploy(zone, request, {
      name: cid,
      networkids: networkId(zone),
      ipaddress: request.ip,
      userdata: base64(userData),
    });
    connectVip(zone, cid, request);
    attach(zone, cid, ephemeralDisk);
    return { cid, ephemeralDisk };
  },
  createDisk: (zone, sizeMib) => createVolume(zone, 'cpi-disk', sizeMib),
  attachDisk: attach,
  // CPIImpl.setMetadata does nothing where there are tags.
  setVmMetadata: (zone, cid, metadata) => {
    tagUntagged(zone, 'UserVm', vmId(zone, cid), metadata);
  },
  setDiskMetadata: (zone, cid, metadata) => {
    tagUntagged(zone, 'Volume', volumeId(zone, cid), metadata);
  },
};

const go: EarlierCpi = {
  // create_stemcell.go: three groups of a UUID, because template names were limited.
  createStemcell: (zone) => {
    const name = `cpitemplate-${newId(zone).split('-').slice(0, 3).join('-')}`;
    const { getuploadparams } = zone.user.call('getUploadParamsForTemplate', {
      ...templateValues(zone, name),
      displaytext: name,
      requireshvm: true,
    });
    upload(zone, getuploadparams as Record<string, string>);
    zone.simulator.kernel.advanceUntilIdle();
    return Promise.resolve(name);
  },
  // create_vm.go: the ephemeral disk last; its tag never comes to it, being put on its name.
  createVm: (zone, request) => {
    const { user } = zone;
    const cid = `cpivm-${newId(zone)}`;
    const type = 'host anti-affinity';
    const name = `${directorUuid}-web`;
    const groups = (user.call('listAffinityGroups', { name })['affinitygroup'] ?? []) as Reply[];
    if (groups.length === 0) user.done('createAffinityGroup', { name, type });
    deploy(zone, request, {
      name: cid,
      'iptonetworklist[0].networkid': networkId(zone),
      'iptonetworklist[0].ip': request.ip,
      affinitygroupids: idOf(zone.simulator.world.affinityGroups.all(), name),
      rootdisksize: 10,
      userdata: base64(goSettings(cid, request)),
    });
    connectVip(zone, cid, request);
    const ephemeralDisk = createVolume(zone, 'cpi-ephemeral-disk', 2_048);
    user.run('createTags', {
      resourcetype: 'Volume',
      resourceids: ephemeralDisk,
      'tags[0].key': 'director',
      'tags[0].value': 'bosh',
    });
    joinLoadBalancer(zone, cid);
    attach(zone, cid, ephemeralDisk);
    return { cid, ephemeralDisk };
  },
  createDisk: (zone, sizeMib) => createVolume(zone, 'cpi-disk', sizeMib),
  attachDisk: attach,
  setVmMetadata: (zone, cid, metadata) => {
    tagAnew(zone, 'UserVm', vmId(zone, cid), metadata);
  },
  setDiskMetadata: (zone, cid, metadata) => {
    tagAnew(zone, 'Volume', volumeId(zone, cid), metadata);
  },
};

export const earlierCpis = { Java: java, Go: go } as const;

/** The load balancer rule of the Go CPI, which tells nothing of who made it. */
export const earlierRule = { name: 'web', publicport: 443, privateport: 8443 };

/** A snapshot as the Go CPI takes it (snapshot_disk.go), with the Director's metadata. */
export function snapshotByGoCpi(zone: CpiZone, diskCid: string, metadata: Values): string {
  const volumeid = volumeId(zone, diskCid);
  const { snapshot } = zone.user.done('createSnapshot', { volumeid });
  const id = String((snapshot as Reply)['id']);
  tagAnew(zone, 'Snapshot', id, metadata);
  return id;
}

function newId({ simulator }: CpiZone): string {
  return simulator.kernel.ids.uuid();
}

function templateValues({ simulator }: CpiZone, name: string): Values {
  const { osTypes, zones } = simulator.world;
  const osType = osTypes.all().find(({ description }) => description === 'Other PV (64-bit)');
  return {
    name,
    ostypeid: osType!.id,
    bits: 64,
    format: 'VHD',
    hypervisor: 'XenServer',
    isextractable: true,
    zoneid: idOf(zones.all(), 'zone1'),
  };
}

function upload({ simulator }: CpiZone, params: Record<string, string>): void {
  const uploadId = params['id']!;
  const begun = simulator.upload({
    kind: 'begun',
    uploadId,
    method: 'POST',
    signature: params['signature']!,
    metadata: params['metadata']!,
    expires: params['expires']!,
    host: new URL(params['postURL']!).host,
    contentLength: image.bytes,
  });
  if (begun.status !== 100) throw new Error(`the upload is refused with ${begun.status}`);
  simulator.upload({ kind: 'ended', uploadId, outcome: { kind: 'file', ...image } });
}

function deploy({ simulator, user }: CpiZone, { stemcell }: EarlierVmRequest, more: Values): void {
  const { serviceOfferings, templates, zones } = simulator.world;
  user.done('deployVirtualMachine', {
    zoneid: idOf(zones.all(), 'zone1'),
    serviceofferingid: idOf(serviceOfferings.all(), 'm1.small'),
    templateid: idOf(templates.all(), stemcell),
    keypair: keyPair,
    ...more,
  });
}

/** metadata_service.go: the agent's settings, with a registry that nobody asks. */
function goSettings(cid: string, { agentId, ip }: EarlierVmRequest): object {
  return {
    agent_id: agentId,
    vm: { name: cid, id: cid },
    mbus: 'nats://nats:bus-password@10.0.0.6:4222',
    ntp: [],
    networks: { private: { type: 'manual', ip, netmask: '255.255.254.0', alias: 'eth0' } },
    disks: { system: '/dev/xvda', ephemeral: '/dev/xvdb', persistent: null },
    env: { bosh: { group: 'web' } },
    registry: { endpoint: 'http://:6901' },
    server: { name: cid },
    dns: { nameserver: ['8.8.8.8'] },
  };
}

function connectVip(zone: CpiZone, cid: string, { vip }: EarlierVmRequest): void {
  if (vip === undefined) return;
  const address = zone.simulator.world.publicIps.all().find(({ ipAddress }) => ipAddress === vip);
  zone.user.call('enableStaticNat', {
    ipaddressid: address!.id,
    virtualmachineid: vmId(zone, cid),
    networkid: networkId(zone),
  });
}

/** load_balancer.go: without a description, on the source NAT address of the first network. */
function joinLoadBalancer(zone: CpiZone, cid: string): void {
  const { user } = zone;
  const { name } = earlierRule;
  const known = (user.call('listLoadBalancerRules', { name })['loadbalancerrule'] ?? []) as Reply[];
  const sourceNat = zone.simulator.world.publicIps.all().find(({ isSourceNat }) => isSourceNat);
  const rule =
    known[0] ??
    (user.done('createLoadBalancerRule', {
      ...earlierRule,
      algorithm: 'roundrobin',
      publicipid: sourceNat!.id,
    })['loadbalancer'] as Reply);
  user.done('assignToLoadBalancerRule', {
    id: String(rule['id']),
    virtualmachineids: vmId(zone, cid),
  });
}

/** Both make volumes in the zone and attach them to a VM that runs. */
function createVolume(zone: CpiZone, prefix: string, sizeMib: number): string {
  const { simulator, user } = zone;
  const name = `${prefix}-${newId(zone)}`;
  user.done('createVolume', {
    name,
    diskofferingid: idOf(simulator.world.diskOfferings.all(), offering),
    zoneid: idOf(simulator.world.zones.all(), 'zone1'),
    size: Math.ceil(sizeMib / 1_024),
  });
  return name;
}

function attach(zone: CpiZone, vmCid: string, diskCid: string): void {
  const ids = { id: volumeId(zone, diskCid), virtualmachineid: vmId(zone, vmCid) };
  zone.user.done('attachVolume', ids);
}

function tagUntagged(zone: CpiZone, type: string, id: string, metadata: Values): void {
  const listed = zone.user.call('listTags', { resourcetype: type, resourceid: id });
  if (((listed['tag'] ?? []) as Reply[]).length > 0) return;
  tag(zone, type, id, metadata);
}

/** common.go, setMetadata: all tags go, also those of operators. */
function tagAnew(zone: CpiZone, type: string, id: string, metadata: Values): void {
  const listed = zone.user.call('listTags', { resourcetype: type, resourceid: id });
  if (((listed['tag'] ?? []) as Reply[]).length > 0) {
    zone.user.done('deleteTags', { resourcetype: type, resourceids: id });
  }
  tag(zone, type, id, { ...metadata, director_uuid: directorUuid });
}

function tag({ user }: CpiZone, resourcetype: string, resourceids: string, tags: Values): void {
  const entries = Object.entries(tags).flatMap(([key, value], index) => [
    [`tags[${index}].key`, key],
    [`tags[${index}].value`, value],
  ]);
  user.done('createTags', { resourcetype, resourceids, ...Object.fromEntries(entries) });
}

function vmId({ simulator }: CpiZone, cid: string): string {
  return idOf(simulator.world.vms.all(), cid);
}

function volumeId({ simulator }: CpiZone, cid: string): string {
  return idOf(simulator.world.volumes.all(), cid);
}

function networkId({ simulator }: CpiZone): string {
  return idOf(simulator.world.networks.all(), 'NET_CS');
}

function base64(userData: object): string {
  return Buffer.from(JSON.stringify(userData)).toString('base64');
}
