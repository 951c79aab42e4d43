import type { CloudAccount } from '../cloud/client.js';
import { isObject, type JsonObject } from '../json.js';
import type { CpiRequest } from './recording.js';

/** What stands in a replay for what is gone. */
export interface StandIns {
  /** A stemcell image. */
  readonly imagePath: string;
  /** The cloud that recorded cpi-configs mean. */
  readonly account: CloudAccount;
}

/**
 * A recorded request as it can be sent now: with an image that is there, without security groups, which
 * no cloud has that is not made for them, and with the cloud of this run in the place of those in the
 * properties of a cpi-config, where the secret key had another name.
 */
export function sendable(request: CpiRequest, { imagePath, account }: StandIns): CpiRequest {
  const isUpload = request.method === 'create_stemcell';
  const given = isUpload ? request.arguments.with(0, imagePath) : request.arguments;
  const args = given.map(withoutSecurityGroups);
  const { cloudstack: recorded } = request.context;
  if (!isObject(recorded)) return { ...request, arguments: args };
  const { endpoint, apiKey, secretKey } = account;
  const keys = { endpoint, api_key: apiKey, secret_access_key: secretKey };
  const cloudstack: JsonObject = { ...recorded, ...keys };
  delete cloudstack['secret_key'];
  return { ...request, arguments: args, context: { ...request.context, cloudstack } };
}

/** The value without the keys `security_groups` anywhere in it. */
function withoutSecurityGroups<Value>(value: Value): Value {
  const text = JSON.stringify(value, (key, inner: unknown) =>
    key === 'security_groups' ? undefined : inner,
  );
  return JSON.parse(text) as Value;
}
