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
      '`kernel.advanceUntilIdle` move time. `bookmark` answers a function that goes back to the present ' +
      'moment, as often as a test needs the same beginning; it is faster than `save` and `load`.',
    'Requests are made by any client of CloudStack, or by `fetch(signedUrl(where, keys, command, values))`: ' +
      '`where` is the origin that `listen` answers, or an endpoint that ends with `/client/api`, as the ' +
      'ready file and the environment of `exec` have it; the keys are those of `userWithRole`.',
    'Its options, all of which may be left out; an unknown one is refused by name:',
    bulletList(lines),
    '`fetchImage(order, options)` is called once for each image and zone. `order` has the `url`, the ' +
      '`algorithm` of the digest that is wanted, by its name in `node:crypto`, and `maxBytes`, above which ' +
      'CloudStack gives up; `options` has a `signal` that ends a download which nobody waits for any more, ' +
      'and `onProgress(receivedBytes, expectedBytes)`, which may be called meanwhile. What it answers is a ' +
      "`DownloadOutcome`: a `file`, of which only what it turned out to be is kept, or `{ kind: 'failed', " +
      'errorText }` with the text that the template then shows as its status. What it throws is an error of ' +
      'the caller. This one downloads nothing, and every image is an empty disk of 1 GiB:',
    `\`\`\`ts\n${EXAMPLE}\`\`\``,
  ]);
}

const EXAMPLE = `import { createSimulator, type FetchImage } from 'bosh-cloudstack-cpi/simulator';

const fetchImage: FetchImage = ({ url }) =>
  Promise.resolve({
    kind: 'file',
    fileName: new URL(url).pathname,
    bytes: 196_616,
    content: {
      kind: 'qcow2',
      description: 'QEMU QCOW2 Image (v3), 1073741824 bytes',
      sizeBytes: 196_616,
      virtualSizeBytes: 1024 ** 3,
      isBroken: false,
    },
    unpacked: null,
    broken: null,
    digest: '0'.repeat(128),
  });

export const simulator = createSimulator({ fetchImage });
`;
