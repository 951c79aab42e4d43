import type { ManagementServerRow } from './entities.js';
import type { World } from './world.js';

/** The one management server of a simulated cloud. */
export function buildManagementServer(world: World): void {
  world.managementServers.insert({
    name: 'management1',
    // The hardware address of its first interface, as CloudStack takes it.
    msid: 0x0200_0a00_0001,
    serviceIp: '10.0.0.1',
    startedMs: world.kernel.nowMs,
    stoppedMs: null,
  });
}

export function managementServer(world: World): ManagementServerRow {
  const [server] = world.managementServers.all();
  if (server === undefined) throw new Error('the world has no management server');
  return server;
}

/** It was stopped and started again, in one moment. */
export function recordRestart(world: World): void {
  const { nowMs } = world.kernel;
  world.managementServers.change(managementServer(world), { startedMs: nowMs, stoppedMs: nowMs });
}
