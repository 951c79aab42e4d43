import type { ClockMode } from './clock.js';
import { EventLog } from './event-log.js';
import { Ids } from './ids.js';
import type { JsonObject } from './json.js';
import type { KernelState } from './kernel-state.js';
import { RandomStreams } from './random.js';
import { Scheduler, type Task } from './scheduler.js';

export interface KernelOptions {
  readonly seed: number;
  /** World time at the start, in milliseconds since 1970; in `real` mode the host's time is used. */
  readonly startMs: number;
  readonly mode: ClockMode;
  readonly hostNowMs: () => number;
  /** Where an earlier kernel with the same seed stopped, for one that goes on from there. */
  readonly state?: KernelState;
}

export type TaskRunner = (task: Task) => void;

/** How long anybody can hold `auto` time, in milliseconds of the host's. */
const LONGEST_HOLD_MS = 10_000;

/** Who holds time, and since when. */
interface Holder {
  readonly reason: string;
  readonly sinceHostMs: number;
}

/** More tasks in one move of the clock mean that a task schedules itself without end. */
const MAX_TASKS_PER_MOVE = 1_000_000;

/**
 * World time, the tasks that wait for it, randomness, ids and the event log: everything that
 * decides what happens next. Whoever owns a kernel gives it `runTask`, which carries tasks out.
 */
export class Kernel {
  readonly log: EventLog;
  readonly random: RandomStreams;
  readonly ids: Ids;
  readonly #scheduler: Scheduler;
  readonly #hostNowMs: () => number;
  readonly #holders = new Map<number, Holder>();
  #runTask: TaskRunner = () => undefined;
  #mode: ClockMode;
  #nowMs: number;
  #moment = { ms: NaN, text: '' };
  /** World and host time at the last move that the host's clock did not make. */
  #origin: { worldMs: number; hostMs: number };
  #cause = 'world';
  #holds = 0;

  constructor(options: KernelOptions) {
    const { state } = options;
    this.log = new EventLog(state?.log);
    this.random = new RandomStreams(options.seed, state?.streams);
    this.ids = new Ids(this.random, state?.ids);
    this.#scheduler = new Scheduler(state?.scheduler);
    this.#hostNowMs = options.hostNowMs;
    this.#mode = options.mode;
    this.#nowMs = state?.nowMs ?? startMs(options);
    this.#origin = { worldMs: this.#nowMs, hostMs: options.hostNowMs() };
  }

  /** All that decides what happens next. What holds `auto` time belongs to this process only. */
  get state(): KernelState {
    return {
      nowMs: this.#nowMs,
      streams: this.random.states,
      ids: this.ids.counts,
      scheduler: this.#scheduler.state,
      log: this.log.state,
    };
  }

  /** Who carries out due tasks; set once by the simulator. */
  onTask(runTask: TaskRunner): void {
    this.#runTask = runTask;
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  /** World time as events tell it; the same text serves all events of a moment. */
  get nowText(): string {
    if (this.#moment.ms !== this.#nowMs) {
      this.#moment = { ms: this.#nowMs, text: new Date(this.#nowMs).toISOString() };
    }
    return this.#moment.text;
  }

  get mode(): ClockMode {
    return this.#mode;
  }

  get cause(): string {
    return this.#cause;
  }

  /** Does `action` so that every change it makes is logged with `cause`. */
  because<T>(cause: string, action: () => T): T {
    const outer = this.#cause;
    this.#cause = cause;
    try {
      return action();
    } finally {
      this.#cause = outer;
    }
  }

  /** Has a task done `afterMs` of world time from now. */
  schedule(task: { kind: string; args: JsonObject; afterMs: number; item?: string }): void {
    this.#scheduler.add({
      kind: task.kind,
      args: task.args,
      dueAtMs: this.#nowMs + Math.max(0, task.afterMs),
      item: task.item ?? null,
    });
  }

  /** Changes how time moves, from now on. */
  setMode(mode: ClockMode): void {
    this.catchUp();
    this.#mode = mode;
    if (mode.kind === 'real') this.#advanceTo(Math.max(this.#nowMs, this.#hostNowMs()));
    this.#beginHere();
    this.settle();
  }

  advanceBy(ms: number): void {
    this.catchUp();
    this.#advanceTo(this.#nowMs + ms);
    this.#beginHere();
  }

  /** Moves time on to the end of everything that is under way; background work has no end. */
  advanceUntilIdle(): void {
    this.catchUp();
    for (let moves = 0; moves < MAX_TASKS_PER_MOVE; moves += 1) {
      const task = this.#scheduler.firstWithItem();
      if (task === undefined) {
        this.#beginHere();
        return;
      }
      this.#advanceTo(task.dueAtMs);
    }
    throw new Error(`the world is not idle after ${MAX_TASKS_PER_MOVE} tasks`);
  }

  /** In `scaled` and `real` mode: moves time to where the host's clock says it is. */
  catchUp(): void {
    if (this.#mode.kind !== 'scaled' && this.#mode.kind !== 'real') return;
    const factor = this.#mode.kind === 'scaled' ? this.#mode.factor : 1;
    const elapsedMs = (this.#hostNowMs() - this.#origin.hostMs) * factor;
    this.#advanceTo(Math.max(this.#nowMs, Math.floor(this.#origin.worldMs + elapsedMs)));
  }

  /** In `auto` mode, when nobody holds time: moves it to the end of everything under way. */
  settle(): void {
    if (this.#mode.kind === 'auto' && !this.#isHeld) this.advanceUntilIdle();
  }

  /** In `on-poll` mode: moves time to the next step of `item`. */
  poll(item: string): void {
    if (this.#mode.kind !== 'on-poll') return;
    const task = this.#scheduler.firstWithItem(item);
    if (task !== undefined) this.#advanceTo(task.dueAtMs);
  }

  /**
   * Keeps `auto` time from jumping until the returned function is called, but not for longer than ten
   * seconds of the host's time: what is stuck keeps nobody else waiting.
   */
  hold(reason: string): () => void {
    this.#holds += 1;
    const key = this.#holds;
    this.#holders.set(key, { reason, sinceHostMs: this.#hostNowMs() });
    return () => {
      if (this.#holders.delete(key)) this.settle();
    };
  }

  /** Who holds time at present. */
  get holders(): readonly string[] {
    return [...this.#holders.values()].map(({ reason }) => reason);
  }

  get #isHeld(): boolean {
    const hostMs = this.#hostNowMs();
    return [...this.#holders.values()].some(
      ({ sinceHostMs }) => hostMs - sinceHostMs <= LONGEST_HOLD_MS,
    );
  }

  /** World time at which the first waiting task of this kind is due, undefined if there is none. */
  dueAtMs(kind: string): number | undefined {
    return this.#scheduler.firstOfKind(kind)?.dueAtMs;
  }

  /** World time at which the next task is due, undefined if none waits. */
  get nextTaskMs(): number | undefined {
    return this.#scheduler.first()?.dueAtMs;
  }

  get pendingTasks(): number {
    return this.#scheduler.size;
  }

  /** The waiting tasks in the order in which they will run. */
  get tasks(): readonly Task[] {
    return this.#scheduler.state.tasks;
  }

  /** How long until the next task, in milliseconds of host time; undefined if time stands still. */
  get nextTaskInHostMs(): number | undefined {
    const task = this.#scheduler.first();
    if (task === undefined) return undefined;
    if (this.#mode.kind !== 'scaled' && this.#mode.kind !== 'real') return undefined;
    const factor = this.#mode.kind === 'scaled' ? this.#mode.factor : 1;
    return (task.dueAtMs - this.#nowMs) / factor;
  }

  /** From here on the host's clock moves time. */
  #beginHere(): void {
    this.#origin = { worldMs: this.#nowMs, hostMs: this.#hostNowMs() };
  }

  #advanceTo(targetMs: number): void {
    for (let count = 0; count < MAX_TASKS_PER_MOVE; count += 1) {
      const task = this.#scheduler.first();
      if (task === undefined || task.dueAtMs > targetMs) {
        this.#nowMs = Math.max(this.#nowMs, targetMs);
        return;
      }
      this.#scheduler.takeFirst();
      this.#nowMs = Math.max(this.#nowMs, task.dueAtMs);
      this.because(`task:${task.kind}`, () => this.#runTask(task));
    }
    throw new Error(`more than ${MAX_TASKS_PER_MOVE} tasks were due in one move of the clock`);
  }
}

function startMs({ mode, hostNowMs, startMs: worldMs }: KernelOptions): number {
  return mode.kind === 'real' ? hostNowMs() : worldMs;
}
