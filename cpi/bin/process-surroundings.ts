import { readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { createNodeTransport } from '../cloudstack/transport-node.js';
import { realClock } from '../flow/clock.js';
import type { NetworkInterface } from '../methods/call/call.js';
import type { CallSurroundings } from '../methods/call/open-call.js';
import { BoshError } from '../protocol/bosh-error.js';

/** What a process of its own takes from the machine that it runs on, until the signal aborts it. */
export function processSurroundings(configPath: string, signal: AbortSignal): CallSurroundings {
  return {
    readConfiguration: () => readConfiguration(configPath),
    // Its connections end with the process; to close them before would only take time.
    createTransport: (options) => ({ ...createNodeTransport(options), close: () => undefined }),
    openImageServer: async (options) => {
      // Few calls open a server; all others would start the slower for what it takes.
      const { openImageServer } = await import('../stemcell-server/image-server.js');
      return openImageServer({ ...options, clock: realClock });
    },
    clock: realClock,
    random: Math.random,
    newId: () => crypto.randomUUID(),
    networkInterfaces: interfacesOfMachine,
    signal,
  };
}

function readConfiguration(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new BoshError(
      'CpiError',
      `The CPI configuration file cannot be read: ${reason}. Give its path with --config`,
      { cause },
    );
  }
}

/** Those with an IPv4 address, but loopback. */
function interfacesOfMachine(): NetworkInterface[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, family }) => !internal && family === 'IPv4')
    .map(({ address, mac }) => ({ ip: address, mac: mac.toLowerCase() }));
}
