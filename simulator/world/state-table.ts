/**
 * A state machine as a table of `(from, event, to)`. A pair that the table lacks is an error that
 * names the entity, its state and the event: nothing changes its state in an unforeseen way.
 */
export interface StateTable<State extends string, Event extends string> {
  readonly entity: string;
  readonly initial: readonly State[];
  readonly transitions: readonly (readonly [from: State, event: Event, to: State])[];
}

/** Declares a state table; the types of states and events follow from the rows. */
export function stateTable<State extends string, Event extends string>(
  table: StateTable<State, Event>,
): StateTable<State, Event> {
  return table;
}

/** A change of state that the table does not have. */
export class UndeclaredTransition extends Error {
  /** The id of the row that should have changed its state. */
  readonly id: string;

  constructor(entity: string, id: string, from: string, event: string) {
    super(`${entity} ${id} is ${from}: ${event} has no transition from there`);
    this.name = 'UndeclaredTransition';
    this.id = id;
  }
}

/** The state that follows `event` in state `from`, or undefined if there is none. */
export function nextState<State extends string, Event extends string>(
  table: StateTable<State, Event>,
  from: State,
  event: Event,
): State | undefined {
  return table.transitions.find(([state, happening]) => state === from && happening === event)?.[2];
}
