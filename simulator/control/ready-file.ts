import { CONTROL_PATH } from './control-routes.js';
import type { Simulator } from '../simulator.js';
import { firstUserOfType } from '../world/identity/accounts.js';

export interface UserKeys {
  readonly apiKey: string;
  readonly secretKey: string;
}

/** What the program tells of itself in the file of `--ready-file`. */
export interface ReadyFile {
  readonly endpoint: string;
  readonly console: string;
  readonly control: string;
  readonly pid: number;
  readonly admin?: UserKeys | undefined;
  readonly user?: UserKeys | undefined;
}

/** What each part of the file is, for the documentation. */
export const readyFileFields: Readonly<Record<keyof ReadyFile, string>> = {
  endpoint: 'address of the CloudStack API',
  console: 'address of the status page',
  control: 'address of control',
  pid: 'process id of the simulator; SIGTERM or SIGINT ends it',
  admin: '`apiKey` and `secretKey` of the first root admin',
  user: '`apiKey` and `secretKey` of the first ordinary user; absent if the world has none',
};

/** The contents of the ready file of a simulator that answers at `origin`. */
export function readyFile(simulator: Simulator, origin: string, pid: number): ReadyFile {
  return {
    endpoint: `${origin}/client/api`,
    console: `${origin}/`,
    control: `${origin}${CONTROL_PATH}`,
    pid,
    admin: keysOf(simulator, 'Admin'),
    user: keysOf(simulator, 'User'),
  };
}

/** The keys of the first user with a role; undefined if the world has none. */
export function keysOf(simulator: Simulator, role: 'Admin' | 'User'): UserKeys | undefined {
  const user = firstUserOfType(simulator.world, role);
  if (user === undefined) return undefined;
  const { apiKey, secretKey } = user;
  return { apiKey, secretKey };
}
