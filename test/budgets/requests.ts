// What a call asks the cloud for: each request with its parameters, polls for the end of a job apart.
import { isDeepStrictEqual } from 'node:util';
import type { CpiZone } from '../support/cpi-zone.js';
import type { Situation } from './situations.js';
import type { Transport } from '../../cpi/cloudstack/transport.js';

/** A request as it went out: the command and its other parameters, without those of signing. */
export interface SentRequest {
  readonly command: string;
  readonly parameters: Readonly<Record<string, string>>;
}

export interface Sent {
  readonly requests: readonly SentRequest[];
  /** What the registry was asked for, which are no requests to the cloud: `PUT`. */
  readonly ofRegistry: readonly string[];
  /** How often the end of a job was asked for, or the same again of a template on its way. */
  readonly polls: number;
  /** How many requests the simulated cloud numbered meanwhile, polls among them. */
  readonly numbered: number;
}

const ofSigning = new Set(['apiKey', 'signature', 'signatureVersion', 'expires', 'response']);

/** Makes a call, and tells what it sent. */
export async function requestsOf(
  zone: CpiZone,
  method: string,
  args: readonly unknown[],
  { options = {}, mayFail = false }: Pick<Situation, 'options' | 'mayFail'> = {},
): Promise<Sent> {
  const all: SentRequest[] = [];
  const ofRegistry: string[] = [];
  const through = (transport: Transport): Transport => ({
    close: () => {
      transport.close();
    },
    send: (request) => {
      if (request.url.endsWith('/settings')) ofRegistry.push(request.method);
      else if (isForCloud(request.url)) all.push(readRequest(request.body));
      return transport.send(request);
    },
  });
  const numberBefore = drawnNumber(zone);
  const callOptions = { ...options, through };
  await (mayFail ? zone.call(method, args, callOptions) : zone.result(method, args, callOptions));
  const requests = all.filter((request, index) => !isFurtherLook(request, all[index - 1]));
  const numbered = drawnNumber(zone) - numberBefore - 1;
  return { requests, ofRegistry, polls: all.length - requests.length, numbered };
}

function isFurtherLook(request: SentRequest, before: SentRequest | undefined): boolean {
  const isSame = isDeepStrictEqual(request, before);
  return (
    request.command === 'queryAsyncJobResult' || (request.command === 'listTemplates' && isSame)
  );
}

/** To its API, or an upload; not to the server from which it is to download. */
function isForCloud(url: string): boolean {
  return /\/(client\/api|upload\/[^/]+)$/.test(new URL(url).pathname);
}

/** A request by the body in which it is sent. */
export function readRequest(body: unknown): SentRequest {
  if (typeof body !== 'string') return { command: 'the image', parameters: {} };
  const { command = '', ...others } = Object.fromEntries(new URLSearchParams(body));
  const parameters = Object.entries(others).filter(([name]) => !ofSigning.has(name));
  return { command, parameters: Object.fromEntries(parameters) };
}

/** The next number of a request, which no other one gets any more. */
function drawnNumber(zone: CpiZone): number {
  return zone.simulator.kernel.ids.next('request');
}
