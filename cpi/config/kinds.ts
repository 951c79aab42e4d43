import { describeJson, isJsonObject, type JsonObject } from '../protocol/json-value.js';
import { nearestName } from './nearest-name.js';
import { isInteger, isText, type Kind } from './property.js';

// Sets of values that are objects.

export interface PollSettings {
  first_ms?: number | undefined;
  factor?: number | undefined;
  cap_ms?: number | undefined;
}

export const pollSettings: Kind<PollSettings> = {
  includes: (value): value is PollSettings =>
    isJsonObject(value) &&
    Object.entries(value).every(([name, setting]) => isPollSetting(name, setting)),
  expected: 'an object of first_ms (0 or more), factor (1 or more) and cap_ms (1 or more)',
  wrongPart: wrongEntry(['first_ms', 'factor', 'cap_ms'], isPollSetting),
  form: { is: 'object' },
};

function isPollSetting(name: string, value: unknown): boolean {
  if (name === 'factor') return typeof value === 'number' && value >= 1;
  if (name === 'first_ms') return isInteger(value) && value >= 0;
  return name === 'cap_ms' && isInteger(value) && value >= 1;
}

export interface Blobstore {
  provider: string;
  options?: JsonObject | undefined;
}

export const blobstore: Kind<Blobstore> = {
  includes: (value): value is Blobstore =>
    isJsonObject(value) &&
    isText(value.provider) &&
    (value.options === undefined || isJsonObject(value.options)),
  expected: 'an object of provider and options',
  keys: ['provider', 'options'],
  wrongPart: (value) => {
    if (!isJsonObject(value)) return undefined;
    return isText(value.provider) ? 'its options are no object' : 'its provider is no string';
  },
  form: { is: 'object' },
};

/** The jobs that have a time limit of their own, by the name that the Go CPI had for it. */
export const timedJobs = {
  create_vm: ['deployVirtualMachine', 'startVirtualMachine'],
  delete_vm: ['destroyVirtualMachine'],
  stop_vm: ['stopVirtualMachine'],
  reboot_vm: ['rebootVirtualMachine'],
  create_volume: ['createVolume'],
  attach_volume: ['attachVolume'],
  detach_volume: ['detachVolume'],
  resize_volume: ['resizeVolume', 'changeOfferingForVolume'],
  snapshot_volume: ['createSnapshot'],
  delete_snapshot_volume: ['deleteSnapshot'],
} as const;

/** Besides those of jobs: how long the image of a stemcell may take to become ready. */
const timeoutNames = [...Object.keys(timedJobs), 'poll_template'];

export type Timeouts = Partial<Record<keyof typeof timedJobs | 'poll_template', number>>;

const longestSeconds = 86_400;

export const timeouts: Kind<Timeouts> = {
  includes: (value): value is Timeouts =>
    isJsonObject(value) && Object.entries(value).every(([name, limit]) => isTimeout(name, limit)),
  expected:
    `an object of whole numbers of seconds from 1 to ${longestSeconds}, by ` +
    timeoutNames.join(', '),
  wrongPart: wrongEntry(timeoutNames, isTimeout),
  form: { is: 'object' },
};

function isTimeout(name: string, limit: unknown): boolean {
  const isLimit = isInteger(limit) && limit >= 1 && limit <= longestSeconds;
  return timeoutNames.includes(name) && isLimit;
}

const tagListNames = ['compute_tags', 'not_compute_tags', 'disk_tags', 'not_disk_tags'] as const;

export type OfferingTags = Partial<Record<(typeof tagListNames)[number], readonly string[]>>;

export const offeringTags: Kind<OfferingTags> = {
  includes: (value): value is OfferingTags =>
    isJsonObject(value) && Object.entries(value).every(([name, tags]) => isTagList(name, tags)),
  expected: `an object of lists of strings, by ${tagListNames.join(', ')}`,
  wrongPart: wrongEntry(tagListNames, isTagList),
  form: { is: 'object' },
};

function isTagList(name: string, tags: unknown): boolean {
  return tagListNames.some((known) => known === name) && Array.isArray(tags) && tags.every(isText);
}

/** Which entry of an object is wrong; of an unknown key only what it may mean is shown. */
function wrongEntry(
  known: readonly string[],
  isRight: (name: string, value: unknown) => boolean,
): (value: unknown) => string | undefined {
  return (value) => {
    if (!isJsonObject(value)) return undefined;
    const [name, given] = Object.entries(value).find((entry) => !isRight(...entry)) ?? [];
    if (name === undefined) return undefined;
    if (known.includes(name)) return `its ${name} is ${describeJson(given)}`;
    const meant = nearestName(name, known);
    return `it has another key${meant === undefined ? '' : ` (${meant} may be meant)`}`;
  };
}
