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
/** One of fewer than 256 bytes, as there are of Ed25519: its length is written in another form. */
export const shortCertificate = `-----BEGIN CERTIFICATE-----
MIHUMIGHAhRExjXM1N23giC6LGPmM73I2FzldzAFBgMrZXAwDDEKMAgGA1UEAwwB
YTAgFw0yNjExMjYyMzU5NDVaGA8yMDgxMDgyOTIzNTk0NVowDDEKMAgGA1UEAwwB
YTAqMAUGAytlcAMhAMBMvr9ZdFQJi9Vm/bJ30lL0iHGvpY7js+qA2PtnLdlaMAUG
AytlcANBAOv8+O77EvGmD4CpOAkNCu/ZoLFDCR16f6NlS6i8H8I4KymHF+U4iSMG
3KOGr5O0VW7CRjMNGPDQQG15m3761QQ=
-----END CERTIFICATE-----`;
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
