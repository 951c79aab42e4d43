// Properties of the CPI's job as operators have them in manifests.
import { loopbackTls } from '../../../bats-runner/contract/loopback-tls.js';

/** The least that the job takes. */
export const minimal = {
  cloudstack: {
    endpoint: 'https://cloud.example.com/client/api',
    api_key: 'an-api-key',
    secret_access_key: 'a-secret-key',
    default_zone: 'zone1',
  },
  agent: { mbus: 'nats://10.0.0.6:4222' },
};

export const certificate = loopbackTls.cert;
export const privateKey = loopbackTls.key;

type Tree = Readonly<Record<string, unknown>>;

/** A tree with what another has laid over it; null takes away. */
export function withProperties(base: object, over: object): object {
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const below = merged[key];
    merged[key] =
      isTree(value) && isTree(below) ? withProperties(below, value) : (value as unknown);
  }
  return merged;
}

/** A tree with one value at a name with dots. */
export function withProperty(base: object, name: string, value: unknown): object {
  const tree = name.split('.').reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);
  return withProperties(base, tree as object);
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
