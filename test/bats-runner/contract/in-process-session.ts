// The contract with both the CPI and the simulator in this process: the same cases and the same
// HTTP, only without starting a program for each call. A test can stand between a case and the CPI.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { rememberMade } from '../../../bats-runner/contract/marks.js';
import type { Session } from '../../../bats-runner/contract/run-case.js';
import type { RunCpi } from '../../../bats-runner/director/cpi-process.js';
import { contractOffers, contractWorld } from '../../../bats-runner/target/contract-world.js';
import { roleIn, type CpiRole } from '../../../bats-runner/target/printed-role.js';
import { simulatorControl } from '../../../bats-runner/target/simulator-control.js';
import { listen } from '../../../simulator/doors/listen.js';
import { jsonOf } from '../../../cpi/permissions/report.js';
import { roleFor, usersOfRights } from '../../../cpi/permissions/role.js';
import {
  createSimulator,
  type Simulator,
  type SimulatorOptions,
} from '../../../simulator/simulator.js';
import { callInProcess } from '../../support/call-in-process.js';
import { SignedClient } from '../../support/signed-client.js';

export interface InProcessSession extends Session {
  /** The session with something between its cases and the CPI. */
  readonly through: (around: (cpi: RunCpi) => RunCpi) => Session;
  /** What the account of the CPI may do is decided for each of its calls, for nobody else. */
  readonly allowing: (rules: CpiRole['rules']) => Session;
  readonly close: () => Promise<void>;
}

export interface InProcessOptions {
  /** Whether the settings of the cloud let the account expunge; its role does. */
  readonly mayExpunge?: boolean;
  /** Of the simulator's ids and whatever else is drawn. */
  readonly seed?: number;
}

/** The role that `cloudstack-cpi permissions` prints. */
export const printedRole = roleIn(jsonOf(roleFor(usersOfRights()), []));

/** Opens a session in which the account of the CPI has that role. */
export async function openSession({
  mayExpunge = false,
  seed = 1,
}: InProcessOptions = {}): Promise<InProcessSession> {
  const { settings, ...rest } = contractWorld(printedRole) as { settings: object };
  const world = {
    ...rest,
    settings: { ...settings, 'allow.user.expunge.recover.vm': mayExpunge },
  } as NonNullable<SimulatorOptions['world']>;
  const simulator = createSimulator({ seed, clock: 'on-poll', world });
  const { origin, close } = await listen(simulator, { port: 0, host: '127.0.0.1' });
  const endpoint = `${origin}/client/api`;
  const session: Session = {
    target: {
      name: 'simulator',
      account: { endpoint, ...simulator.userWithRole('User') },
      operator: { endpoint, ...simulator.userWithRole('Admin') },
      offers: contractOffers,
      cpiCommand: 'true {config}',
      cpiSettings: { poll: { first_ms: 1, factor: 1, cap_ms: 1 } },
      simulator: simulatorControl(`${origin}/_sim`),
    },
    runCpi: inProcessCpi,
    environment: process.env,
    nowMs: () => performance.now(),
    newId: () => crypto.randomUUID(),
    pause: () => Promise.resolve(),
    limitMs: 50_000,
    run: '0000',
    made: rememberMade(),
    addressesTaken: new Map(),
  };
  return {
    ...session,
    through: (around) => ({ ...session, runCpi: around(inProcessCpi) }),
    allowing: (rules) => ({ ...session, runCpi: underRole(simulator, rules) }),
    close,
  };
}

/** The CPI under another role: the account has it while a call of the CPI runs. */
function underRole(simulator: Simulator, rules: CpiRole['rules']): RunCpi {
  const admin = new SignedClient(simulator, simulator.userWithRole('Admin'));
  const account = simulator.world.accounts.all().find(({ name }) => name === 'bosh')!;
  const name = `poorer-${simulator.world.roles.all().length}`;
  const role = admin.call('createRole', { name, type: 'User' })['role'] as { id: string };
  for (const rule of rules) {
    admin.call('createRolePermission', { roleid: role.id, ...rule });
  }
  const have = (roleid: string | null): void =>
    void admin.call('updateAccount', { id: account.id, roleid: String(roleid) });
  const usual = account.roleId;
  let running = 0;
  return async (program, caller, input) => {
    if (running === 0) have(role.id);
    running += 1;
    try {
      return await inProcessCpi(program, caller, input);
    } finally {
      running -= 1;
      if (running === 0) have(usual);
    }
  };
}

/** The CPI's own way from stdin to stdout, with the configuration that is installed for it. */
export const inProcessCpi: RunCpi = ({ executable }, _caller, input) =>
  callInProcess(input, () => readFileSync(join(dirname(executable), '..', 'cpi.json'), 'utf8'));
