// Cases that failed once, each with what it found.
import { readFileSync } from 'node:fs';
import type { KeptCase } from './case.js';

export const keptCases = JSON.parse(
  readFileSync(new URL('kept-cases.json', import.meta.url), 'utf8'),
) as readonly KeptCase[];
