import type { StoredImageRow } from '../world/storage/stored-images.js';

/**
 * What the secondary storage VM has of a direct upload, which clients are not told: CloudStack writes
 * the text of a failure into its alerts alone.
 */
export function uploadText({ upload, percent }: StoredImageRow, isFailed: boolean): string[] {
  if (upload?.status === 'ERROR') {
    return [
      `What was posted failed: ${upload.errorText} The URL is used up: ask for another one ` +
        '(getUploadParamsFor…).',
    ];
  }
  if (!isFailed) return [];
  return [
    upload === null
      ? 'The secondary storage VM was gone when CloudStack asked for the upload, and what had come with it.'
      : `Only ${percent} % of it had come when upload.operation.timeout was over.`,
  ];
}
