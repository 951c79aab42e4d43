import type { Request, Response } from 'express';
import type { z } from 'zod';
import { problemText } from '../input/problems.js';
import { readInput } from '../input/readable.js';
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
  /** The parameters of its query string; none unless given. */
  readonly query?: readonly string[];
  readonly answer: (simulator: Simulator, request: Request, response: Response) => void;
}

/** The body of a request, read by its schema; undefined where it was refused with all its problems. */
export function bodyOf<Schema extends z.ZodType>(
  schema: Schema,
  request: Request,
  response: Response,
): z.output<Schema> | undefined {
  const { read, problems } = readInput(schema, request.body ?? {});
  if (problems.length === 0) return read;
  refuse(response, problems.map(problemText).join('; '));
  return undefined;
}

/** Refuses a request, and says why. */
export function refuse(response: Response, error: string): void {
  response.status(400).json({ error });
}
