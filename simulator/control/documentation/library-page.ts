import { optionPurposes } from '../../simulator.js';
import { bulletList, pageOf } from './page.js';

/** The page about the simulator as a library, from the declaration of its options. */
export function libraryPage(): string {
  const lines = Object.entries(optionPurposes).map(([name, purpose]) => `\`${name}\`: ${purpose}`);
  return pageOf('The simulator as a library', 'simulator/simulator.ts', [
    "`createSimulator` of `bosh-cloudstack-cpi/simulator` makes a zone in the caller's own process. " +
      '`listen` opens it for clients of HTTP, with [control](control.md) under `/_sim`. Through ' +
      '`handlers`, for msw, it answers the API and uploads without a port, and there is no control: ' +
      'what control does over HTTP, the simulator has methods for, such as `setClockMode`, ' +
      '`setFaults`, `save`, `load`, `reset`, `guest`, `why` and `subscribe`; `kernel.advanceBy` and ' +
      '`kernel.advanceUntilIdle` move time.',
    'Requests are made by any client of CloudStack, or by `fetch(signedUrl(where, keys, command, values))`: ' +
      '`where` is the origin that `listen` answers, or an endpoint that ends with `/client/api`, as the ' +
      'ready file and the environment of `exec` have it; the keys are those of `userWithRole`.',
    'Its options, all of which may be left out; an unknown one is refused by name:',
    bulletList(lines),
  ]);
}
