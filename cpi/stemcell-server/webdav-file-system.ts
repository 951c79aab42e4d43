import { v2 as webdav } from 'webdav-server';
import type { Condition } from './conditions.js';
import type { Found } from './found.js';
import type { ImageFolder } from './image-folder.js';
import { Refused, type Refusal } from './refusal.js';

/** Why a request could not be answered as it asks. */
export interface Problem {
  readonly refusal?: Refusal;
  /** What the file system failed with; the library tells its class of error alone. */
  readonly failure?: Error;
}

/** What the library's context of a request over HTTP has besides what it declares. */
interface OfRequest {
  readonly request: object;
}

/** The images as webdav-server wants to see them: to be listed, arranged and removed. */
export class WebdavFileSystem extends webdav.FileSystem {
  readonly #folder: ImageFolder;
  /** By the library's object of a request. */
  readonly #listings = new WeakMap<object, Map<string, Promise<Found | undefined>>>();
  /** By requests. */
  readonly #problems = new WeakMap<object, Problem>();
  /** By requests that have some. */
  readonly #conditions = new WeakMap<object, Condition>();

  constructor(folder: ImageFolder) {
    super(new webdav.VirtualSerializer());
    this.doNotSerialize();
    this.#folder = folder;
  }

  /** What came up while the library answered a request. */
  problemOf(request: object): Problem {
    return this.#problems.get(request) ?? {};
  }

  /** What a request deletes, moves or copies has to meet this. */
  changeOnlyIf(request: object, isMet: Condition): void {
    this.#conditions.set(request, isMet);
  }

  override _type(
    path: webdav.Path,
    { context }: webdav.TypeInfo,
    callback: webdav.ReturnCallback<webdav.ResourceType>,
  ): void {
    const { Directory, File } = webdav.ResourceType;
    this.#tell(path, context, ({ kind }) => (kind === 'collection' ? Directory : File), callback);
  }

  override _size(
    path: webdav.Path,
    { context }: webdav.SizeInfo,
    callback: webdav.ReturnCallback<number>,
  ): void {
    this.#tell(path, context, ({ bytes }) => bytes, callback);
  }

  override _etag(
    path: webdav.Path,
    { context }: webdav.ETagInfo,
    callback: webdav.ReturnCallback<string>,
  ): void {
    this.#tell(path, context, ({ etag }) => etag, callback);
  }

  override _lastModifiedDate(
    path: webdav.Path,
    { context }: webdav.LastModifiedDateInfo,
    callback: webdav.ReturnCallback<number>,
  ): void {
    this.#tell(path, context, ({ modifiedMs }) => modifiedMs, callback);
  }

  override _creationDate(
    path: webdav.Path,
    { context }: webdav.CreationDateInfo,
    callback: webdav.ReturnCallback<number>,
  ): void {
    this.#tell(path, context, ({ createdMs }) => createdMs, callback);
  }

  override _readDir(
    path: webdav.Path,
    { context }: webdav.ReadDirInfo,
    callback: webdav.ReturnCallback<string[]>,
  ): void {
    this.#settle(this.#folder.list(path.paths), context, callback);
  }

  override _create(
    path: webdav.Path,
    { type, context }: webdav.CreateInfo,
    callback: webdav.SimpleCallback,
  ): void {
    if (type.isFile) callback(webdav.Errors.InvalidOperation);
    else this.#settle(this.#folder.makeCollection(path.paths), context, callback);
  }

  override _delete(
    path: webdav.Path,
    { context }: webdav.DeleteInfo,
    callback: webdav.SimpleCallback,
  ): void {
    this.#settle(this.#folder.remove(path.paths, this.#conditionOf(context)), context, callback);
  }

  override _move(
    from: webdav.Path,
    to: webdav.Path,
    { overwrite, context }: webdav.MoveInfo,
    callback: webdav.ReturnCallback<boolean>,
  ): void {
    const asked = { mayOverwrite: overwrite, isMet: this.#conditionOf(context) };
    this.#settle(this.#folder.move(from.paths, to.paths, asked), context, callback);
  }

  override _copy(
    from: webdav.Path,
    to: webdav.Path,
    { overwrite, context }: webdav.CopyInfo,
    callback: webdav.ReturnCallback<boolean>,
  ): void {
    // The library reads `Depth` and does not pass it on.
    const isDeep = context.headers.depth !== 0;
    const asked = { mayOverwrite: overwrite, isDeep, isMet: this.#conditionOf(context) };
    this.#settle(this.#folder.copy(from.paths, to.paths, asked), context, callback);
  }

  override _availableLocks(
    _path: webdav.Path,
    _info: webdav.AvailableLocksInfo,
    callback: webdav.ReturnCallback<webdav.LockKind[]>,
  ): void {
    callback(undefined, []);
  }

  override _lockManager(
    _path: webdav.Path,
    _info: webdav.LockManagerInfo,
    callback: webdav.ReturnCallback<webdav.ILockManager>,
  ): void {
    callback(undefined, new webdav.LocalLockManager());
  }

  override _propertyManager(
    _path: webdav.Path,
    _info: webdav.PropertyManagerInfo,
    callback: webdav.ReturnCallback<webdav.IPropertyManager>,
  ): void {
    callback(undefined, new webdav.LocalPropertyManager());
  }

  #conditionOf(context: webdav.RequestContext): Condition | undefined {
    return this.#conditions.get(requestOf(context));
  }

  /** Tells a callback what came of a promise, outside of it: what that throws is its own. */
  #settle<T>(
    promise: Promise<T>,
    context: webdav.RequestContext,
    callback: (error?: Error, value?: T) => void,
  ): void {
    promise.then(
      (value) => {
        process.nextTick(callback, undefined, value);
      },
      (failure: unknown) => {
        const isRefused = failure instanceof Refused;
        this.#remember(
          context,
          isRefused ? { refusal: failure.refusal } : { failure: failure as Error },
        );
        process.nextTick(callback, isRefused ? errors[failure.refusal] : failure);
      },
    );
  }

  /** A failure stays; of refusals the last one counts: the library asks first what is there. */
  #remember(context: webdav.RequestContext, problem: Problem): void {
    const request = requestOf(context);
    if (this.problemOf(request).failure === undefined) this.#problems.set(request, problem);
  }

  #tell<T>(
    path: webdav.Path,
    context: webdav.RequestContext,
    of: (found: Found) => T,
    callback: webdav.ReturnCallback<T>,
  ): void {
    const told = this.#found(path, context).then((found) => {
      if (found === undefined) throw new Refused('not found');
      return of(found);
    });
    this.#settle(told, context, callback);
  }

  /** Looked at once a listing: each of the properties is asked for by itself. */
  #found(path: webdav.Path, context: object): Promise<Found | undefined> {
    const listing = this.#listings.get(context) ?? new Map<string, Promise<Found | undefined>>();
    this.#listings.set(context, listing);
    const key = path.toString();
    const found = listing.get(key) ?? this.#folder.find(path.paths);
    listing.set(key, found);
    return found;
  }
}

function requestOf(context: webdav.RequestContext): object {
  return (context as unknown as OfRequest).request;
}

const errors: Readonly<Record<Refusal, Error>> = {
  'not found': webdav.Errors.ResourceNotFound,
  exists: webdav.Errors.ResourceAlreadyExists,
  changed: webdav.Errors.ResourceAlreadyExists,
  'no collection': webdav.Errors.IntermediateResourceMissing,
  'is a collection': webdav.Errors.InvalidOperation,
  // The same status, 409: what is there conflicts with what is asked.
  'holds the source': webdav.Errors.IntermediateResourceMissing,
  'no space': webdav.Errors.InsufficientStorage,
};
