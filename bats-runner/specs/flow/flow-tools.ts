import { expect } from '@playwright/test';
import { readCloud, type CloudView } from '../../cloud/cloud-view.js';
import { manualNetwork, type CaseTools } from '../../contract/case-tools.js';
import type { CallOptions } from '../../contract/cpi-under-test.js';
import { expandPem } from '../../director/pem-filler.js';
import { emptyLedger, recordSuccess, type Ledger } from '../../director/ledger.js';
import { checkWorld, problemsOf } from '../../director/world-check.js';
import type { JsonObject } from '../../json.js';
import { NoddingAgents, type SilenceableAgents } from '../../lite/agents.js';
import type { Ask } from '../../lite/cpi-calls.js';
import { currentDirector } from '../../lite/director-clouds.js';
import type { StemcellArchive } from '../../lite/flows/upload-stemcell.js';
import { GuestAgents } from '../../lite/guest-agents.js';
import { LiteCli } from '../../lite/lite-cli.js';
import { LiteDirector, type DirectorSettings } from '../../lite/lite-director.js';
import type { DiskPlan, GroupPlan, Instance, Manifest, Stemcell } from '../../lite/records.js';
import { DiskMarks, type UsedDisk } from './disk-marks.js';

/** What a flow works with, beside the tools of every case. */
export interface FlowTools {
  readonly tools: CaseTools;
  readonly director: LiteDirector;
  readonly cli: LiteCli;
  readonly agents: SilenceableAgents;
  /** What the callers made and have not deleted: what must be in the cloud. */
  readonly ledger: Ledger;
  /** Undefined where nobody can look into VMs. */
  readonly marks: DiskMarks | undefined;
  /** The cpi-config: what each CPI is told with each call, by name. Empty unless a flow fills it. */
  readonly cpis: Record<string, JsonObject>;
  /** Of the calls from now on. */
  calls: CallOptions;
  /** Waits for what a caller does; then the cloud must be as the caller believes. */
  readonly done: <T>(work: Promise<T>) => Promise<T>;
  /** The same for what must fail; answers the failure. */
  readonly failed: (work: Promise<unknown>) => Promise<Error>;
}

/** A Director and a CLI that call the CPI of a case. */
export async function flowToolsFor(
  tools: CaseTools,
  settings: Partial<DirectorSettings> = {},
): Promise<FlowTools> {
  const { cpi, cloud, inside, newId } = tools;
  const ledger = emptyLedger();
  const guests = inside && new GuestAgents(inside);
  const agents = guests ?? new NoddingAgents();
  const marks = guests && new DiskMarks(guests, newId);
  const cpis: FlowTools['cpis'] = {};
  const ask = askFor(tools, ledger, () => flow.calls);
  const shared = { ask, agents, newId, now };
  const director = new LiteDirector({
    ...shared,
    settings: {
      name: 'flow-director',
      uuid: cpi.directorUuid,
      environment,
      takesSnapshots: false,
      versions: { ...currentDirector, preferred: tools.apiVersion },
      cpis,
      ...settings,
    },
  });
  const cli = new LiteCli({ ...shared, directorUuid: cpi.directorUuid });
  const before = await readCloud(cloud.client);
  const agree = async (): Promise<void> => {
    const view = await readCloud(cloud.client);
    const problems = differences(ledger, view, { before, isOursAlone: inside !== undefined });
    expect(problems, 'how the cloud is not as Director and CLI believe').toEqual([]);
    await marks?.see([...disksOf(director), ...diskOf(cli)]);
  };
  const flow: FlowTools = {
    tools,
    director,
    cli,
    agents,
    ledger,
    marks,
    cpis,
    calls: {},
    done: async (work) => {
      const result = await work;
      await agree();
      return result;
    },
    failed: async (work) => {
      const failure = await work.then(
        () => new Error('it succeeded, and should fail'),
        (reason: unknown) => reason as Error,
      );
      await agree();
      return failure;
    },
  };
  return flow;
}

/** A clock that stands still: a Director's time is in metadata only. */
const now = (): string => '2026-11-26T20:00:00Z';

/** As much as a Director puts into it: the size of user data matters. */
const environment = {
  bosh: {
    blobstores: [{ provider: 'local', options: { blobstore_path: '/var/vcap/store/blobs' } }],
  },
  mbusCert: {
    ca: expandPem('@@PEM:CERTIFICATE:1570@@'),
    certificate: expandPem('@@PEM:CERTIFICATE:1594@@'),
    private_key: expandPem('@@PEM:RSA PRIVATE KEY:2455@@'),
  },
  password: '*',
};

function askFor({ cpi }: CaseTools, ledger: Ledger, options: () => CallOptions): Ask {
  return async (caller, request) => {
    const { result, error } = await cpi.ask(request, { ...options(), caller });
    if (error !== null) return { result, error };
    // The template of a light stemcell is not the Director's.
    const properties = request.arguments[1] as JsonObject | undefined;
    if (properties?.['light_template'] === undefined) recordSuccess(ledger, request, result);
    return { result, error };
  };
}

/** Of things that nobody asked for, the end of the case tells where others work, too. */
function differences(
  ledger: Ledger,
  view: CloudView,
  { before, isOursAlone }: { before: CloudView; isOursAlone: boolean },
): string[] {
  const findings = checkWorld(ledger, view, before);
  return problemsOf(
    findings.filter(({ claim }) => isOursAlone || claim !== 'nothing else is there'),
  );
}

function disksOf({ deployments }: LiteDirector): UsedDisk[] {
  return [...deployments.values()].flatMap(({ manifest, instances }) =>
    [...instances.values()].flatMap(({ group, vm, disks }) =>
      disks
        .filter(({ isActive, isMounted }) => isActive && isMounted)
        .flatMap((disk, position) =>
          vm === undefined
            ? []
            : [{ use: useOf(manifest.name, group, position), vmCid: vm.cid, diskCid: disk.cid }],
        ),
    ),
  );
}

/** What a disk of an instance is for. */
export function useOf(deployment: string, group: string, position = 0): string {
  return `disk ${position + 1} of ${deployment}/${group}`;
}

function diskOf({ state: { vmCid, currentDisk } }: LiteCli): UsedDisk[] {
  if (vmCid === undefined || currentDisk === undefined) return [];
  return [{ use: 'the disk of the CLI', vmCid, diskCid: currentDisk }];
}

/** A stemcell of the template that the target has. */
export function lightStemcell({ offers }: CaseTools): StemcellArchive & { apiVersion: number } {
  return {
    name: 'flow-stemcell',
    version: '1',
    apiVersion: 3,
    imagePath: '/no/image',
    properties: { light_template: offers.template },
  };
}

/** A disk of the usual offering. */
export function diskPlan({ offers }: CaseTools, sizeMib: number): DiskPlan {
  return { sizeMib, properties: { disk_offering: offers.diskOffering } };
}

/** A manual network at an address of its own. */
export function networksOf({ offers, address }: CaseTools): JsonObject {
  return { private: manualNetwork(offers.network, address(offers.network)) };
}

/** The name of the deployment that most flows have. */
export const flowName = 'flow';

/**
 * The deployment that most flows have: `db` with a static address, an ephemeral disk and a persistent
 * one of 1 GiB.
 */
export function dbManifest(
  tools: CaseTools,
  stemcell: Stemcell,
  group: Partial<GroupPlan> = {},
): Manifest {
  const { offers } = tools;
  return {
    name: flowName,
    tags: { owner: 'flows' },
    stemcell,
    groups: [
      {
        name: 'db',
        properties: {
          compute_offering: offers.computeOffering,
          ephemeral_disk_offering: offers.diskOffering,
          disk: 1024,
        },
        networks: networksOf(tools),
        env: { persistent_disk_fs: 'ext4' },
        disks: [diskPlan(tools, 1024)],
        ...group,
      },
    ],
  };
}

/** What the one instance of that deployment is at this moment. */
export function snapshotOf({ vm, disks }: Instance): { vm: string; disks: string[] } {
  return { vm: vm?.cid ?? '', disks: disks.map(({ cid }) => cid) };
}
