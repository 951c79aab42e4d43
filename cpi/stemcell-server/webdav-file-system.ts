import { v2 as webdav } from 'webdav-server';
import type { Found } from './found.js';
import type { ImageFolder } from './image-folder.js';
import { Refused, type Refusal } from './refusal.js';

/** The images as webdav-server wants to see them: to be listed, arranged and removed. */
export class WebdavFileSystem extends webdav.FileSystem {
  readonly #folder: ImageFolder;
  /** By the library's object of a request. */
  readonly #listings = new WeakMap<object, Map<string, Promise<Found | undefined>>>();

  constructor(folder: ImageFolder) {
    super(new webdav.VirtualSerializer());
    this.doNotSerialize();
    this.#folder = folder;
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
    _info: webdav.ReadDirInfo,
    callback: webdav.ReturnCallback<string[]>,
  ): void {
    settle(this.#folder.list(path.paths), callback);
  }

  override _create(
    path: webdav.Path,
    { type }: webdav.CreateInfo,
    callback: webdav.SimpleCallback,
  ): void {
    if (type.isFile) callback(webdav.Errors.InvalidOperation);
    else settle(this.#folder.makeCollection(path.paths), callback);
  }

  override _delete(
    path: webdav.Path,
    _info: webdav.DeleteInfo,
    callback: webdav.SimpleCallback,
  ): void {
    settle(this.#folder.remove(path.paths), callback);
  }

  override _move(
    from: webdav.Path,
    to: webdav.Path,
    { overwrite }: webdav.MoveInfo,
    callback: webdav.ReturnCallback<boolean>,
  ): void {
    settle(this.#folder.move(from.paths, to.paths, { mayOverwrite: overwrite }), callback);
  }

  override _copy(
    from: webdav.Path,
    to: webdav.Path,
    { overwrite, context }: webdav.CopyInfo,
    callback: webdav.ReturnCallback<boolean>,
  ): void {
    // The library reads `Depth` and does not pass it on.
    const isDeep = context.headers.depth !== 0;
    const asked = { mayOverwrite: overwrite, isDeep };
    settle(this.#folder.copy(from.paths, to.paths, asked), callback);
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

  #tell<T>(
    path: webdav.Path,
    context: object,
    of: (found: Found) => T,
    callback: webdav.ReturnCallback<T>,
  ): void {
    const told = this.#found(path, context).then((found) => {
      if (found === undefined) throw new Refused('not found');
      return of(found);
    });
    settle(told, callback);
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

/** Tells a callback what came of a promise, outside of it: what the callback throws is its own. */
function settle<T>(promise: Promise<T>, callback: (error?: Error, value?: T) => void): void {
  promise.then(
    (value) => {
      process.nextTick(callback, undefined, value);
    },
    (failure: unknown) => {
      const error = failure instanceof Refused ? errors[failure.refusal] : (failure as Error);
      process.nextTick(callback, error);
    },
  );
}
