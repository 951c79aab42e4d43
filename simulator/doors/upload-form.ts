import type { Readable } from 'node:stream';
import busboy from 'busboy';
import { ImageReader } from '../ssvm/image-reader.js';
import type { ReceivedFile, UploadOutcome } from '../ssvm/receive-upload.js';

/** The body of an upload on its way in. */
export interface UploadBody {
  readonly contentType: string;
  readonly stream: Readable;
  /** Whether all of it has arrived; asked for once the stream has ended or closed. */
  readonly isComplete: () => boolean;
}

/** What is wanted of the file in a form while it comes. */
export interface UploadWatch {
  /** The digest to compute, by its name in Node's crypto. */
  readonly algorithm: string;
  /** Progress is told each time so much more of the file has come. */
  readonly progressBytes: number;
  readonly onProgress: (receivedBytes: number) => void;
}

/** Bounds on what a hostile form can make this process keep. */
const limits = { fieldNameSize: 1_024, fieldSize: 65_536, fields: 1_000, headerPairs: 100 };

/**
 * Reads a form to its end and says what its first file is; never more than a few chunks of it are
 * in memory. Whatever the body holds, this answers: it does not throw.
 */
export async function readUploadForm(body: UploadBody, watch: UploadWatch): Promise<UploadOutcome> {
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
    if (file === undefined && fileName !== undefined) file = receiveFile(stream, fileName, watch);
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
async function receiveFile(
  stream: Readable,
  fileName: string,
  { algorithm, progressBytes, onProgress }: UploadWatch,
): Promise<ReceivedFile | undefined> {
  const image = new ImageReader(fileName, algorithm);
  let toldBytes = 0;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      await image.add(chunk);
      if (image.bytes - toldBytes < progressBytes) continue;
      toldBytes = image.bytes;
      onProgress(toldBytes);
    }
  } catch {
    image.drop();
    return undefined;
  }
  return { kind: 'file', ...(await image.finish()) };
}

function ignore(stream: Readable): void {
  stream.on('error', () => undefined);
  stream.resume();
}
