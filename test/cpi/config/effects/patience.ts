// How long things may take, what is told of them, and how strict the CPI is.
import { expect } from '@playwright/test';
import { advancedKvm } from '../../../../simulator/world/presets/advanced-kvm.js';
import { at, startZone, type CpiZone } from '../../../support/cpi-zone.js';
import { manualNetwork, vmArguments } from '../../methods/vm-requests.js';
import { impatient } from '../../support/impatience.js';
import { vmWith, type Effects } from './effect.js';

type Prepare = (zone: CpiZone) => Promise<readonly [method: string, args: readonly unknown[]]>;

const reboot: Prepare = async (zone) => ['reboot_vm', [await vmWith(zone, {}, {})]];

const attachment: Prepare = async (zone) => {
  const vm = await vmWith(zone, {}, {});
  const disk = await zone.result('create_disk', [1024, { disk_offering: 'shared.custom' }, vm]);
  return ['attach_disk', [vm, disk]];
};

/** A job that never ends fails its call when this property says so, though all others are patient. */
async function givesUp(impatience: object, command: string, prepare: Prepare): Promise<void> {
  const world = { ...advancedKvm, settings: { 'kvm.snapshot.enabled': true } };
  await using zone = await startZone({ world }, 'direct');
  const [method, args] = await prepare(zone);
  zone.simulator.setFaults([
    { when: { command, phase: 'job-step' }, then: { effect: 'job-never-ends' } },
  ]);
  const patience = { state_timeout: 600, state_timeout_volume: 600, state_timeout_snapshot: 600 };
  const options = impatient({ ...patience, ...impatience });
  const { message } = await zone.error(method, args, options);
  expect(message).toContain('was not finished after 1 s');
}

export const patienceEffects: Effects = {
  'cloudstack.state_timeout': () => givesUp({ state_timeout: 1 }, 'rebootVirtualMachine', reboot),
  'cloudstack.timeout': () =>
    givesUp({ timeout: { reboot_vm: 1 } }, 'rebootVirtualMachine', reboot),
  'cloudstack.state_timeout_volume': () =>
    givesUp({ state_timeout_volume: 1 }, 'attachVolume', attachment),
  'cloudstack.state_timeout_snapshot': () =>
    givesUp({ state_timeout_snapshot: 1 }, 'createSnapshot', async (zone) => {
      const [method, [vm, disk]] = await attachment(zone);
      await zone.result(method, [vm, disk]);
      return ['snapshot_disk', [disk, {}]];
    }),
  'cloudstack.vm_expunge_delay': async () => {
    const networks = { a: { type: 'dynamic', cloud_properties: { name: 'NET_SHARED' } } };
    await using zone = await startZone({}, 'direct');
    const vm = await vmWith(zone, { networks }, {});
    await zone.result('delete_vm', [vm], {
      properties: { vm_expunge_delay: 1 },
      refuse: 'updateVmNicIp',
    });
    expect(zone.diagnostics.join('\n')).toContain('waiting 1 s (cloudstack.vm_expunge_delay)');
  },
  'cloudstack.expunge_vm': async () => {
    const world = { ...advancedKvm, settings: { 'allow.user.expunge.recover.vm': true } };
    for (const isOn of [true, false]) {
      await using zone = await startZone({ world }, 'direct');
      const vm = await vmWith(zone, {}, {});
      await zone.result('delete_vm', [vm], { properties: { expunge_vm: isOn } });
      const states = zone.simulator.world.vms.all().map(({ state }) => state);
      expect(states).toEqual(isOn ? [] : ['Destroyed']);
    }
  },
  'cloudstack.log_level': async () => {
    await using zone = await startZone({}, 'direct');
    const linesAt = async (level: string): Promise<number> => {
      zone.diagnostics.length = 0;
      await zone.result('has_vm', ['any'], { properties: { log_level: level, agnet: {} } });
      return zone.diagnostics.length;
    };
    expect(await linesAt('warning')).toBe(1);
    expect(await linesAt('info')).toBeGreaterThan(1);
    const vm = await vmWith(zone, {}, { log_level: 'debug' });
    expect(zone.diagnostics.join('\n')).toContain('debug: cloudstack queryAsyncJobResult');
    zone.diagnostics.length = 0;
    await zone.result('reboot_vm', [vm]);
    expect(zone.diagnostics.join('\n')).not.toContain('debug: ');
  },
  'cloudstack.strict_properties': async () => {
    await using zone = await startZone({}, 'direct');
    const args = vmArguments({ properties: { compute_ofering: 'x' } });
    const strict = { properties: { strict_properties: true } };
    const { message } = await zone.error('create_vm', args, strict);
    expect(message).toContain('compute_ofering is unknown (did you mean compute_offering?)');
    expect(zone.simulator.world.vms.all()).toEqual([]);
    expect(at(await zone.result('create_vm', args), 0)).toBeDefined();
  },
  'cloudstack.user_data_max_length': async () => {
    await using zone = await startZone({}, 'direct');
    const env = { bosh: { group: 'g', big: 'x'.repeat(2_000) } };
    const options = { properties: { user_data_max_length: 1_024 } };
    const { message } = await zone.error('create_vm', vmArguments({ env }), options);
    expect(message).toContain('1024');
    expect(zone.simulator.world.vms.all()).toEqual([]);
    const networks = { private: manualNetwork() };
    await zone.result('create_vm', vmArguments({ env, networks }));
  },
};
