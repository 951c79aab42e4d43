// What an operator of the cloud does behind the back of the Directors: things stop, and disappear.
import { TransportFailure } from '../../../simulator/api/http.js';
import { inProcess } from '../../../simulator/doors/in-process.js';
import { signedQuery, type Values } from '../../support/signed-client.js';
import type { VmRow } from '../../../simulator/world/entities.js';
import { isolatedNetworkOf, zoneOfDirector } from '../clouds.js';
import { oneOf, type Deed, type Planner } from '../deed.js';
import type { Vm } from '../ledger.js';
import type { Stage } from '../stage.js';
import type { Draw } from '../network.js';

export const stopVm: Planner = (stage, draw) => {
  const vm = oneThatRuns(stage, draw);
  return (
    vm && {
      ...affecting(stage, vm),
      work: async (_, lane) => {
        vm.isInDoubt = true;
        operate(stage, 'stopVirtualMachine', { id: vm.cid });
        await lane.sleep(minuteMs);
      },
    }
  );
};

export const destroyVm: Planner = (stage, draw) => {
  const vm = oneThatRuns(stage, draw);
  return (
    vm && {
      ...affecting(stage, vm),
      work: async (_, lane) => {
        vm.isDoomed = true;
        for (const disk of stage.ledger.disks) if (disk.on === vm) disk.doubt = vm;
        operate(stage, 'destroyVirtualMachine', { id: vm.cid, expunge: true });
        await lane.sleep(minuteMs);
      },
    }
  );
};

export const takeDisk: Planner = (stage, draw) => {
  const disk = oneOf(
    stage.ledger.disks.filter(({ on, doubt }) => on !== undefined && doubt === undefined),
    draw,
  );
  const vm = disk?.on;
  return (
    disk &&
    vm && {
      director: disk.director,
      about: [vm.instance, disk],
      work: async (_, lane) => {
        disk.doubt = vm;
        operate(stage, 'detachVolume', { id: disk.cid });
        await lane.sleep(minuteMs);
      },
    }
  );
};

export const deleteSnapshot: Planner = (stage, draw) => {
  const snapshot = oneOf(stage.ledger.snapshots, draw);
  return (
    snapshot && {
      director: snapshot.director,
      about: [snapshot, snapshot.disk],
      work: async (_, lane) => {
        snapshot.isDoomed = true;
        operate(stage, 'deleteSnapshot', { id: snapshot.cid });
        await lane.sleep(minuteMs);
      },
    }
  );
};

/** Somebody gives a VM of their own the address of an instance that has no VM, or deletes that VM again. */
export const takeAddress: Planner = (stage, draw) => {
  const { ledger, world, conditions, zone } = stage;
  const instance = oneOf(
    ledger.instances.filter((one) => ledger.vmOf(one) === undefined),
    draw,
  );
  if (instance === undefined) return undefined;
  const [own] = vmsByHand(world);
  const network = isolatedNetworkOf(world, zoneOfDirector(conditions.preset, instance.director));
  const offering = world.serviceOfferings.all().find(({ name }) => name === 'm1.small');
  const values = {
    name: nameByHand,
    zoneid: network.zoneId,
    networkids: network.id,
    ipaddress: instance.ip,
    serviceofferingid: offering?.id ?? '',
    templateid: templateIn(stage, network.zoneId),
  };
  return {
    director: instance.director,
    about: [instance],
    work: async (_, lane) => {
      if (own === undefined) operate(stage, 'deployVirtualMachine', values, zone.user.keys);
      else operate(stage, 'destroyVirtualMachine', { id: own.id, expunge: true });
      await lane.sleep(minuteMs);
    },
  };
};

function templateIn({ world }: Stage, zoneId: string): string {
  const isThere = ({ id, name }: { readonly id: string; readonly name: string }): boolean =>
    name === 'ubuntu-jammy' &&
    world.templateZones.where('templateId', id).some((image) => image.zoneId === zoneId);
  return world.templates.all().find(isThere)?.id ?? '';
}

const nameByHand = 'made-by-hand';

/** VMs that no Director has asked for. */
export function vmsByHand({ vms }: Stage['world']): VmRow[] {
  return vms.all().filter(({ name }) => name === nameByHand);
}

const minuteMs = 60_000;

function oneThatRuns({ ledger }: Stage, draw: Draw): Vm | undefined {
  return oneOf(
    ledger.vms.filter(({ isDoomed, isInDoubt }) => !isDoomed && !isInDoubt),
    draw,
  );
}

function affecting(stage: Stage, vm: Vm): Pick<Deed, 'director' | 'about'> {
  const disks = stage.ledger.disks.filter(({ on, doubt }) => on === vm || doubt === vm);
  return { director: vm.instance.director, about: [vm.instance, ...disks] };
}

/** Sends a request, an administrator's unless told otherwise; what becomes of it, nobody looks at. */
function operate(
  stage: Stage,
  command: string,
  values: Values,
  keys = stage.zone.admin.keys,
): void {
  const { simulator } = stage.zone;
  stage.isDisturbed = true;
  stage.trace.push(`an operator: ${command} ${JSON.stringify(values)}`);
  try {
    inProcess(simulator)({
      method: 'POST',
      url: '/client/api',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: signedQuery(keys, command, values),
    });
  } catch (error) {
    // Where the fault plan has no answer for it.
    if (!(error instanceof TransportFailure)) throw error;
  }
  stage.look();
}
