import { responseObject, stringField } from '../../declare/response.js';
import type { UserRow } from '../../world/entities.js';

/** RegisterUserKeyResponse: the only answer that holds a secret key. */
export const userKeysResponse = responseObject<UserRow>('userkeys', {
  apikey: stringField((user) => user.apiKey),
  secretkey: stringField((user) => user.secretKey),
});
