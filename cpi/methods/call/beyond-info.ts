/**
 * What every call but `info` needs: run-call.ts loads it when it has to. One module, because each
 * file that a program loads costs time when it starts.
 */
export { methods } from '../index.js';
export { describeFailure, toBoshError } from './bosh-errors.js';
export { openCall } from './open-call.js';
