import type { Request, Response } from 'express';
import type { Simulator } from '../simulator.js';

/** One thing that control of a running simulator offers. */
export interface ControlRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below `/_sim`. */
  readonly path: string;
  /** What it does, in one sentence. */
  readonly does: string;
  /** What else its users need to know, for the documentation. */
  readonly notes: readonly string[];
  readonly answer: (simulator: Simulator, request: Request, response: Response) => void;
}

/** Refuses a request, and says why. */
export function refuse(response: Response, error: string): void {
  response.status(400).json({ error });
}
