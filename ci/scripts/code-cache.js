// Writes what V8 compiles of the CPI: the build does for the Node that builds, and the package of the
// release where it is compiled, for the Node that the release brings along.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

/**
 * Has a call answered that does what nearly all calls do, so that its functions are compiled.
 *
 * @param {string} launcher
 * @returns {Promise<void>}
 */
export async function writeCodeCache(launcher) {
  const answer = { listvirtualmachinesresponse: { count: 1, virtualmachine: [{ id: 'vm' }] } };
  const server = createServer((_, response) => response.end(JSON.stringify(answer)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const folder = mkdtempSync(join(tmpdir(), 'cpi-build-'));
  try {
    const config = join(folder, 'cpi.json');
    writeFileSync(config, JSON.stringify(configurationFor(server.address().port)));
    const call = spawn(process.execPath, [launcher, '--write-code-cache', '--config', config], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    const context = { director_uuid: 'build' };
    call.stdin.end(JSON.stringify({ method: 'has_vm', arguments: ['vm'], context }));
    const [response] = await Promise.all([text(call.stdout), once(call, 'close')]);
    if (JSON.parse(response).error !== null) throw new Error(`the CPI fails: ${response}`);
  } finally {
    server.close();
    server.closeAllConnections();
    rmSync(folder, { recursive: true });
  }
}

function configurationFor(port) {
  return {
    cloudstack: {
      endpoint: `http://127.0.0.1:${port}/client/api`,
      api_key: 'build-api-key',
      secret_access_key: 'build-secret-key',
      default_zone: 'zone1',
    },
    agent: { mbus: 'nats://nats:build-password@127.0.0.1:4222' },
  };
}
