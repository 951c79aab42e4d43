import type { z } from 'zod';
import type { FaultEffect, FaultEffectName, FaultPhase } from '../world/entities.js';

/**
 * An effect is declared once: what it does, where it can come, and why a client can recover from
 * it. Plans are checked and the documentation is written from the declaration.
 */
export interface EffectDeclaration<Effect extends FaultEffect> {
  /** What happens, in sentences. */
  readonly does: string;
  /** Why a client can recover, or what it cannot know. */
  readonly recovery: string;
  /** Where it can come; the first is meant where a rule says nothing. */
  readonly phases: readonly [FaultPhase, ...FaultPhase[]];
  /** Whether it can come when a job has done all and told nothing. */
  readonly atCompletion?: true;
  readonly options: { readonly [Name in keyof Omit<Effect, 'effect'>]: z.ZodType<Effect[Name]> };
  /** Where somebody met it: issues of `owner/repository`, or a class of CloudStack. */
  readonly seen: readonly string[];
}

export type EffectNamed<Name extends FaultEffectName> = Extract<FaultEffect, { effect: Name }>;

/** The declarations of some effects by their names. */
export type EffectDeclarations<Names extends FaultEffectName = FaultEffectName> = {
  readonly [Name in Names]: EffectDeclaration<EffectNamed<Name>>;
};
