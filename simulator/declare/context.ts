import type { World } from '../world/world.js';
import type { Caller } from './caller.js';
import type { AnyCommand } from './command.js';

/** What a command's handlers work with besides their arguments. */
export interface CommandContext {
  readonly world: World;
  readonly caller: Caller;
  /** The command as error texts name it: its response wrapper less "response". */
  readonly commandText: string;
  /** Some limits differ between GET and POST. */
  readonly httpMethod: 'GET' | 'POST';
  /** Where clients reach this simulator, such as `http://127.0.0.1:8080`. */
  readonly origin: string;
  /** What the server of an image has said of its size; 0 where nobody asked it, or it did not say. */
  readonly imageBytes: number;
  /** Every command of the API, for those that tell what it is or who may call which. */
  readonly commands: readonly AnyCommand[];
}
