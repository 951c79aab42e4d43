// What goes on in a cloud that lives long: Directors live through one life after the other, and
// somebody looks at everything all the time. The same over HTTP and in this process.
import { parseResponse } from '../support/director-response.js';
import {
  API_VERSION,
  requestText,
  scriptWith,
  type Home,
  type Known,
  type Step,
} from '../kills/script.js';

/** Takes a request and answers what the CPI writes. */
export type Call = (request: string) => Promise<string>;

/** Homes of Directors that live at the same time. */
export const homes: readonly Home[] = [1, 2, 3, 4].map((number) => ({
  name: `soak-${number}`,
  address: `10.203.6.${70 + number}`,
  publicAddress: `203.0.113.${20 + number}`,
  port: 80 + number,
  agents: [
    `a0000000-0000-4000-8000-00000000001${number}`,
    `a0000000-0000-4000-8000-00000000002${number}`,
  ],
}));

/** What goes wrong now and then; nothing of it makes anybody clear away by hand. */
export const weather = [
  { when: { probability: 0.01 }, then: { effect: 'proxy-error', status: 503 } },
  { when: { probability: 0.005 }, then: { effect: 'throttled' } },
  {
    when: {
      command: ['deployVirtualMachine', 'createVolume', 'attachVolume', 'destroyVirtualMachine'],
      phase: 'after-apply-before-reply',
      probability: 0.01,
    },
    then: { effect: 'connection-reset' },
  },
  {
    when: { command: ['startVirtualMachine', 'attachVolume', 'detachVolume'], probability: 0.01 },
    then: { effect: 'job-fails', text: 'The host does not answer' },
  },
  { when: { probability: 0.01 }, then: { effect: 'job-slows-down', factor: 5 } },
] as const;

/** What somebody lists who looks at everything. */
export const listings: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ['listVirtualMachines', {}],
  ['listVolumes', {}],
  ['listSnapshots', {}],
  ['listTemplates', { templatefilter: 'self' }],
  ['listNetworks', {}],
  ['listPublicIpAddresses', {}],
  ['listLoadBalancerRules', {}],
  ['listAffinityGroups', {}],
  ['listTags', {}],
  ['listEvents', { page: '1', pagesize: '100' }],
  ['listAsyncJobs', { page: '1', pagesize: '100' }],
];

/** People deploy again and again. */
const MOST_TRIES = 20;

/** One life of a Director, in which what fails is tried again. */
export async function liveOnce(image: string, home: Home, call: Call): Promise<void> {
  const known: Known = {};
  for (const step of scriptWith(image, home)) await take(step, known, call);
}

async function take({ method, args, keeps }: Step, known: Known, call: Call): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    const answer = await call(requestText(method, args(known)));
    const { result, error } = parseResponse(answer, method, API_VERSION);
    if (error === null) {
      if (keeps !== undefined) known[keeps] = result;
      return;
    }
    if (tries === MOST_TRIES) throw new Error(`${method}, ${tries} times: ${error.message}`);
  }
}
