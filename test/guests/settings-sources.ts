// How a BOSH agent reads its settings from the sources of its agent.json in a simulated guest
// (bosh-agent: infrastructure/http_metadata_service.go, config_drive_settings_source.go,
// multi_settings_source.go; written from its rules, not from the CPI's).
import type { Guest } from '../../simulator/guest/guest.js';
import type { Settings } from './agent.js';

/** An entry of `Infrastructure.Settings.Sources`. */
export type Source =
  | {
      readonly Type: 'HTTP';
      readonly URI: string;
      readonly UserDataPath: string;
      readonly SSHKeysPath?: string;
    }
  | {
      readonly Type: 'ConfigDrive';
      readonly DiskPaths: readonly string[];
      readonly MetaDataPath: string;
      readonly UserDataPath: string;
    };

/** What the system around the agent is like. */
export interface System {
  readonly guest: Guest;
  /** Whether mdproxy4cs runs in it. */
  readonly hasProxy?: boolean;
  /** Those of /etc/resolv.conf once the agent has written it; before, DHCP has named the router. */
  readonly nameServers?: readonly string[];
}

/** @throws Error with the reason of the last source, if none of them gives settings. */
export function settingsFrom(system: System, sources: readonly Source[]): Settings {
  return firstOf(sources, (source) => {
    const settings = JSON.parse(userDataFrom(system, source)) as Partial<Settings>;
    if ((settings.agent_id ?? '') === '') throw new Error('it does not provide settings');
    return settings as Settings;
  });
}

/** What becomes the authorized keys of the user vcap; empty for none. */
export function publicKeyFrom(system: System, sources: readonly Source[]): string {
  return firstOf(sources, (source) => {
    if (source.Type === 'HTTP') {
      return source.SSHKeysPath === undefined ? '' : get(system, source.URI + source.SSHKeysPath);
    }
    const metadata = JSON.parse(fileOf(system, source.DiskPaths, source.MetaDataPath)) as {
      'public-keys'?: Readonly<Record<string, Readonly<Record<string, string>>>>;
    };
    return metadata['public-keys']?.['0']?.['openssh-key'] ?? '';
  });
}

function userDataFrom(system: System, source: Source): string {
  return source.Type === 'HTTP'
    ? get(system, source.URI + source.UserDataPath)
    : fileOf(system, source.DiskPaths, source.UserDataPath);
}

function firstOf<T>(sources: readonly Source[], read: (source: Source) => T): T {
  let reason: unknown = new Error('there are no sources');
  for (const source of sources) {
    try {
      return read(source);
    } catch (failure) {
      reason = failure;
    }
  }
  throw reason;
}

/** Where mdproxy4cs listens. */
const proxyAddress = 'http://169.254.169.254:39724';

function get({ guest, hasProxy = false, nameServers }: System, url: string): string {
  // Of the first interface alone: that is where mdproxy4cs asks DHCP, and whose DNS is used.
  const router = guest.interfaces[0]?.router ?? undefined;
  const isByProxy = url.startsWith(`${proxyAddress}/`);
  if (isByProxy && (!hasProxy || router === undefined)) throw new Error(`no answer from ${url}`);
  const target = isByProxy ? `http://${router}${url.slice(proxyAddress.length)}` : url;
  const isName = !/^http:\/\/[\d.]+([:/]|$)/.test(target);
  const isKnown = nameServers === undefined || nameServers.includes(router ?? '');
  if (isName && !isKnown) throw new Error(`${nameServers.join(', ')} know no host of ${target}`);
  const answer = guest.get(target);
  if (answer === undefined) throw new Error(`no answer from ${target}`);
  if (answer.status < 200 || answer.status > 299) throw new Error(`${answer.status} of ${target}`);
  return Buffer.from(answer.body).toString();
}

function fileOf({ guest }: System, diskPaths: readonly string[], path: string): string {
  const drive = guest.configDrive;
  const isThere = drive !== null && diskPaths.includes(`/dev/disk/by-label/${drive.label}`);
  const file = isThere ? drive.files.get(path) : undefined;
  if (file === undefined) throw new Error(`no ${path} on ${diskPaths.join(', ')}`);
  return Buffer.from(file).toString();
}
