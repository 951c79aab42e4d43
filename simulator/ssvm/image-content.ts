/**
 * What a file turned out to be, by its bytes: the words in which `file` describes it, which is
 * what the secondary storage VM goes by, and the size of the disk that it holds.
 */
export interface ImageContent {
  readonly kind: ImageKind;
  /** As `file` prints it after the name. */
  readonly description: string;
  readonly sizeBytes: number;
  /** Null where the content does not tell. */
  readonly virtualSizeBytes: number | null;
  /** A QCOW2 file whose header says what CloudStack does not accept. */
  readonly isBroken: boolean;
}

export type ImageKind =
  | 'qcow2'
  | 'vhd'
  | 'vhdx'
  | 'vmdk'
  | 'tar'
  | 'iso'
  | 'boot-sector'
  | 'gzip'
  | 'bzip2'
  | 'zip'
  | 'text'
  | 'empty'
  | 'data';
