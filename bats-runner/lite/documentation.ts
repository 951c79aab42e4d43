import { diskResolutions, vmResolutions } from './flows/cloud-check.js';
import { updates } from './flows/deploy.js';
import { commands } from './flows/stop-start.js';

const generated = '<!-- Generated from bats-runner/lite by `npm run build`. -->';

/** What a step asks the CPI for, by the name of the step. */
const asked: Readonly<Record<string, string>> = {
  takeSnapshots: '`snapshot_disk` of each disk, if the Director is to',
  attachDisks: '`attach_disk`, `set_disk_metadata` of each disk that is not mounted',
  detachDisks: '`detach_disk` of each disk',
  changeDisks: 'changes of disks, if any',
  createVm: '`create_vm`, `set_vm_metadata`',
  createMissingVm: '`create_vm`, `set_vm_metadata` if there is no VM',
  deleteVm: '`delete_vm`',
  rebootVm: '`reboot_vm`',
  forgetVm: 'nothing',
  swapVms: 'nothing: the next VM, which was made before any instance was changed, takes the place',
  attachDisk: '`attach_disk`, `set_disk_metadata`',
  dropMissingDisk: '`has_vm`, and `detach_disk` if it says true; the disk becomes an orphan',
  dropInactiveDisk: '`detach_disk`, whatever it answers; the disk becomes an orphan',
  activateDisk: 'nothing',
};

/** What is to become of an instance when it is deployed, in words. */
const updateWords: Readonly<Record<keyof typeof updates, string>> = {
  none: 'nothing has changed',
  created: 'it is new, or lost its VM (which is made before, all of a deployment first)',
  changed: 'its disks are to be others',
  recreated: 'its VM is to be another, or `--recreate`, or `bosh recreate`',
  swapped:
    'the same with `vm_strategy: create-swap-delete` (`delete_vm` of the old VM comes later)',
  unresponsive: 'its agent does not answer, and `--fix`',
};

/** The page about the small Director and the flows that it leads. */
export function flowsPage(): string {
  return `${[
    '# Flows of Director and CLI',
    generated,
    'A CPI may answer every single call well and still lose a disk when a VM is made anew. The cases ' +
      '`FLOW-…` of [the contract](contract.md) try what Director and CLI make of many calls: a ' +
      'small Director and a small CLI (`bats-runner/lite`) call the CPI in the order in which ' +
      'the real ones do, `info` before each errand and repetitions included.',
    [
      '```sh',
      'bats-runner contract --case FLOW                # all flows, on simulators',
      'bats-runner contract --case FLOW-02 FLOW-13     # two of them',
      'bats-runner contract --case FLOW --target cloud --config cloud.json',
      '```',
    ].join('\n'),
    'After each part of a flow the cloud must be what its caller believes: each VM runs in its ' +
      'networks at its addresses with its ephemeral disk, each disk has its size and offering and is ' +
      'attached where it should be, snapshots are of the right disk, all have their metadata. ' +
      'On a simulator an agent looks for each disk where the CPI says that it is, and what was ' +
      'written to a persistent disk must be there as long as there is one for that use, also on ' +
      'a copy; nothing else may be there. Elsewhere nobody looks into VMs. In the end the ' +
      'deployments are deleted, the Director cleans up, and nothing may be left.',
    'The order of the calls, their arguments, contexts and versions are compared with what a real ' +
      'Director and a real CLI asked in the same situation, for nearly all that were recorded and in ' +
      'each API version (`test/bats-runner/lite`). Two things the real ones do that these do not: ' +
      'they work on several instances at once, and have the CPI make networks. The order of ' +
      '`create-swap-delete`, which nobody has recorded, is that of the Director’s source.',
    '## What is done to an instance',
    '`info` comes before each of these errands, so it is left out.',
    stepsList('When it is deployed and', Object.entries(updates), (name) => updateWord(name)),
    stepsList(
      'When an operator says',
      Object.entries(commands).flatMap(([name, { running, stopped }]) => [
        [name, running] as const,
        [`${name}, when it is stopped`, stopped] as const,
      ]),
      (name) => `\`bosh ${name.replace(/, .*/, '')}\`${/, .*/.exec(name)?.[0] ?? ''}`,
    ),
    'A VM that is made is tried up to five times, if the CPI says that this may help ' +
      '(`VMCreationFailed` with `ok_to_retry`); one whose agent does not answer is deleted.',
    'A change of a disk is `create_disk`, `attach_disk`, `set_disk_metadata` of a new one, a copy, and ' +
      '`detach_disk` of the old one, which becomes an orphan. If the Director has the CPI do it, it ' +
      'is `detach_disk`, `resize_disk` or `update_disk`, `attach_disk`, `set_disk_metadata`; ' +
      'after `NotSupported` or `NotImplemented` a copy follows all the same.',
    '## What a cloud check does',
    'It asks `has_vm` of VMs whose agents do not answer, and `has_disk` of every disk.',
    ...Object.entries({ ...vmResolutions, ...diskResolutions }).map(([problem, resolutions]) =>
      stepsList(
        `Of a problem \`${problem}\`, by resolution:`,
        Object.entries<readonly Named[]>(resolutions),
        (name) => code(name),
      ),
    ),
    '## create-env and delete-env',
    '`create_stemcell` of one that is not there yet; `has_vm` and `delete_vm`, whatever that says, of the ' +
      'VM that was; `create_vm`, `set_vm_metadata`; `attach_disk`, `set_disk_metadata` of the disk ' +
      'that was, or `create_disk` before them; for another disk those three again, and ' +
      '`detach_disk`, `delete_disk` of the old one; `delete_stemcell` of those that are not used. ' +
      'Without a change nothing at all. `delete-env`: `has_vm`, `delete_vm` with the disk ' +
      'attached, `delete_disk`, `delete_stemcell`.',
  ].join('\n\n')}\n`;
}

/** A step is known by its name. */
interface Named {
  readonly name: string;
}

/** A sentence that each name goes on with, and what it comes to. */
function stepsList(
  beginning: string,
  rows: readonly (readonly [string, readonly Named[]])[],
  label: (name: string) => string,
): string {
  const lines = rows.map(([name, steps]) => `- ${label(name)}: ${wordsFor(steps)}`);
  return `${beginning}\n\n${lines.join('\n')}`;
}

function updateWord(name: string): string {
  return updateWords[name as keyof typeof updates];
}

function wordsFor(steps: readonly Named[]): string {
  if (steps.length === 0) return 'nothing';
  return steps
    .map(({ name }) => {
      const words = asked[name];
      if (words === undefined) throw new Error(`nothing is said of the step ${name}`);
      return words;
    })
    .join('; ');
}

function code(text: string): string {
  return `\`${text}\``;
}
