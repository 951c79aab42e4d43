import type { Kernel } from '../kernel/kernel.js';
import type { TemplateZoneRow } from '../world/entities.js';
import { algorithmFor } from '../world/storage/template-checksum.js';
import { isAwaited } from '../world/storage/template-downloads.js';
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
    for (const inZone of world.templateZones.all()) this.#startOrStop(inZone);
    this.#unsubscribe = world.kernel.log.subscribe(({ entity, id }) => {
      if (entity !== 'templatezone') return;
      const inZone = world.templateZones.get(id);
      if (inZone !== undefined) this.#startOrStop(inZone);
    });
  }

  /** Breaks off all that runs; nothing is delivered any more. */
  stop(): void {
    this.#unsubscribe();
    for (const controller of this.#running.values()) controller.abort();
    this.#running.clear();
  }

  #startOrStop(inZone: TemplateZoneRow): void {
    const running = this.#running.get(inZone.id);
    if (isAwaited(inZone)) {
      if (running === undefined) this.#start(inZone);
      return;
    }
    this.#running.delete(inZone.id);
    running?.abort();
  }

  #start(inZone: TemplateZoneRow): void {
    const { id: templateZoneId, templateId, checksum } = inZone;
    const { url } = this.#world.templates.require(templateId);
    if (url === null) throw new Error(`template ${templateId} has no URL`);
    const controller = new AbortController();
    this.#running.set(templateZoneId, controller);
    const { kernel, settings } = this.#world;
    const letGo = holdTime(kernel, url);
    const deliver = (input: DownloadInput): void => {
      if (this.#running.get(templateZoneId) === controller) this.#deliver(input);
    };
    void this.#fetchImage(
      {
        url,
        algorithm: algorithmFor(checksum) ?? 'sha512',
        maxBytes: settings.get('max.template.iso.size') * 1024 ** 3,
      },
      {
        signal: controller.signal,
        onProgress: (receivedBytes, expectedBytes) =>
          deliver({ kind: 'progress', templateZoneId, receivedBytes, expectedBytes }),
      },
    ).then((outcome) => {
      deliver({ kind: 'ended', templateZoneId, outcome });
      letGo();
    });
  }
}

/** Time that jumps to the end of everything must not jump over a download. */
function holdTime(kernel: Kernel, url: string): () => void {
  return kernel.hold(`download of ${new URL(url).origin}`);
}
