import type { World } from '../world/world.js';

/** What the door saw of an upload: its headers, and what its bytes turned out to be. */
export interface UploadInput {
  readonly uploadId: string;
}

/** The plain text with which the secondary storage VM answers. */
export interface UploadReply {
  readonly status: number;
  readonly text: string;
}

export function receiveUpload(world: World, input: UploadInput): UploadReply {
  return { status: 400, text: `${input.uploadId} ${world.templates.all().length}` };
}
