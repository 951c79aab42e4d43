import { signatureOf, textToSign } from '../api/signature.js';

/** The keys of a user, such as `simulator.userWithRole('User')`. */
export interface ApiKeys {
  readonly apiKey: string;
  readonly secretKey: string;
}

/** Parameters of a command by their names; `details[0].cpuNumber` and the like are names, too. */
export type CommandValues = Readonly<Record<string, string | number | boolean>>;

/**
 * The URL that a client of CloudStack would call: `fetch` it for an answer in JSON. `origin` is where
 * the simulator is reached, by HTTP or through msw.
 */
export function signedUrl(
  origin: string,
  { apiKey, secretKey }: ApiKeys,
  command: string,
  values: CommandValues = {},
): string {
  const all: CommandValues = { command, response: 'json', apiKey, ...values };
  const parameters = new Map(Object.entries(all).map(([name, value]) => [name, String(value)]));
  parameters.set('signature', signatureOf(textToSign(parameters), secretKey));
  return `${origin}/client/api?${new URLSearchParams([...parameters]).toString()}`;
}
