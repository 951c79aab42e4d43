import type { Request, Response } from 'express';
import type { Simulator } from '../simulator.js';

/** One thing that control of a running simulator offers. */
export interface ControlRoute {
  readonly method: 'GET' | 'POST';
  /** Below `/_sim`. */
  readonly path: string;
  /** What it does, in one sentence. */
  readonly does: string;
  /** What else its users need to know, for the documentation. */
  readonly notes: readonly string[];
  readonly answer: (simulator: Simulator, request: Request, response: Response) => void;
}
