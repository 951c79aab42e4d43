import { readFileSync } from 'node:fs';
import { commands } from '../commands/index.js';
import { parseFaultPlan } from '../faults/parse-fault-plan.js';
import type { FaultPlanInput } from '../faults/plan-schema.js';
import { nameHint } from '../input/nearest-name.js';
import { parseWorldDescription } from '../world/description/parse-world-description.js';
import { presets } from '../world/presets/index.js';
import type { WorldDescription } from '../world/description/world-description.js';

/** The world that a file describes; throws with every problem named. */
export function readWorld(file: string): WorldDescription {
  const names = Object.keys(presets);
  const meant = nameHint(file, names);
  const hint = `${file} is neither a preset (${names.join(', ')}) nor a file that can be read${meant}`;
  return parseWorldDescription(readJson(file, hint), file);
}

/** The fault plan in a file; throws with every problem named. */
export function readFaultPlan(file: string): FaultPlanInput {
  const plan = readJson(file, `the fault plan ${file} cannot be read`);
  parseFaultPlan(plan, file, commands);
  return plan as FaultPlanInput;
}

/** What a file holds that should be a saved world. */
export function readSnapshot(file: string): unknown {
  return readJson(file, `the saved world ${file} cannot be read`);
}

function readJson(file: string, unreadable: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new Error(`${unreadable}: ${messageOf(error)}`, { cause: error });
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${file} is not JSON: ${messageOf(error)}`, { cause: error });
  }
}

/** In one line: what JSON.parse quotes may have several. */
function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/\s+/g, ' ');
}
