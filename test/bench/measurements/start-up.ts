// How long the start of a CPI call takes, which a Director pays twice in nearly every call: as a
// whole process, through the sh wrapper that a Director starts, in an environment as it gives one.
import { join } from 'node:path';
import { installCpi, type InstalledCpi } from '../../support/cpi-process.js';
import type { Figure, Measurement, Setting } from '../figure.js';
import { measurePairs } from '../pairs.js';
import { processCost } from '../process-cost.js';
import { startSimulator } from '../server.js';

const context = { director_uuid: 'bench', request_id: 'cpi-1' };
const requests = {
  info: { method: 'info', arguments: [], context, api_version: 2 },
  has_vm: {
    method: 'has_vm',
    arguments: ['00000000-0000-4000-8000-000000000000'],
    context,
    api_version: 2,
  },
};

export const startUp: Measurement = {
  name: 'start-up',
  asks: 'What does a CPI call cost before and beside its work, compared with an empty Node?',
  run: async (setting) => {
    await using server = await startSimulator();
    using cpi = installCpi(
      {
        cloudstack: {
          endpoint: `${server.origin}/client/api`,
          api_key: server.keys.apiKey,
          secret_access_key: server.keys.secretKey,
          default_zone: 'zone1',
        },
        agent: { mbus: 'nats://nats:password@10.0.0.6:4222' },
      },
      'bundle',
    );
    await assertAnswers(cpi, 'info', { api_version: 3 });
    await assertAnswers(cpi, 'has_vm', false);
    return [
      ...(await figuresOf(setting, cpi, 'info', 1.3)),
      ...(await figuresOf(setting, cpi, 'has_vm', 2.2)),
    ];
  },
};

/** A call that fails costs something else. */
async function assertAnswers(
  cpi: InstalledCpi,
  method: keyof typeof requests,
  expected: unknown,
): Promise<void> {
  const { stdout } = await cpi.call(requests[method]);
  const { result } = JSON.parse(stdout) as { result: unknown };
  const isExpected =
    typeof expected === 'object'
      ? JSON.stringify(result).includes(JSON.stringify(expected).slice(1, -1))
      : result === expected;
  if (!isExpected) throw new Error(`${method} does not work: ${stdout}`);
}

async function figuresOf(
  { isQuick, progress }: Setting,
  cpi: InstalledCpi,
  method: keyof typeof requests,
  limit: number,
): Promise<Figure[]> {
  const input = JSON.stringify(requests[method]);
  const runs = isQuick ? 1 : 4;
  const cost = (command: readonly string[]) => () =>
    processCost({ command, input, runs, home: cpi.folder });
  const { cpu, wall } = await measurePairs(
    { pairs: isQuick ? 2 : 20, warmUps: 1, progress: (text) => progress(`${method} ${text}`) },
    cost([join(cpi.folder, 'cpi'), '--config', join(cpi.folder, 'cpi.json')]),
    cost([process.execPath, '-e', '0']),
  );
  const told = { yardstick: 'node -e 0', unit: 'ms' } as const;
  return [
    {
      name: `${method} cpu`,
      subject: `${method}, CPU time of the process`,
      ...told,
      pairs: cpu,
      limit,
    },
    { name: `${method} wall`, subject: `${method}, from start to end`, ...told, pairs: wall },
  ];
}
