import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';

/** How the size of an image is found out when it is registered: in bytes, 0 where nobody says. */
export type MeasureImage = (url: string) => Promise<number>;

/** Java's own client waits so long for a connection, and again for the head of an answer. */
const PATIENCE_MS = 5_000;

/**
 * Asks for the head of an image only, follows no redirect, and takes for its size what the answer
 * says of its length, whatever its status; nothing that goes wrong is told (UriUtils.getRemoteSize).
 */
export const measureImage: MeasureImage = (url) => {
  const send = url.startsWith('https:') ? httpsRequest : httpRequest;
  return new Promise((resolve) => {
    const request = send(
      url,
      { method: 'HEAD', agent: false, timeout: PATIENCE_MS },
      ({ headers }) => {
        request.destroy();
        resolve(lengthIn(headers['content-length']));
      },
    );
    request
      .on('timeout', () => request.destroy())
      .on('error', () => {
        resolve(0);
      })
      .on('close', () => {
        resolve(0);
      })
      .end();
  });
};

function lengthIn(header: string | undefined): number {
  return header !== undefined && /^\d{1,15}$/.test(header) ? Number(header) : 0;
}
