// A create_vm whose request for a public address something on the way sends twice: CloudStack allocates
// the address to the first and refuses the second, of which alone the CPI hears. The address is noted, and
// goes with the VM of the next call, or by gc.
import { vmArguments } from '../cpi/methods/vm-requests.js';
import { commandOf } from './interruption.js';
import { deleteBy, warmNetwork } from './made-before.js';
import { mayExpunge, type Scenario } from './scenario.js';
import { everything } from './vm-scenarios.js';

export const sentTwice: Scenario = {
  method: 'create_vm',
  about: 'with everything, whose request for a public address is sent twice',
  settings: mayExpunge,
  fails: true,
  hows: ['dies before its answer'],
  prepare: async (zone) => {
    await warmNetwork(zone);
    return vmArguments(everything);
  },
  meanwhile: () => (transport) => ({
    close: () => {
      transport.close();
    },
    send: async (request) => {
      if (commandOf(request) === 'associateIpAddress') await transport.send(request);
      return transport.send(request);
    },
  }),
  undo: deleteBy('delete_vm'),
};
