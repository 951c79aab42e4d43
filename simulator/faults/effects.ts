import type {
  AnswerEffect,
  CloudEffect,
  FaultEffect,
  FaultEffectName,
  JobEffect,
  RefusalEffect,
} from '../world/entities.js';
import type { EffectDeclaration, EffectDeclarations } from './effect.js';
import { answerEffects } from './effects/answers.js';
import { cloudEffects } from './effects/cloud.js';
import { jobEffects } from './effects/jobs.js';
import { refusalEffects } from './effects/refusals.js';

/** Everything that a plan can have go wrong. */
export const effects: EffectDeclarations = {
  ...answerEffects,
  ...refusalEffects,
  ...jobEffects,
  ...cloudEffects,
};

export const effectNames = Object.keys(effects) as FaultEffectName[];

/** The declaration of an effect, for code that treats them all alike. */
export function declarationOf(name: FaultEffectName): EffectDeclaration<FaultEffect> {
  return effects[name];
}

export function isAnswerEffect(effect: FaultEffect): effect is AnswerEffect {
  return Object.hasOwn(answerEffects, effect.effect);
}

export function isRefusalEffect(effect: FaultEffect): effect is RefusalEffect {
  return Object.hasOwn(refusalEffects, effect.effect);
}

export function isJobEffect(effect: FaultEffect): effect is JobEffect {
  return Object.hasOwn(jobEffects, effect.effect);
}

export function isCloudEffect(effect: FaultEffect): effect is CloudEffect {
  return Object.hasOwn(cloudEffects, effect.effect);
}
