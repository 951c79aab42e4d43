import { isCloudStackError, type CloudStackErrorKind } from '../cloudstack/errors.js';
import type { Capabilities } from '../cloudstack/types.js';
import { toBoshError } from '../methods/call/bosh-errors.js';
import type { Call } from '../methods/call/call.js';
import { failed, ok, warning, type Finding } from './finding.js';

/** Half of what makes CloudStack refuse requests, which are valid for ten minutes. */
const skewMsMax = 5 * 60_000;

/** Failures that say nothing against the address of the API. */
const afterConnecting: readonly CloudStackErrorKind[] = ['auth', 'forbidden-api', 'permission'];

/**
 * Whether the API can be reached, and takes the keys. Capabilities are undefined if not; they are
 * empty where the role of the account may not call listCapabilities.
 */
export async function checkConnection(
  call: Call,
): Promise<{ capabilities: Capabilities | undefined; findings: Finding[] }> {
  const { endpoint } = call.configuration.cloudstack;
  try {
    const capabilities = await call.client.call('listCapabilities');
    const { cloudstackversion: version = 'of unknown version' } = capabilities;
    return {
      capabilities,
      findings: [endpointFinding(endpoint, `is CloudStack ${version}`), takenKeys, ...clock(call)],
    };
  } catch (failure) {
    if (isCloudStackError(failure, 'forbidden-api')) {
      return { capabilities: {}, findings: [endpointFinding(endpoint, 'answers'), takenKeys] };
    }
    return { capabilities: undefined, findings: failures(endpoint, failure) };
  }
}

const takenKeys = ok('credentials', 'CloudStack takes api_key and secret_access_key');

function failures(endpoint: string, failure: unknown): Finding[] {
  const { message } = toBoshError(failure);
  if (!isCloudStackError(failure, ...afterConnecting)) {
    const advice =
      'check cloudstack.endpoint, the network and any proxy between this machine and it, and ' +
      'cloudstack.ca_cert';
    return [failed('endpoint', message, advice)];
  }
  const advice =
    'make keys for the user in CloudStack (registerUserKeys, or the key symbol in its user ' +
    'interface), and set cloudstack.api_key and cloudstack.secret_access_key to them; the clock of ' +
    'this machine must be right, too';
  return [endpointFinding(endpoint, 'answers'), failed('credentials', message, advice)];
}

function endpointFinding(endpoint: string, what: string): Finding {
  const { protocol, hostname } = new URL(endpoint);
  const isLocal = /^(localhost|127\.|\[::1\])/.test(hostname);
  if (protocol === 'https:' || isLocal) return ok('endpoint', `${endpoint} ${what}`);
  return warning(
    'endpoint',
    `${endpoint} ${what}, but is not encrypted: settings of agents, with their passwords, can be ` +
      'read on the way',
    'give CloudStack a certificate, and cloudstack.endpoint an https:// address',
  );
}

/** Only where the answers have a Date header: CloudStack itself sends none. */
function clock({ client, clock: own }: Call): Finding[] {
  const cloudMs = client.dateMs();
  if (cloudMs === undefined) return [];
  const skewMs = own.nowMs() - cloudMs;
  const text = `this machine's is ${Math.round(Math.abs(skewMs) / 1000)} s ${skewMs < 0 ? 'behind' : 'ahead of'} the cloud's`;
  if (Math.abs(skewMs) < skewMsMax) return [ok('clock', text)];
  const advice = 'let both take the time from a time server: requests are valid for ten minutes';
  return [warning('clock', text, advice)];
}
