import { signatureOf, textToSign } from '../api/signature.js';

/** The keys of a user, such as `simulator.userWithRole('User')`. */
export interface ApiKeys {
  readonly apiKey: string;
  readonly secretKey: string;
}

/** Parameters of a command by their names; `details[0].cpuNumber` and the like are names, too. */
export type CommandValues = Readonly<Record<string, string | number | boolean>>;

/**
 * The URL that a client of CloudStack would call: `fetch` it for an answer in JSON. `where` is where the
 * simulator is reached, by HTTP or through msw: its origin, such as `http://127.0.0.1:8080`, or the
 * address of its API, such as the `endpoint` of the ready file.
 *
 * @throws Error for an address that is neither
 */
export function signedUrl(
  where: string,
  { apiKey, secretKey }: ApiKeys,
  command: string,
  values: CommandValues = {},
): string {
  const all: CommandValues = { command, response: 'json', apiKey, ...values };
  const parameters = new Map(Object.entries(all).map(([name, value]) => [name, String(value)]));
  parameters.set('signature', signatureOf(textToSign(parameters), secretKey));
  return `${apiOf(where)}?${new URLSearchParams([...parameters]).toString()}`;
}

const API_PATH = '/client/api';

/** An empty origin makes a path, for requests within the process. */
function apiOf(where: string): string {
  const [, origin, path] = /^((?:https?:\/\/[^/?#]+)?)([^?#]*)$/.exec(where) ?? [];
  const isKnown = ['', '/', API_PATH, `${API_PATH}/`].includes(path ?? 'none');
  if (origin !== undefined && isKnown) return `${origin}${API_PATH}`;
  throw new Error(
    `${JSON.stringify(where)} is not where a simulator is reached: give its origin, such as ` +
      `http://127.0.0.1:8080, or its endpoint, such as http://127.0.0.1:8080${API_PATH}`,
  );
}
