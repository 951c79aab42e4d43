// Whatever two accounts send to a cramped zone, in whatever order and state: each answer is a
// documented one, a refused request changes nothing, no invariant breaks, nothing of the simulator
// itself fails, and once time has passed no job hangs and no VM is left between two states.
import { deepStrictEqual, ok, strictEqual } from 'node:assert';
import { test } from '@playwright/test';
import fc from 'fast-check';
import { checkInvariants } from '../../simulator/world/invariants/invariants.js';
import { receivedImage } from '../support/received-image.js';
import { crampedZone, parametersOf, steps, type Step } from '../support/fuzz-commands.js';
import { assertAtRest, hasLeftTraces, mayLeaveTraces, populate } from '../support/fuzz-zone.js';
import { assertProperty } from '../support/property.js';
import { testSimulator, type TestWorld } from '../support/simulator-client.js';

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 60);

const STATUSES = new Set([200, 430, 431, 432, 530, 531, 532, 533, 534, 535, 536, 537]);
const clocks = fc.constantFrom('manual', 'manual', 'auto', 'on-poll');
const MASKED = 'Internal error executing command, please contact your system administrator';

test('no sequence of requests breaks the zone', async () => {
  await assertProperty(
    fc.property(steps, fc.boolean(), clocks, (sequence, isGenerous, clock) => {
      const faults: unknown[] = [];
      const onFault = (fault: unknown): number => faults.push(fault);
      const world = testSimulator({ world: crampedZone, onFault, clock });
      world.simulator.world.settings.set('allow.user.expunge.recover.vm', isGenerous);
      world.simulator.world.settings.set('kvm.snapshot.enabled', isGenerous);
      populate(world);
      for (const step of sequence) {
        const told = take(world, step);
        deepStrictEqual(faults.map(stackOf), [], told);
        deepStrictEqual(checkInvariants(world.simulator.world), [], told);
      }
      world.simulator.kernel.advanceUntilIdle();
      deepStrictEqual(faults.map(stackOf), [], 'at the end');
      assertAtRest(world);
    }),
    RUNS,
  );
});

function stackOf(fault: unknown): string {
  return fault instanceof Error ? (fault.stack ?? fault.message) : String(fault);
}

/** Takes one step, and says what it was. */
function take(world: TestWorld, step: Step): string {
  const { simulator } = world;
  switch (step.kind) {
    case 'advance':
      simulator.kernel.advanceBy(step.ms);
      return `after ${step.ms} ms`;
    case 'until-idle':
      simulator.kernel.advanceUntilIdle();
      return 'after everything under way';
    case 'upload':
      return uploaded(world, step.pick, step.good);
    case 'request': {
      const parameters = parametersOf(simulator, step);
      const told = `${step.caller}: ${step.command} ${JSON.stringify(parameters)}`;
      const before = simulator.kernel.log.lastSeq;
      const isLockedOut = !mayCall(world, step.caller);
      const { status, body } = world[step.caller].send(step.command, parameters);
      const answer = `${told} -> ${status} ${JSON.stringify(body)}`;
      if (isLockedOut) {
        strictEqual(status, 401, answer);
        return answer;
      }
      ok(STATUSES.has(status), answer);
      if (status === 200) return answer;
      assertRefusal(step.caller, Object.values(body)[0] as Record<string, unknown>, answer);
      const sent = { command: step.command, values: parameters };
      if (!mayLeaveTraces(sent, status, answer)) ok(!hasLeftTraces(world, before), answer);
      return answer;
    }
  }
}

/** Callers can lock each other out: the keys were changed, or the user or its account is disabled. */
function mayCall(world: TestWorld, caller: 'admin' | 'user'): boolean {
  const { accounts, users } = world.simulator.world;
  const [user] = users.where('apiKey', world[caller].keys.apiKey);
  return user?.state === 'enabled' && accounts.require(user.accountId).state === 'enabled';
}

function assertRefusal(caller: string, error: Record<string, unknown>, told: string): void {
  ok(typeof error['errortext'] === 'string' && error['errortext'] !== '', told);
  ok(!error['errortext'].includes('Unexpected exception'), told);
  const isMasked = error['cserrorcode'] === 4250 || error['cserrorcode'] === 0;
  if (caller === 'user' && isMasked) strictEqual(error['errortext'], MASKED, told);
}

/** Somebody posts an image to a template's URL, as the door would tell the secondary storage VM. */
function uploaded(world: TestWorld, pick: number, good: boolean): string {
  const { simulator, user } = world;
  if (!mayCall(world, 'user')) return 'the user may not upload';
  const templates = simulator.world.templates.all().filter((row) => row.state !== 'Active');
  const template = templates[pick % Math.max(1, templates.length)];
  if (template === undefined) return 'nothing to upload';
  const params = user.call('getUploadParamsForTemplate', {
    name: 'again',
    format: 'QCOW2',
    hypervisor: 'KVM',
    zoneid: simulator.world.zones.all()[0]!.id,
    ostypeid: template.osTypeId,
  })['getuploadparams'] as Record<string, string>;
  const begun = simulator.upload({
    kind: 'begun',
    uploadId: params['id']!,
    method: 'POST',
    signature: good ? params['signature']! : 'wrong',
    metadata: params['metadata']!,
    expires: params['expires']!,
    host: new URL(params['postURL']!).host,
    contentLength: 4_096,
  });
  if (begun.status !== 100) return `upload refused: ${begun.text}`;
  const ended = simulator.upload({
    kind: 'ended',
    uploadId: params['id']!,
    outcome: pick % 3 === 0 ? { kind: 'aborted' } : { kind: 'file', ...receivedImage },
  });
  return `uploaded: ${ended.status} ${ended.text}`;
}
