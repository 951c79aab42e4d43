/**
 * Something that the simulator does otherwise than CloudStack and that a client can notice. Each
 * layer declares its own in its `differences.ts`; docs/simulator/differences.md lists them all.
 */
export interface Difference {
  readonly about: string;
  /** What CloudStack does. */
  readonly cloudStack: string;
  /** What happens here instead. */
  readonly here: string;
}
