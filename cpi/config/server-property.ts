import { isJsonObject } from '../protocol/json-value.js';
import { isText, type Kind } from './property.js';

// Values that the configurations of both servers have.

/** Certificate and key, in PEM form. */
export const tlsKeyPair: Kind<{ readonly certificate: string; readonly private_key: string }> = {
  includes: (value): value is { certificate: string; private_key: string } =>
    isJsonObject(value) && isText(value.certificate) && isText(value.private_key),
  expected: 'an object of certificate and private_key, both in PEM form',
  form: { is: 'object' },
};

export const additionalUsers: Kind<{ username: string; password: string }[]> = {
  includes: (value): value is { username: string; password: string }[] =>
    Array.isArray(value) &&
    value.every((one) => isJsonObject(one) && isText(one.username) && isText(one.password)),
  expected: 'a list of objects of username and password',
  form: { is: 'objects' },
};
