// Calls for the same stemcell at the same time, of which one is interrupted and the other ends well
// or was killed before it had chosen a template.
import type { Transport } from '../../cpi/cloudstack/transport.js';
import type { CpiZone } from '../support/cpi-zone.js';
import { commandOf } from './interruption.js';
import { deleteBy } from './made-before.js';
import { mainHows, type Scenario } from './scenario.js';

/** `image` is the path of a stemcell's image. */
export function rivalsIn(image: string): readonly Scenario[] {
  const scenario = {
    method: 'create_stemcell',
    hows: mainHows,
    prepare: () => Promise.resolve([image, { name: 'jammy', version: '1', hypervisor: 'kvm' }]),
    undo: deleteBy('delete_stemcell'),
  };
  return [
    {
      ...scenario,
      about: 'while a later call makes the same and is faster',
      isTidy: true,
      meanwhile: rival({ before: 'the image', dies: false }),
    },
    {
      ...scenario,
      about: 'while an earlier call makes the same and is killed before it chooses',
      meanwhile: rival({ before: 'getUploadParamsForTemplate', dies: true }),
    },
    {
      ...scenario,
      about: 'while a later call makes the same and is killed before it chooses',
      meanwhile: rival({ before: 'the image', dies: true }),
    },
  ];
}

/** Another call runs from its begin to its end before a request of the first one. */
function rival(how: { before: string; dies: boolean }): Required<Scenario>['meanwhile'] {
  return (zone, args) => {
    let isDone = false;
    return (transport) => ({
      close: () => {
        transport.close();
      },
      send: async (request) => {
        if (!isDone && commandOf(request) === how.before) {
          isDone = true;
          if (how.dies) await callThatDies(zone, args);
          else await zone.result('create_stemcell', args);
        }
        return transport.send(request);
      },
    });
  };
}

/** The first tags are those of the new template, the second ones choose it. */
async function callThatDies(zone: CpiZone, args: readonly unknown[]): Promise<void> {
  let die: () => void = () => undefined;
  const death = new Promise<void>((resolve) => (die = resolve));
  let tagged = 0;
  const through = (transport: Transport): Transport => ({
    close: () => {
      transport.close();
    },
    send: (request) => {
      if (commandOf(request) === 'createTags') tagged += 1;
      if (tagged < 2) return transport.send(request);
      die();
      return new Promise(() => undefined);
    },
  });
  const call = zone.call('create_stemcell', args, { through }).then((answer) => {
    throw new Error(`the call was to be killed, but answered ${answer}`);
  });
  await Promise.race([death, call]);
}
