import { createHash, type Hash } from 'node:crypto';
import { createGunzip, type Gunzip } from 'node:zlib';
import type { ImageContent } from './image-content.js';
import type { ImageFile } from './image-file.js';
import {
  INSPECTED_HEAD_BYTES,
  INSPECTED_TAIL_BYTES,
  declaredPacking,
  inspectImage,
} from './inspect-image.js';

/**
 * Learns what an image is while its bytes pass by: never more than a few chunks are in memory. A
 * gzip file, by its name, is looked into.
 */
export class ImageReader {
  readonly #fileName: string;
  readonly #measure = new Measure();
  readonly #hash: Hash;
  readonly #inner: Unpacked | undefined;

  /** `algorithm` is one of those of Node's crypto. */
  constructor(fileName: string, algorithm: string) {
    this.#fileName = fileName;
    this.#hash = createHash(algorithm);
    this.#inner = declaredPacking(fileName) === 'gz' ? new Unpacked() : undefined;
  }

  get bytes(): number {
    return this.#measure.bytes;
  }

  async add(chunk: Buffer): Promise<void> {
    this.#measure.add(chunk);
    this.#hash.update(chunk);
    await this.#inner?.add(chunk);
  }

  /** Whether something of the image itself has been seen: what is packed comes out a little later. */
  get isRecognisable(): boolean {
    return this.#inner === undefined || this.#inner.soFar()?.kind !== 'empty';
  }

  /** What the bytes so far seem to be. */
  soFar(): ImageFile {
    return {
      fileName: this.#fileName,
      bytes: this.bytes,
      content: this.#measure.inspect(),
      unpacked: this.#inner?.soFar() ?? null,
      broken: null,
    };
  }

  /** What all of it is, and the digest of the bytes as they came, in hexadecimal digits. */
  async finish(): Promise<ImageFile & { readonly digest: string }> {
    const content = this.#measure.inspect();
    const inner = (await this.#inner?.finish()) ?? { unpacked: null, broken: null };
    const digest = this.#hash.digest('hex');
    return { fileName: this.#fileName, bytes: this.bytes, content, ...inner, digest };
  }

  /** Lets go of what it holds, when the rest will not come. */
  drop(): void {
    this.#inner?.drop();
  }
}

/** The length, beginning and end of bytes that pass by. */
class Measure {
  bytes = 0;
  #head = Buffer.alloc(0);
  #tail = Buffer.alloc(0);

  add(chunk: Buffer): void {
    this.bytes += chunk.length;
    if (this.#head.length < INSPECTED_HEAD_BYTES) {
      this.#head = Buffer.concat([this.#head, chunk]).subarray(0, INSPECTED_HEAD_BYTES);
    }
    this.#tail = Buffer.concat([this.#tail, chunk.subarray(-INSPECTED_TAIL_BYTES)]).subarray(
      -INSPECTED_TAIL_BYTES,
    );
  }

  inspect(): ImageContent {
    return inspectImage(this.#head, this.#tail, this.bytes);
  }
}

/** The content of a gzip file that passes by. */
class Unpacked {
  readonly #gunzip: Gunzip = createGunzip();
  readonly #measure = new Measure();
  readonly #ended: Promise<boolean>;
  #isOpen = true;

  constructor() {
    this.#gunzip.on('data', (chunk: Buffer) => {
      this.#measure.add(chunk);
    });
    this.#ended = new Promise((resolve) => {
      this.#gunzip.once('end', () => resolve(true));
      this.#gunzip.once('close', () => resolve(false));
      this.#gunzip.on('error', () => {
        this.#isOpen = false;
        resolve(false);
      });
    });
  }

  /** Takes a chunk, and waits until there is room for the next. */
  async add(chunk: Buffer): Promise<void> {
    if (!this.#isOpen || this.#gunzip.write(chunk)) return;
    const drain = new Promise<void>((resolve) => {
      this.#gunzip.once('drain', resolve);
    });
    await Promise.race([drain, this.#ended]);
  }

  /** What came out so far; undefined if it cannot be unpacked. */
  soFar(): ImageContent | undefined {
    return this.#isOpen ? this.#measure.inspect() : undefined;
  }

  /** What the content is, whole or as far as it can be unpacked. */
  async finish(): Promise<Pick<ImageFile, 'unpacked' | 'broken'>> {
    if (this.#isOpen) this.#gunzip.end();
    const isWhole = await this.#ended;
    const content = this.#measure.bytes > 0 || isWhole ? this.#measure.inspect() : null;
    return isWhole ? { unpacked: content, broken: null } : { unpacked: null, broken: content };
  }

  drop(): void {
    this.#isOpen = false;
    this.#gunzip.destroy();
  }
}
