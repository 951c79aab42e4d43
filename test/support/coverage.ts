// Which of the programs that tests start are looked at where coverage is measured. Node hands
// NODE_V8_COVERAGE on to every program that it starts, whatever environment that is given; a program
// then takes several times as long to begin and to end, and what it writes is read when all is over.
// So only those are measured of which the tests in this process show nothing, and none that they start.

const folder = process.env['NODE_V8_COVERAGE'];

/** An environment like the own, in which programs are not measured. */
export const unmeasured: NodeJS.ProcessEnv = { ...process.env, NODE_V8_COVERAGE: undefined };

export interface Measuring {
  /** Where what is measured goes. */
  readonly folder: string;
  /** For Node, before the program. */
  readonly options: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
}

/**
 * How to start a program that is measured, and hands that on to none. It has to be a compiled file: of a
 * bundle it would be nonsense. Undefined where no coverage is measured.
 */
export const measuring: Measuring | undefined =
  folder === undefined
    ? undefined
    : {
        folder,
        options: ['--import', 'data:text/javascript,delete process.env.NODE_V8_COVERAGE'],
        environment: { ...process.env, NODE_V8_COVERAGE: folder },
      };
