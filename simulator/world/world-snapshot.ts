import { createHash } from 'node:crypto';
import { z } from 'zod';
import { problemText, schemaProblems } from '../input/problems.js';
import { clockModeHint, parseClockMode } from '../kernel/clock.js';
import type { Kernel } from '../kernel/kernel.js';
import type { KernelState } from '../kernel/kernel-state.js';
import { Settings, settingDeclarations } from './settings/settings.js';
import type { BaseRow } from './base-row.js';
import { worldDescription, type WorldDescription } from './description/world-description.js';
import { checkInvariants } from './invariants/invariants.js';
import { wrongRows } from './rows/wrong-rows.js';
import { createWorld, type World } from './world.js';

/** What a file must say of itself to be read. */
const FORMAT = 'cloudstack-simulator/snapshot';
/** Goes up with each change of the rows, or of what is beside them. */
const VERSION = 22;

/**
 * A simulated world at one moment, as plain data: its rows, its time and what waits for it, its
 * random streams, its fault plan, its events. It holds the secret keys of all users, and the
 * passwords and user data of VMs.
 */
export interface WorldSnapshot {
  readonly format: string;
  readonly version: number;
  /** Of the JSON text of `content`. */
  readonly sha256: string;
  readonly content: SnapshotContent;
}

export interface SnapshotContent {
  readonly seed: number;
  readonly clock: string;
  /** What the world was built from: a reset goes back there. */
  readonly description: WorldDescription;
  readonly initialTemplateIds: readonly string[];
  readonly settings: Readonly<Record<string, string | number | boolean>>;
  readonly kernel: KernelState;
  /** The rows of each table, by the entity. */
  readonly tables: Readonly<Record<string, readonly BaseRow[]>>;
}

/** What is no snapshot of a world that can go on here. */
export class SnapshotError extends Error {
  constructor(source: string, problem: string, options?: ErrorOptions) {
    super(`${source} cannot be loaded: ${problem}`, options);
    this.name = 'SnapshotError';
  }
}

/** What of a snapshot is not in the world itself. */
export type SnapshotFrame = Pick<
  SnapshotContent,
  'seed' | 'clock' | 'description' | 'initialTemplateIds'
>;

/** A copy of a world as it is at this moment. */
export function takeSnapshot(world: World, frame: SnapshotFrame): WorldSnapshot {
  const text = JSON.stringify({
    ...frame,
    settings: world.settings.changed,
    kernel: world.kernel.state,
    tables: Object.fromEntries(world.tables.map((table) => [table.entity, table.everyRow()])),
  });
  const content = JSON.parse(text) as SnapshotContent;
  return { format: FORMAT, version: VERSION, sha256: sha256Of(text), content };
}

/** Checks what claims to be a snapshot; `source` names it in the error. */
export function readSnapshot(value: unknown, source: string): SnapshotContent {
  const head = headSchema.safeParse(value);
  if (!head.success || head.data.format !== FORMAT) {
    throw new SnapshotError(source, 'it is no snapshot of a simulated world');
  }
  const { version, sha256, content } = head.data;
  if (version !== VERSION) {
    throw new SnapshotError(
      source,
      `it has the version ${version} of the format, and this simulator reads version ${VERSION}`,
    );
  }
  const text = textOf(content);
  if (text === undefined || sha256Of(text) !== sha256) {
    throw new SnapshotError(source, 'it is damaged: its checksum is that of another content');
  }
  // A copy, for whoever has the snapshot may load it again.
  const copy: unknown = JSON.parse(text);
  const parsed = contentSchema.safeParse(copy);
  if (parsed.success) return copy as SnapshotContent;
  const problems = schemaProblems(contentSchema, copy).map(problemText).join('; ');
  throw new SnapshotError(source, `its content is not as it should be: ${problems}`);
}

/** Undefined for what is nested deeper than a text can be made of: no world is. */
function textOf(content: object): string | undefined {
  try {
    return JSON.stringify(content);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** The world of a snapshot, on a kernel that was made of the same; its rows must fit each other. */
export function restoreWorld(kernel: Kernel, content: SnapshotContent, source: string): World {
  const world = createWorld(kernel, new Settings(content.settings));
  const known = world.tables.map(({ entity }) => entity);
  const strange = Object.keys(content.tables).filter((entity) => !known.includes(entity));
  const missing = known.filter((entity) => !Object.hasOwn(content.tables, entity));
  if (strange.length > 0 || missing.length > 0) {
    throw new SnapshotError(
      source,
      'it is from another version of the simulator: ' +
        [
          ...strange.map((name) => `it has ${name}`),
          ...missing.map((name) => `it lacks ${name}`),
        ].join(', '),
    );
  }
  const wrong = wrongRows(world, content.tables);
  if (wrong.length > 0) throw new SnapshotError(source, `it was edited: ${wrong.join('; ')}`);
  const violations = restoreRows(world, content, source);
  if (violations.length === 0) return world;
  throw new SnapshotError(source, `its rows do not fit each other: ${violations.join('; ')}`);
}

/**
 * Puts the rows into their tables; answers what is not true of them that is true of every world.
 */
function restoreRows(world: World, content: SnapshotContent, source: string): readonly string[] {
  try {
    for (const table of world.tables) table.restore(content.tables[table.entity] ?? []);
    return checkInvariants(world);
  } catch (cause) {
    const problem = 'it was edited: a row has not the values that rows of its kind have';
    throw new SnapshotError(source, problem, { cause });
  }
}

const headSchema = z.object({
  format: z.string(),
  version: z.number(),
  sha256: z.string(),
  content: z.record(z.string(), z.unknown()),
});

const whole = z.number().int();
const plain = z.record(z.string(), z.unknown());

const task = z.strictObject({
  seq: whole,
  kind: z.string(),
  args: plain,
  dueAtMs: z.number(),
  item: z.string().nullable(),
});

const event = z.strictObject({
  seq: whole,
  time: z.string(),
  cause: z.string(),
  entity: z.string(),
  id: z.string(),
  from: z.string().nullable(),
  to: z.string().nullable(),
  data: plain,
});

/** Its other columns are looked at by `wrongRows`, which names them. */
const row = z.looseObject({ id: z.string() });

const contentSchema = z.strictObject({
  seed: z.number(),
  clock: z
    .string()
    .refine((text) => parseClockMode(text) !== undefined, `must be ${clockModeHint}`),
  description: worldDescription,
  initialTemplateIds: z.array(z.string()),
  settings: z.partialRecord(
    z.enum(Object.keys(settingDeclarations)),
    z.union([z.string(), z.number(), z.boolean()]),
  ),
  kernel: z.strictObject({
    nowMs: z.number(),
    streams: z.record(z.string(), z.tuple([whole, whole, whole, whole])),
    ids: z.record(z.string(), whole),
    scheduler: z.strictObject({ seq: whole, tasks: z.array(task) }),
    log: z.strictObject({ seq: whole, events: z.array(event) }),
  }),
  tables: z.record(z.string(), z.array(row)),
});

function sha256Of(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
