import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { createGunzip, type Gunzip } from 'node:zlib';
import busboy from 'busboy';
import {
  INSPECTED_HEAD_BYTES,
  INSPECTED_TAIL_BYTES,
  declaredPacking,
  inspectImage,
} from '../ssvm/inspect-image.js';
import type { ImageContent } from '../ssvm/image-content.js';
import type { ReceivedFile, UploadOutcome } from '../ssvm/receive-upload.js';

/** The body of an upload on its way in. */
export interface UploadBody {
  readonly contentType: string;
  readonly stream: Readable;
  /** Whether all of it has arrived; asked for once the stream has ended or closed. */
  readonly isComplete: () => boolean;
}

/** Bounds on what a hostile form can make this process keep. */
const limits = { fieldNameSize: 1_024, fieldSize: 65_536, fields: 1_000, headerPairs: 100 };

/**
 * Reads a form to its end and says what its first file is; never more than a few chunks of it are
 * in memory. Whatever the body holds, this answers: it does not throw.
 */
export async function readUploadForm(body: UploadBody): Promise<UploadOutcome> {
  const form = openForm(body.contentType);
  if (typeof form === 'string') {
    if (!(await drained(body))) return { kind: 'aborted' };
    // Anything but a form is read as one without files; a form without boundary as none at all.
    return form === 'no-boundary'
      ? { kind: 'malformed', text: 'Needs a boundary value' }
      : { kind: 'no-file' };
  }
  let file: Promise<ReceivedFile | undefined> | undefined;
  let parts = 0;
  form.on('field', () => (parts += 1));
  form.on('file', (_name, stream, info) => {
    parts += 1;
    // busboy knows a file also by its content type; the secondary storage VM goes by the file name.
    const fileName: string | undefined = info.filename;
    if (file === undefined && fileName !== undefined) file = receiveFile(stream, fileName);
    else ignore(stream);
  });
  const end = await readThrough(body, form);
  if (end === 'aborted') {
    await file;
    return { kind: 'aborted' };
  }
  const received = await file;
  if (received !== undefined) return received;
  return end === 'broken' && parts === 0
    ? { kind: 'malformed', text: 'No Multipart delimiter found' }
    : { kind: 'no-file' };
}

function openForm(contentType: string): busboy.Busboy | 'no-form' | 'no-boundary' {
  if (!/^multipart\/form-data/i.test(contentType)) return 'no-form';
  try {
    const headers = { 'content-type': contentType };
    return busboy({ headers, limits, defParamCharset: 'utf8' });
  } catch {
    return 'no-boundary';
  }
}

/** Sends the request through the form parser, to its end or to where one of the two fails. */
function readThrough(
  body: UploadBody,
  form: busboy.Busboy,
): Promise<'complete' | 'broken' | 'aborted'> {
  return new Promise((resolve) => {
    let isBroken = false;
    if (body.stream.destroyed) {
      resolve('aborted');
      return;
    }
    form.once('close', () => {
      if (!isBroken) resolve('complete');
    });
    form.on('error', () => {
      isBroken = true;
      body.stream.unpipe(form);
      void drained(body).then((isComplete) => resolve(isComplete ? 'broken' : 'aborted'));
    });
    body.stream.once('close', () => {
      if (body.isComplete()) return;
      resolve('aborted');
      form.destroy();
    });
    body.stream.pipe(form);
  });
}

/** Reads the rest of a request and drops it; whether it came to its end. */
function drained({ stream, isComplete }: UploadBody): Promise<boolean> {
  return new Promise((resolve) => {
    if (stream.readableEnded || stream.destroyed) {
      resolve(isComplete());
      return;
    }
    stream.once('end', () => resolve(true));
    stream.once('close', () => resolve(isComplete()));
    stream.resume();
  });
}

/** Measures a file as it comes in; undefined if it breaks off. */
async function receiveFile(stream: Readable, fileName: string): Promise<ReceivedFile | undefined> {
  const measure = new Measure();
  const hash = createHash('sha512');
  const inner = declaredPacking(fileName) === 'gz' ? new Unpacked() : undefined;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      measure.add(chunk);
      hash.update(chunk);
      await inner?.add(chunk);
    }
  } catch {
    inner?.drop();
    return undefined;
  }
  const content = measure.inspect();
  const unpacked = (await inner?.finish()) ?? null;
  return {
    kind: 'file',
    fileName,
    bytes: measure.bytes,
    sha512: hash.digest('hex'),
    content,
    unpacked,
  };
}

function ignore(stream: Readable): void {
  stream.on('error', () => undefined);
  stream.resume();
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

  /** What the content is; undefined if it cannot be unpacked. */
  async finish(): Promise<ImageContent | undefined> {
    if (this.#isOpen) this.#gunzip.end();
    return (await this.#ended) ? this.#measure.inspect() : undefined;
  }

  drop(): void {
    this.#isOpen = false;
    this.#gunzip.destroy();
  }
}
