import type { JsonObject } from './json.js';

/**
 * Work that is due at a later world time: data, never a closure, so that a world can be saved and
 * replayed. `item` names the thing that is between two states until the task has run
 * (`job:<uuid>`, `template:<uuid>`); background work such as the expunge thread has none.
 */
export interface Task {
  readonly seq: number;
  readonly kind: string;
  readonly args: JsonObject;
  readonly dueAtMs: number;
  readonly item: string | null;
}

/** A scheduler as plain data. */
export interface SchedulerState {
  /** The number of the last task. */
  readonly seq: number;
  readonly tasks: readonly Task[];
}

/** The queue of tasks, ordered by due time, then by the order in which they were scheduled. */
export class Scheduler {
  readonly #heap: Task[] = [];
  /** The waiting tasks of each item: the many that belong to none need not be looked at. */
  readonly #byItem = new Map<string, Task[]>();
  #seq = 0;

  constructor(state: SchedulerState = { seq: 0, tasks: [] }) {
    for (const task of state.tasks) this.#put(task);
    this.#seq = state.seq;
  }

  /** The waiting tasks in the order in which they will run, and the number of the last one. */
  get state(): SchedulerState {
    const tasks = [...this.#heap].sort((a, b) => (isBefore(a, b) ? -1 : 1));
    return { seq: this.#seq, tasks };
  }

  add(task: Omit<Task, 'seq'>): Task {
    this.#seq += 1;
    const numbered = { seq: this.#seq, ...task };
    this.#put(numbered);
    return numbered;
  }

  #put(numbered: Task): void {
    this.#heap.push(numbered);
    this.#siftUp(this.#heap.length - 1);
    if (numbered.item !== null) {
      this.#byItem.set(numbered.item, [...(this.#byItem.get(numbered.item) ?? []), numbered]);
    }
  }

  /** The task that is due first, or undefined. */
  first(): Task | undefined {
    return this.#heap[0];
  }

  /** The first of the tasks that some item waits for (of `item`, if given). */
  firstWithItem(item?: string): Task | undefined {
    const tasks = item === undefined ? [...this.#byItem.values()].flat() : this.#byItem.get(item);
    return tasks && firstOf(tasks);
  }

  /** The first of the tasks of a kind. */
  firstOfKind(kind: string): Task | undefined {
    return firstOf(this.#heap.filter((task) => task.kind === kind));
  }

  takeFirst(): Task | undefined {
    const first = this.#heap[0];
    const last = this.#heap.pop();
    if (first !== undefined && last !== undefined && this.#heap.length > 0) {
      this.#heap[0] = last;
      this.#siftDown();
    }
    if (first !== undefined) this.#forgetItem(first);
    return first;
  }

  get size(): number {
    return this.#heap.length;
  }

  #forgetItem(task: Task): void {
    if (task.item === null) return;
    const others = (this.#byItem.get(task.item) ?? []).filter((other) => other !== task);
    if (others.length === 0) this.#byItem.delete(task.item);
    else this.#byItem.set(task.item, others);
  }

  #siftUp(start: number): void {
    let index = start;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.#swapIfBefore(index, parent)) return;
      index = parent;
    }
  }

  #siftDown(): void {
    let index = 0;
    for (;;) {
      const [left, right] = [this.#heap[2 * index + 1], this.#heap[2 * index + 2]];
      const child = left && right && isBefore(right, left) ? 2 * index + 2 : 2 * index + 1;
      if (!this.#swapIfBefore(child, index)) return;
      index = child;
    }
  }

  #swapIfBefore(lower: number, upper: number): boolean {
    const [a, b] = [this.#heap[lower], this.#heap[upper]];
    if (a === undefined || b === undefined || !isBefore(a, b)) return false;
    this.#heap[lower] = b;
    this.#heap[upper] = a;
    return true;
  }
}

function firstOf(tasks: readonly Task[]): Task | undefined {
  return tasks.reduce<Task | undefined>(
    (first, task) => (first === undefined || isBefore(task, first) ? task : first),
    undefined,
  );
}

function isBefore(a: Task, b: Task): boolean {
  return a.dueAtMs === b.dueAtMs ? a.seq < b.seq : a.dueAtMs < b.dueAtMs;
}
