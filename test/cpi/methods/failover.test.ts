// Proves that a database or management server which is replaced while a call is at work costs that
// call time and nothing else: for 15 seconds every request fails, as 530, as 401, which CloudStack says
// without its database, or as a page of the proxy, while a job runs or a failed creation is undone.
import { expect, test } from '@playwright/test';
import type { HttpResponse, Transport } from '../../../cpi/cloudstack/transport.js';
import type { Clock } from '../../../cpi/flow/clock.js';
import { maskedText } from '../../../cpi/cloudstack/errors.js';
import { jobPoll } from '../../../cpi/flow/waiter.js';
import { advancedKvm } from '../../../simulator/world/presets/advanced-kvm.js';
import { commandOf } from '../../crash/interruption.js';
import { startZone, type CallOptions } from '../../support/cpi-zone.js';
import { hurriedClock } from '../support/virtual-clock.js';
import { vmArguments } from './vm-requests.js';

const world = { ...advancedKvm, settings: { 'allow.user.expunge.recover.vm': true } };

const failures = {
  'code 530': {
    status: 530,
    headers: {},
    body: JSON.stringify({ errorresponse: { errorcode: 530, errortext: maskedText } }),
  },
  'code 401': {
    status: 401,
    headers: {},
    body: JSON.stringify({
      errorresponse: { errorcode: 401, errortext: 'unable to verify user credentials' },
    }),
  },
  'a page': { status: 404, headers: {}, body: '<html><body>Not Found</body></html>' },
} satisfies Record<string, HttpResponse>;

interface Failover {
  readonly line: (transport: Transport) => Transport;
  readonly refused: () => number;
}

/** 15 seconds that begin with the request after the first of this command. */
function failoverAfter(command: string, failure: HttpResponse, clock: Clock): Failover {
  let untilMs: number | undefined;
  let refused = 0;
  return {
    refused: () => refused,
    line: (transport) => ({
      close: () => {
        transport.close();
      },
      send: async (request) => {
        if (untilMs !== undefined && clock.nowMs() < untilMs) {
          refused += 1;
          return failure;
        }
        const response = await transport.send(request);
        if (commandOf(request) === command) untilMs ??= clock.nowMs() + 15_000;
        return response;
      },
    }),
  };
}

function optionsOn(clock: Clock, { line }: Failover): CallOptions {
  const poll = { first_ms: jobPoll.firstMs, factor: jobPoll.factor, cap_ms: jobPoll.capMs };
  return { clock, through: line, properties: { poll, state_timeout: 1_200 } };
}

for (const [how, failure] of Object.entries(failures)) {
  test(`create_vm is done although its deployment cannot be seen for a while: ${how}`, async () => {
    await using zone = await startZone({ world });
    const clock = hurriedClock();
    const failover = failoverAfter('deployVirtualMachine', failure, clock);
    await zone.result('create_vm', vmArguments(), optionsOn(clock, failover));
    expect(failover.refused()).toBeGreaterThan(5);
  });

  test(`create_disk is done although its job cannot be seen for a while: ${how}`, async () => {
    await using zone = await startZone({ world });
    const clock = hurriedClock();
    const failover = failoverAfter('createVolume', failure, clock);
    const args = [1024, { disk_offering: 'shared.custom' }, null];
    const disk = await zone.result('create_disk', args, optionsOn(clock, failover));
    expect(failover.refused()).toBeGreaterThan(5);
    expect(zone.holdings()).toMatchObject({ volumes: [{ id: disk }] });
  });

  test(`a VM that did not start is taken back as soon as that is possible: ${how}`, async () => {
    await using zone = await startZone({ world });
    const before = { vms: [], volumes: [] };
    const clock = hurriedClock();
    const then = { effect: 'refused', status: 530, text: maskedText } as const;
    zone.simulator.setFaults([{ when: { command: 'startVirtualMachine' }, then }]);
    const failover = failoverAfter('startVirtualMachine', failure, clock);
    const error = await zone.error('create_vm', vmArguments(), optionsOn(clock, failover));
    expect(error).toMatchObject({ type: 'Bosh::Clouds::VMCreationFailed', ok_to_retry: true });
    expect(error.message).not.toContain('could be undone');
    expect(failover.refused()).toBeGreaterThan(2);
    expect(zone.holdings()).toMatchObject(before);
    expect(zone.diagnostics.join('\n')).toMatch(/could not undo "deploy VM .*" yet, trying again/);
  });
}
