import type { ResourcePath } from './resource-path.js';

/** Which images are being downloaded, so that what is removed reaches nobody any more. */
export class RunningDownloads {
  readonly #running = new Set<{ readonly path: ResourcePath; readonly end: AbortController }>();

  /** Runs a download of the image at a path; the signal ends it. */
  async during(
    path: ResourcePath,
    download: (signal: AbortSignal) => Promise<void>,
  ): Promise<void> {
    const one = { path, end: new AbortController() };
    this.#running.add(one);
    try {
      await download(one.end.signal);
    } finally {
      this.#running.delete(one);
    }
  }

  /** Ends the downloads of an image, or of all in a collection. */
  endAt(path: ResourcePath): void {
    for (const { path: of, end } of this.#running) {
      if (path.every((name, index) => of[index] === name)) end.abort();
    }
  }

  has(path: ResourcePath): boolean {
    return [...this.#running].some(({ path: of }) => of.join('/') === path.join('/'));
  }
}
