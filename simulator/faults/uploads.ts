import type { FaultEffect } from '../world/entities.js';
import { isAnswerEffect, isCloudEffect } from './effects.js';

/** What rules have in the place of a command for requests to the upload URLs of templates and volumes. */
export const UPLOAD = '/upload';

/** Whether an effect can come on the way to the secondary storage VM, which knows no commands. */
export function comesOnUpload(effect: FaultEffect): boolean {
  if (effect.effect === 'applied-twice') return false;
  return isAnswerEffect(effect) || isCloudEffect(effect);
}
