import type { StemcellImage } from './image.js';

export interface WatchedContent {
  readonly content: AsyncIterable<Uint8Array>;
  readonly isAllRead: () => boolean;
}

/** Tells every tenth of an image's way out, and knows when everything was taken off. */
export function withProgress(
  image: StemcellImage,
  log: (line: string) => void,
  onAllRead: () => void,
): WatchedContent {
  let isAllRead = false;
  async function* watched(): AsyncGenerator<Uint8Array> {
    let sentBytes = 0;
    let tenths = 0;
    for await (const chunk of image.open()) {
      yield chunk;
      sentBytes += chunk.length;
      const reached = Math.floor((10 * sentBytes) / image.bytes);
      if (reached > tenths) log(`uploaded ${reached * 10} % (${mib(sentBytes)} MiB)`);
      tenths = reached;
    }
    isAllRead = true;
    onAllRead();
  }
  return { content: watched(), isAllRead: () => isAllRead };
}

export function mib(bytes: number): number {
  return Math.ceil(bytes / (1024 * 1024));
}
