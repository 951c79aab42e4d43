import {
  asyncCommand,
  done,
  everyRole,
  objectOf,
  proceed,
  wait,
  type JobStep,
} from '../../declare/command.js';
import { entity, flag, freeForm, long } from '../../declare/parameter.js';
import { CloudException, cloudRuntime } from '../../world/cloud-exception.js';
import { finishStop, moveVm, vmQueue } from '../../world/compute/virtual-machines.js';
import { drawPassword, givePassword } from '../../world/compute/vm-passwords.js';
import { assertNetworkHandsOut } from './handed-to-guest.js';
import { planRestoration } from './restoration-plan.js';
import { replaceRootVolume } from './root-volume-replacement.js';
import { startSteps } from './start-steps.js';
import { vmSubject } from './virtual-machine-rules.js';
import { vmWithPasswordResponse, type VmWithPassword } from './vm-with-password-response.js';

const parameters = {
  virtualmachineid: entity('virtualmachine', { required: true, access: 'operate' }),
  templateid: entity('template'),
  diskofferingid: entity('diskoffering', { since: '4.19.1' }),
  rootdisksize: long({ since: '4.19.1' }),
  details: freeForm({ since: '4.19.1' }),
  expunge: flag({ since: '4.19.1' }),
} as const;

type Step = JobStep<typeof parameters, VmWithPassword>;

const [place, ...boot] = startSteps<typeof parameters>({
  vmOf: (_, { virtualmachineid: vm }) => vm,
  hostOf: () => undefined,
  onFailure: () => undefined,
});

/** A VM that ran starts again with its new root volume; if it does not, the text says so. */
const placeAgain: Step = (context, args, job) => {
  try {
    return place(context, args, job);
  } catch (error) {
    if (!(error instanceof CloudException)) throw error;
    throw cloudRuntime(`Unable to start VM with specified id${error.message}`);
  }
};

/**
 * Gives a VM a new root volume, from its own template or another one; the old one is destroyed
 * (UserVmManagerImpl.restoreVM and restoreVirtualMachine).
 */
export const restoreVirtualMachine = asyncCommand({
  name: 'restoreVirtualMachine',
  summary: 'Installs a virtual machine anew, from its template or from another one.',
  since: '3.0.0',
  roles: everyRole,
  wrapper: 'restorevmresponse',
  javaClass: { user: 'user.vm.RestoreVMCmd', rootAdmin: 'admin.vm.RestoreVMCmdByAdmin' },
  parameters,
  response: objectOf(vmWithPasswordResponse),
  subject: ({ virtualmachineid: vm }) => vmSubject(vm),
  queue: (_, { virtualmachineid: vm }) => vmQueue(vm.id),
  steps: [
    (context, args, job) => {
      const { virtualmachineid: vm } = args;
      planRestoration(context, args);
      if (vm.state === 'Stopped') return proceed;
      job.remember({ runs: true });
      moveVm(context.world, vm, 'StopRequested');
      return wait('duration.vm.stop');
    },
    (context, args, job) => {
      const { world } = context;
      const { virtualmachineid: vm } = args;
      if (vm.state === 'Stopping') finishStop(world, vm);
      replaceRootVolume(context, vm, planRestoration(context, args));
      const { passwordEnabled } = world.templates.require(vm.templateId);
      const password = passwordEnabled ? drawPassword(world) : null;
      if (password !== null) {
        assertNetworkHandsOut(world, vm, {
          withoutNic: 'VM reset is completed but failed to reset password for the virtual machine ',
          withoutService:
            "Can't find network element for UserData provider needed for password reset",
        });
        givePassword(world, vm, password);
        world.vms.change(vm, { awaitsPassword: false });
        job.remember({ givesPassword: true });
      }
      if (job.memo['runs'] !== true) return done({ vm, password });
      return placeAgain(context, args, job);
    },
    ...boot,
  ],
});
