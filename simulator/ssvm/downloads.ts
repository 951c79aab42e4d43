import type { Kernel } from '../kernel/kernel.js';
import { algorithmFor } from '../world/storage/template-checksum.js';
import { isAwaited } from '../world/storage/image-downloads.js';
import {
  imageUrl,
  largestSetting,
  storedImage,
  storedImages,
  type StoredImageRow,
} from '../world/storage/stored-images.js';
import type { World } from '../world/world.js';
import type { FetchImage } from './fetch-image.js';
import type { DownloadInput } from './receive-download.js';

/** What the secondary storage VM of one world fetches from outside. */
export class Downloads {
  readonly #world: World;
  readonly #fetchImage: FetchImage;
  readonly #deliver: (input: DownloadInput) => void;
  readonly #running = new Map<string, AbortController>();
  readonly #unsubscribe: () => void;

  /** Begins what the world waits for, now and as soon as it waits for more. */
  constructor(world: World, fetchImage: FetchImage, deliver: (input: DownloadInput) => void) {
    this.#world = world;
    this.#fetchImage = fetchImage;
    this.#deliver = deliver;
    for (const image of storedImages(world)) this.#startOrStop(image);
    this.#unsubscribe = world.kernel.log.subscribe(({ entity, id }) => {
      if (entity !== 'templatezone' && entity !== 'volumeimage') return;
      const image = storedImage(world, id);
      if (image !== undefined) this.#startOrStop(image);
    });
  }

  /** Breaks off all that runs; nothing is delivered any more. */
  stop(): void {
    this.#unsubscribe();
    for (const controller of this.#running.values()) controller.abort();
    this.#running.clear();
  }

  #startOrStop(image: StoredImageRow): void {
    const running = this.#running.get(image.id);
    if (isAwaited(image)) {
      if (running === undefined) this.#start(image);
      return;
    }
    this.#running.delete(image.id);
    running?.abort();
  }

  #start(image: StoredImageRow): void {
    const { id: imageId, checksum } = image;
    const url = imageUrl(this.#world, image);
    if (url === null) throw new Error(`image ${imageId} has no URL`);
    const algorithm = algorithmFor(checksum);
    if (algorithm === undefined) throw new Error(`nobody can compute the checksum ${checksum}`);
    const controller = new AbortController();
    this.#running.set(imageId, controller);
    const { kernel, settings } = this.#world;
    let letGo = holdTime(kernel, url);
    const deliver = (input: DownloadInput): void => {
      if (this.#running.get(imageId) === controller) this.#deliver(input);
    };
    void this.#fetchImage(
      {
        url,
        algorithm,
        maxBytes: settings.get(largestSetting(image)) * 1024 ** 3,
      },
      {
        signal: controller.signal,
        onProgress: (receivedBytes, expectedBytes) => {
          deliver({ kind: 'progress', imageId, receivedBytes, expectedBytes });
          const letGoOfOld = letGo;
          letGo = holdTime(kernel, url);
          letGoOfOld();
        },
      },
    ).then((outcome) => {
      deliver({ kind: 'ended', imageId, outcome });
      letGo();
    });
  }
}

/** Time that jumps to the end of everything must not jump over a download that goes on. */
function holdTime(kernel: Kernel, url: string): () => void {
  return kernel.hold(`download of ${new URL(url).origin}`);
}
