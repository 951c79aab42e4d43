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
 * A recorded request as it can be sent now: with an image that is there, and the cloud of this run in
 * the place of those in the properties of a cpi-config, where the secret key had another name.
 */
export function sendable(request: CpiRequest, { imagePath, account }: StandIns): CpiRequest {
  const isUpload = request.method === 'create_stemcell';
  const args = isUpload ? request.arguments.with(0, imagePath) : request.arguments;
  const { cloudstack: recorded } = request.context;
  if (!isObject(recorded)) return { ...request, arguments: args };
  const { endpoint, apiKey, secretKey } = account;
  const keys = { endpoint, api_key: apiKey, secret_access_key: secretKey };
  const cloudstack: JsonObject = { ...recorded, ...keys };
  delete cloudstack['secret_key'];
  return { ...request, arguments: args, context: { ...request.context, cloudstack } };
}
