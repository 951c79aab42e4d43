// Proves that each time limit of cloudstack.timeout, which has the names of the Go release, is the one
// of its job, whatever the limits of all jobs say; and that limits which are none are refused.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { stemcellImage } from '../../../bats-runner/stemcell/stemcell-image.js';
import type { timedJobs } from '../../../cpi/config/kinds.js';
import type { Transport } from '../../../cpi/cloudstack/transport.js';
import { advancedKvm } from '../../../simulator/world/presets/advanced-kvm.js';
import { at, startZone, type CpiZone } from '../../support/cpi-zone.js';
import { hurriedClock } from '../support/virtual-clock.js';
import { agentId, vmArguments } from './vm-requests.js';

const settings = { 'kvm.snapshot.enabled': true, 'allow.user.expunge.recover.vm': true };
const generous = {
  state_timeout: 600,
  state_timeout_volume: 600,
  state_timeout_snapshot: 600,
  poll: { first_ms: 1, cap_ms: 5_000 },
};

interface Situation {
  readonly method: string;
  /** Whose jobs do not end. */
  readonly commands: readonly string[];
  readonly arguments: (zone: CpiZone, vm: string, disk: string) => Promise<readonly unknown[]>;
}

const attached = async (zone: CpiZone, vm: string, disk: string): Promise<void> => {
  await zone.result('attach_disk', [vm, disk]);
};

/** Commands of one limit that several methods send. */
const situations: Readonly<Record<keyof typeof timedJobs, readonly Situation[]>> = {
  create_vm: ['deployVirtualMachine', 'startVirtualMachine'].map((command) => ({
    method: 'create_vm',
    commands: [command],
    arguments: () =>
      Promise.resolve(
        vmArguments({
          agentId: agentId.replace(/^5/, '6'),
          networks: {
            private: { type: 'dynamic', cloud_properties: { name: 'NET_CS' } },
          },
        }),
      ),
  })),
  delete_vm: [
    {
      method: 'delete_vm',
      commands: ['destroyVirtualMachine'],
      arguments: (_, vm) => Promise.resolve([vm]),
    },
  ],
  stop_vm: [
    {
      method: 'delete_vm',
      commands: ['stopVirtualMachine'],
      arguments: (_, vm) => Promise.resolve([vm]),
    },
  ],
  reboot_vm: [
    {
      method: 'reboot_vm',
      commands: ['rebootVirtualMachine'],
      arguments: (_, vm) => Promise.resolve([vm]),
    },
  ],
  create_volume: [
    {
      method: 'create_disk',
      commands: ['createVolume'],
      arguments: () => Promise.resolve([1_024, { disk_offering: 'shared.custom' }, null]),
    },
  ],
  attach_volume: [
    {
      method: 'attach_disk',
      commands: ['attachVolume'],
      arguments: (_, vm, disk) => Promise.resolve([vm, disk]),
    },
  ],
  detach_volume: [
    {
      method: 'detach_disk',
      commands: ['detachVolume'],
      arguments: async (zone, vm, disk) => {
        await attached(zone, vm, disk);
        return [vm, disk];
      },
    },
  ],
  resize_volume: [
    {
      method: 'resize_disk',
      commands: ['resizeVolume'],
      arguments: async (zone, vm, disk) => {
        await attached(zone, vm, disk);
        await zone.result('detach_disk', [vm, disk]);
        return [disk, 4_096];
      },
    },
    {
      method: 'update_disk',
      commands: ['changeOfferingForVolume'],
      arguments: async (zone, vm, disk) => {
        await attached(zone, vm, disk);
        await zone.result('detach_disk', [vm, disk]);
        return [disk, 4_096, { disk_offering: 'ephemeral' }];
      },
    },
  ],
  snapshot_volume: [
    {
      method: 'snapshot_disk',
      commands: ['createSnapshot'],
      arguments: async (zone, vm, disk) => {
        await attached(zone, vm, disk);
        return [disk, {}];
      },
    },
  ],
  delete_snapshot_volume: [
    {
      method: 'delete_snapshot',
      commands: ['deleteSnapshot'],
      arguments: async (zone, vm, disk) => {
        await attached(zone, vm, disk);
        return [await zone.result('snapshot_disk', [disk, {}])];
      },
    },
  ],
};

/** Lets a job of the commands look as if it were at work for as long as anybody asks. */
function neverEnding(commands: readonly string[]): (transport: Transport) => Transport {
  const jobs = new Set<string>();
  return (transport) => ({
    close: () => {
      transport.close();
    },
    send: async (request) => {
      const body = typeof request.body === 'string' ? request.body : '';
      const job = /(?:^|&)jobid=([^&]*)/.exec(body)?.[1];
      if (job !== undefined && jobs.has(job)) {
        const answer = { queryasyncjobresultresponse: { jobid: job, jobstatus: 0 } };
        return { status: 200, headers: {}, body: JSON.stringify(answer) };
      }
      const response = await transport.send(request);
      const isOf = commands.some((command) => body.includes(`command=${command}&`));
      const begun = /"jobid":"([^"]*)"/.exec(response.body)?.[1];
      if (isOf && begun !== undefined) jobs.add(begun);
      return response;
    },
  });
}

for (const [limit, all] of Object.entries(situations)) {
  for (const situation of all) {
    test(`timeout.${limit} ends the wait for ${situation.commands.join()}`, async () => {
      await using zone = await startZone({ world: { ...advancedKvm, settings } }, 'direct');
      const vm = String(at(await zone.result('create_vm', vmArguments()), 0));
      const request = [1_024, { disk_offering: 'shared.custom' }, vm];
      const disk = (await zone.result('create_disk', request)) as string;
      const args = await situation.arguments(zone, vm, disk);
      const mayNotExpunge = limit === 'stop_vm' ? { expunge_vm: false } : {};
      const properties = { ...generous, ...mayNotExpunge, timeout: { [limit]: 60 } };
      const through = neverEnding(situation.commands);
      const { message } = await zone.error(situation.method, args, {
        properties,
        through,
        clock: hurriedClock(),
      });
      expect(message).toMatch(/after 60 s/);
      for (const command of situation.commands) expect(message).toContain(command);
    });
  }
}

test('timeout.poll_template ends the wait for the template of a stemcell', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'timeouts-'));
  const image = join(folder, 'image');
  writeFileSync(image, await stemcellImage());
  const slow = { 'duration.template.install': 3_600_000 };
  await using zone = await startZone({ world: { ...advancedKvm, settings: slow } });
  const hidden = (transport: Transport): Transport => ({
    close: () => {
      transport.close();
    },
    send: async (request) => {
      const response = await transport.send(request);
      const body = response.body.replaceAll('"isready":true', '"isready":false');
      const pending = body.replaceAll('Download Complete', 'Installing Template');
      return { ...response, body: pending };
    },
  });
  const properties = { ...generous, timeout: { poll_template: 60 } };
  const args = [image, { name: 'jammy', version: '1' }];
  const options = { properties, through: hidden, clock: hurriedClock() };
  const { message } = await zone.error('create_stemcell', args, options);
  expect(message).toMatch(/after 60 s/);
  rmSync(folder, { recursive: true });
});

for (const timeout of [{ create_vm: 0 }, { create_vm: '5' }, { delete_volume: 5, other: 5 }, 5]) {
  test(`${JSON.stringify(timeout)} is refused as timeout`, async () => {
    await using zone = await startZone({}, 'direct');
    const { message } = await zone.error('ping', [], { properties: { timeout } });
    expect(message).toContain('cloudstack.timeout must be an object of whole numbers of seconds');
  });
}
