// The CPI as Directors and `bosh create-env` start it serves a stemcell to CloudStack itself: the
// bundle has what that takes, nothing but the answer is on stdout, and the port is free afterwards.
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { stemcellImage } from '../../../bats-runner/stemcell/stemcell-image.js';
import { listen } from '../../../simulator/doors/listen.js';
import { createSimulator } from '../../../simulator/simulator.js';
import { advancedKvm } from '../../../simulator/world/presets/advanced-kvm.js';
import { installCpi } from '../../support/cpi-process.js';
import { freePort } from '../../support/free-port.js';
import { keysOf } from '../../support/simulator-client.js';

test('create_stemcell with create-env, by the bundle', async () => {
  const world = { ...advancedKvm, settings: { 'ssvm.allowLoopback': true } };
  const simulator = createSimulator({ seed: 1, clock: 'on-poll', world });
  const { origin, close } = await listen(simulator, { port: 0, host: '127.0.0.1' });
  const port = await freePort();
  const { apiKey, secretKey } = keysOf(simulator.userWithRole('User'));
  using cpi = installCpi(
    {
      cloudstack: {
        endpoint: `${origin}/client/api`,
        api_key: apiKey,
        secret_access_key: secretKey,
        default_zone: 'zone1',
        poll: { first_ms: 10, cap_ms: 10 },
      },
      agent: { mbus: 'nats://10.0.0.6:4222' },
      stemcell: { publish: 'create-env' },
      stemcell_server: { host: '127.0.0.1', port },
    },
    'bundle',
  );
  const image = join(cpi.folder, 'image');
  writeFileSync(image, await stemcellImage());
  const { stdout, stderr, exitCode } = await cpi.call({
    method: 'create_stemcell',
    arguments: [image, { name: 'jammy', version: '1' }],
    context: { director_uuid: 'd' },
    api_version: 2,
  });
  await close();
  expect(exitCode).toBe(0);
  const { result, error } = JSON.parse(stdout) as { result: string; error: unknown };
  expect(error, stderr).toBeNull();
  const row = simulator.world.templates.all().find(({ id }) => id === result);
  expect(row?.url).toContain(`http://127.0.0.1:${port}/stemcell-`);
  expect(stderr).toMatch(
    /serving root\.qcow2 at http:\/\/127\.0\.0\.1:\d+ until CloudStack has it/,
  );
  expect(stderr).toMatch(/GET of the image answered 200/);
  await once(createServer().listen(port, '127.0.0.1').unref(), 'listening');
});
