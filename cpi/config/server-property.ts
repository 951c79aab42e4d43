import { isJsonObject } from '../protocol/json-value.js';
import {
  isText,
  required,
  token,
  userName,
  withDefault,
  type Kind,
  type Property,
} from './property.js';

// Properties that the configurations of both servers have.

/** Certificate and key, in PEM form. */
export const tlsKeyPair: Kind<{ readonly certificate: string; readonly private_key: string }> = {
  includes: (value): value is { certificate: string; private_key: string } =>
    isJsonObject(value) && isText(value.certificate) && isText(value.private_key),
  expected: 'an object of certificate and private_key, both in PEM form',
  wrongPart: (value) => {
    if (!isJsonObject(value)) return undefined;
    const missing = ['certificate', 'private_key'].filter((key) => !isText(value[key]));
    return `${missing.join(' and ')} ${missing.length > 1 ? 'are' : 'is'} missing, or no string`;
  },
  form: { is: 'object' },
};

/** Who authenticates by HTTP Basic. */
export interface ServerUser {
  readonly username: string;
  readonly password: string;
}

const additionalUsers: Kind<readonly ServerUser[]> = {
  includes: (value): value is ServerUser[] =>
    Array.isArray(value) && value.every((one) => problemOfUser(one) === undefined),
  expected: `a list of objects of username (${userName.expected}) and password (${token.expected})`,
  wrongPart: (value) => {
    if (!Array.isArray(value)) return undefined;
    const problems = value.map(problemOfUser);
    const index = problems.findIndex((problem) => problem !== undefined);
    return index < 0 ? undefined : `number ${index + 1} of the list ${problems[index] ?? ''}`;
  },
  form: { is: 'objects' },
};

function problemOfUser(one: unknown): string | undefined {
  if (!isJsonObject(one)) return 'is no object';
  if (!userName.includes(one.username)) return `has no username that is ${userName.expected}`;
  return token.includes(one.password) ? undefined : `has no password that is ${token.expected}`;
}

/** Who may change what a server has; `username` is described by what it is to this one. */
export function serverUsers(username: Pick<Property<string>, 'description' | 'example'>): {
  readonly username: Property<string>;
  readonly password: Property<string>;
  readonly additional_users: Property<readonly ServerUser[]>;
} {
  return {
    username: required(userName, username),
    password: required(token, {
      description: 'Password that belongs to `username`.',
      example: 'your-password',
      secret: true,
    }),
    additional_users: withDefault(additionalUsers, [], {
      description: 'Further users with the same rights: for the change of a password.',
      example: [{ username: 'old', password: 'your-old-password' }],
      secret: true,
    }),
  };
}
