import { checkProperties } from '../../config/check.js';
import { nearestName, unknownKey } from '../../config/nearest-name.js';
import { isText, oneOf, optional, text, withDefault, type Kind } from '../../config/property.js';
import { BoshError } from '../../protocol/bosh-error.js';
import type { JsonObject } from '../../protocol/json-value.js';
import { problemOfImageUrl, readImageUrl, type ImageUrl } from '../../stemcells/image-url.js';
import type { Call } from '../call/call.js';

const url: Kind<string> = { includes: isText, expected: 'a URL' };

const sha256: Kind<string> = {
  includes: (value): value is string => typeof value === 'string' && /^[0-9a-f]{64}$/i.test(value),
  expected: 'the 64 hexadecimal digits of a SHA-256 digest',
};

/** cloud_properties of stemcells that choose where the template comes from. */
export const stemcellProperties = {
  light_template: optional(text, {
    description:
      'Makes the stemcell light: an existing template of `cloudstack.default_zone`, by name or id, ' +
      'stands for it. Nothing is uploaded, and delete_stemcell leaves the template alone.',
    example: 'ubuntu-jammy',
  }),
  light_mode: withDefault(oneOf('reference', 'copy'), 'reference', {
    description:
      'What becomes of `light_template`: `reference` uses it as it is; with `copy` the Director gets ' +
      'a template of its own, which outlives the other and which delete_stemcell deletes. CloudStack ' +
      'copies templates within a zone only by a VM: one is started for a moment ' +
      '(`stemcell.copy_compute_offering`, `stemcell.copy_network`), its root disk becomes the ' +
      'template, and it goes. What its guest writes in that moment is in the template.',
    example: 'copy',
  }),
  image_url: optional(url, {
    description:
      'Where CloudStack downloads the disk, instead of from the CPI: an http:// or https:// URL that ' +
      'the secondary storage VM reaches. Its path tells the format: .qcow2, .img (raw if the ' +
      'stemcell’s `disk_format` is), .raw, .vhd or .ova, also with .gz, .bz2 or .zip. It is the ' +
      'disk itself that is to be there, not the archive with root.img that is in a stemcell. The ' +
      'image in the stemcell’s tarball is not looked at.',
    example: 'https://images.example.com/stemcells/jammy-1.2.qcow2',
  }),
  image_sha256: optional(sha256, {
    description:
      'SHA-256 of what `image_url` leads to, as it is there, packed or not: CloudStack refuses ' +
      'anything else. Two URLs of one digest are the same stemcell.',
    example: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  }),
};

/** What else the builders of stemcells write there. */
const describing = [
  ...['name', 'version', 'infrastructure', 'hypervisor', 'disk', 'disk_format'],
  ...['container_format', 'os_type', 'os_distro', 'architecture', 'auto_disk_config'],
  ...['root_device_name', 'api_version', 'stemcell_formats', 'light'],
];

/** Where the template of a stemcell comes from. */
export type StemcellSource =
  | {
      readonly from: 'an image';
      /** Sentences about unknown keys, which may be why it is none of the others. */
      readonly unknown: readonly string[];
    }
  | { readonly from: 'a URL'; readonly image: ImageUrl; readonly sha256: string | undefined }
  | { readonly from: 'a template'; readonly named: string; readonly mode: 'reference' | 'copy' };

/**
 * Reads what the cloud_properties of a stemcell say of where its template comes from. Unknown keys
 * that are near to known ones are logged or, with `strict_properties`, refused; stemcells carry
 * many others, which are for nobody here.
 *
 * @throws BoshError of type CpiError that names every problem.
 */
export function readStemcellSource(call: Call, given: JsonObject): StemcellSource {
  const { values, problems, unknown } = checkProperties(stemcellProperties, given);
  const { light_template: named, light_mode: mode, image_url: address } = values;
  const { strict_properties: isStrict } = call.configuration.cloudstack;
  const known = [...Object.keys(stemcellProperties), ...describing];
  const ignored: string[] = [];
  for (const key of unknown) {
    if (known.includes(key) || nearestName(key, known) === undefined) continue;
    if (isStrict) problems.push(unknownKey(key, known, 'refused'));
    else ignored.push(unknownKey(key, known));
  }
  ignored.forEach((stranger) => call.log(`warning: the stemcell: ${stranger}`));
  if (address !== undefined) {
    const problem = problemOfImageUrl(address);
    if (problem !== undefined) problems.push(`image_url must be ${problem}`);
    if (named !== undefined) {
      problems.push('image_url and light_template exclude each other: a template comes from one');
    }
  }
  if (named === undefined && mode === 'copy') {
    problems.push('light_mode copy needs light_template, which it copies');
  }
  if (address === undefined && values.image_sha256 !== undefined) {
    problems.push('image_sha256 needs image_url: what is sent by the CPI has a digest already');
  }
  if (problems.length > 0) {
    throw new BoshError(
      'CpiError',
      `Invalid cloud_properties of the stemcell: ${problems.join('; ')}`,
    );
  }
  if (named !== undefined) return { from: 'a template', named, mode };
  if (address === undefined) return { from: 'an image', unknown: ignored };
  const diskFormat = typeof given.disk_format === 'string' ? given.disk_format : undefined;
  const image = readImageUrl(address, diskFormat);
  return { from: 'a URL', image, sha256: values.image_sha256?.toLowerCase() };
}

/** What people are to know the stemcell by: `bosh-openstack-kvm-ubuntu-jammy/1.2`. */
export function titleOf({ name, version }: JsonObject): string {
  const parts = [name, version]
    .filter((part) => typeof part === 'string')
    .filter((part) => part !== '');
  return parts.length === 0 ? 'BOSH stemcell' : parts.join('/');
}
