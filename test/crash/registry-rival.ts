// A create_vm that is interrupted, while an earlier one for the same agent is still at work: it writes the
// settings of its VM, and starts it, just before that VM is taken for a leftover and destroyed.
import { cidOf, ofStemcell } from '../cpi/methods/registry-requests.js';
import { manualNetwork, vmArguments } from '../cpi/methods/vm-requests.js';
import type { CpiZone } from '../support/cpi-zone.js';
import { commandOf } from './interruption.js';
import { createVm, otherAgent } from './made-before.js';
import { mainHows, mayExpunge, type Scenario } from './scenario.js';

const options = ofStemcell(1);

export const registryRival: Scenario = {
  method: 'create_vm',
  about: 'with settings in the registry, while an earlier call for the agent is at work',
  hows: mainHows,
  hasRegistry: true,
  settings: mayExpunge,
  options,
  isTidy: true,
  prepare: async (zone) => {
    await createVm(zone, { agentId: otherAgent, networks: { a: manualNetwork('10.203.6.50') } });
    return vmArguments();
  },
  meanwhile: (zone, args) => {
    let earlier: EarlierCall | undefined;
    return (transport) => ({
      close: () => {
        transport.close();
      },
      send: async (request) => {
        earlier ??= await callUntilSettings(zone, args);
        if (commandOf(request) === 'destroyVirtualMachine') await earlier.goOn();
        return transport.send(request);
      },
    });
  },
  undo: async (zone, result) => {
    await zone.result('delete_vm', [cidOf(result)], options);
  },
};

interface EarlierCall {
  /** Ends it; done already is a success. */
  readonly goOn: () => Promise<unknown>;
}

/** It waits when it is about to write the settings. */
async function callUntilSettings(zone: CpiZone, args: readonly unknown[]): Promise<EarlierCall> {
  let goOn: () => void = () => undefined;
  const isToGoOn = new Promise<void>((resolve) => (goOn = resolve));
  let call: Promise<string> | undefined;
  await new Promise<void>((resolve) => {
    call = zone.call('create_vm', args, {
      ...options,
      through: (transport) => ({
        close: () => {
          transport.close();
        },
        send: async (request) => {
          if (commandOf(request) === "the registry's PUT") {
            resolve();
            await isToGoOn;
          }
          return transport.send(request);
        },
      }),
    });
  });
  return {
    goOn: () => {
      goOn();
      return call ?? Promise.resolve();
    },
  };
}
