import type { JsonObject } from '../../json.js';
import { cidIn } from '../cpi-calls.js';
import type { LiteDirector } from '../lite-director.js';
import type { Manifest, Stemcell } from '../records.js';

/** What an archive of a stemcell holds. */
export interface StemcellArchive {
  readonly name: string;
  readonly version: string;
  readonly apiVersion?: number;
  readonly imagePath: string;
  readonly properties: JsonObject;
}

export interface UploadWishes {
  /** `--fix` */
  readonly isFix?: boolean;
  /** One of the cpi-config; a Director uploads it with each of them in turn. */
  readonly cpi?: string;
}

/**
 * `bosh upload-stemcell`: asks for the formats that the CPI takes, and hands the image over
 * (update_stemcell.rb). One that is known by name and version is left alone, unless it is to be
 * fixed; then the CID that it had is forgotten.
 */
export async function uploadStemcell(
  director: LiteDirector,
  archive: StemcellArchive,
  { isFix = false, cpi }: UploadWishes = {},
): Promise<Stemcell> {
  const { name, version, apiVersion, imagePath, properties } = archive;
  const position = director.stemcells.findIndex(
    (known) => known.name === name && known.version === version && known.cpi === cpi,
  );
  const known = director.stemcells[position];
  if (known !== undefined && !isFix) return known;
  const cloud = await director.cloud({ cpi });
  await cloud.call('info', []);
  // Since API version 3 tags of the runtime config come with it.
  const tags = cloud.apiVersion >= 3 ? [{ tags: {} }] : [];
  const result = await cloud.call('create_stemcell', [imagePath, properties, ...tags]);
  const stemcell = { name, version, apiVersion, cpi, cid: cidIn(result) };
  if (known === undefined) director.stemcells.push(stemcell);
  else director.stemcells[position] = stemcell;
  return stemcell;
}

/** `bosh delete-stemcell`, of one that no deployment uses. */
export async function deleteStemcell(director: LiteDirector, stemcell: Stemcell): Promise<void> {
  const users = [...director.deployments.values()].filter(({ manifest }) =>
    stemcellsOf(manifest).some(({ cid }) => cid === stemcell.cid),
  );
  if (users.length > 0) throw new Error(`stemcell ${stemcell.cid} is in use`);
  const cloud = await director.cloud({ cpi: stemcell.cpi });
  await cloud.call('delete_stemcell', [stemcell.cid]);
  director.stemcells.splice(director.stemcells.indexOf(stemcell), 1);
}

/** Those that the VMs of a deployment are made of. */
export function stemcellsOf({ stemcell, groups }: Manifest): Stemcell[] {
  return [stemcell, ...groups.flatMap((group) => group.stemcell ?? [])];
}
