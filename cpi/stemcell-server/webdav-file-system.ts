import { v2 as webdav } from 'webdav-server';
import { Refused, type Found, type ImageFolder, type Refusal } from './image-folder.js';

/** The images as webdav-server wants to see them: to be listed, arranged and removed. */
export class WebdavFileSystem extends webdav.FileSystem {
  readonly #folder: ImageFolder;

  constructor(folder: ImageFolder) {
    super(new webdav.VirtualSerializer());
    this.doNotSerialize();
    this.#folder = folder;
  }

  override _type(
    path: webdav.Path,
    _info: webdav.TypeInfo,
    callback: webdav.ReturnCallback<webdav.ResourceType>,
  ): void {
    const { Directory, File } = webdav.ResourceType;
    this.#tell(path, ({ kind }) => (kind === 'collection' ? Directory : File), callback);
  }

  override _size(
    path: webdav.Path,
    _info: webdav.SizeInfo,
    callback: webdav.ReturnCallback<number>,
  ): void {
    this.#tell(path, ({ bytes }) => bytes, callback);
  }

  override _etag(
    path: webdav.Path,
    _info: webdav.ETagInfo,
    callback: webdav.ReturnCallback<string>,
  ): void {
    this.#tell(path, ({ etag }) => etag, callback);
  }

  override _lastModifiedDate(
    path: webdav.Path,
    _info: webdav.LastModifiedDateInfo,
    callback: webdav.ReturnCallback<number>,
  ): void {
    this.#tell(path, ({ modifiedMs }) => modifiedMs, callback);
  }

  override _creationDate(
    path: webdav.Path,
    _info: webdav.CreationDateInfo,
    callback: webdav.ReturnCallback<number>,
  ): void {
    this.#tell(path, ({ createdMs }) => createdMs, callback);
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
    settle(
      this.#replacing(to, overwrite, () => this.#folder.move(from.paths, to.paths)),
      callback,
    );
  }

  override _copy(
    from: webdav.Path,
    to: webdav.Path,
    { overwrite, context }: webdav.CopyInfo,
    callback: webdav.ReturnCallback<boolean>,
  ): void {
    // The library reads `Depth` and does not pass it on.
    const isDeep = context.headers.depth !== 0;
    settle(
      this.#replacing(to, overwrite, () => this.#copy(from.paths, to.paths, isDeep)),
      callback,
    );
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

  #tell<T>(path: webdav.Path, of: (found: Found) => T, callback: webdav.ReturnCallback<T>): void {
    const told = this.#folder.find(path.paths).then((found) => {
      if (found === undefined) throw new Refused('not found');
      return of(found);
    });
    settle(told, callback);
  }

  /** Answers whether something was there before. */
  async #replacing(
    to: webdav.Path,
    mayOverwrite: boolean,
    work: () => Promise<void>,
  ): Promise<boolean> {
    const there = await this.#folder.find(to.paths);
    if (there !== undefined) {
      if (!mayOverwrite) throw new Refused('exists');
      await this.#folder.remove(to.paths);
    } else if ((await this.#folder.find(to.getParent().paths)) === undefined) {
      throw new Refused('no collection');
    }
    await work();
    return there !== undefined;
  }

  async #copy(from: readonly string[], to: readonly string[], isDeep: boolean): Promise<void> {
    if ((await this.#folder.find(from))?.kind === 'image') {
      await this.#folder.copyImage(from, to);
      return;
    }
    const names = isDeep ? await this.#folder.list(from) : [];
    await this.#folder.makeCollection(to);
    for (const name of names) await this.#copy([...from, name], [...to, name], isDeep);
  }
}

const errors: Readonly<Record<Refusal, Error>> = {
  'not found': webdav.Errors.ResourceNotFound,
  exists: webdav.Errors.ResourceAlreadyExists,
  'no collection': webdav.Errors.IntermediateResourceMissing,
  'is a collection': webdav.Errors.InvalidOperation,
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
