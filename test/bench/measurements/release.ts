// What the start of a call costs as an operator's Director pays for it: through `bin/cpi` of the
// release, with the release's own Node and the code that its package compiled.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { minimal } from '../../release/support/property-sets.js';
import type { Measurement } from '../figure.js';
import { measurePairs } from '../pairs.js';
import { processCost } from '../process-cost.js';

const input = JSON.stringify({
  method: 'info',
  arguments: [],
  context: { director_uuid: 'bench' },
});

export const release: Measurement = {
  name: 'release',
  asks: 'What does `info` cost through the installed release, compared with its Node alone?',
  run: async ({ isQuick, progress }) => {
    // With it come compilers, which no other measurement needs.
    const { Installation, buildRelease } = await import('../../release/support/installation.js');
    const folder = mkdtempSync(join(tmpdir(), 'bench-release-'));
    try {
      progress('building and installing');
      const installed = new Installation(await buildRelease(folder), join(folder, 'vcap'));
      for (const name of ['cloudstack_node', 'cloudstack_cpi']) installed.compile(name);
      await installed.render('cloudstack_cpi', minimal, 'director');
      const runs = isQuick ? 1 : 4;
      const cost = (command: readonly string[]) => () =>
        processCost({ command, input, runs, home: folder });
      const { cpu, wall } = await measurePairs(
        { pairs: isQuick ? 2 : 20, warmUps: 1, progress },
        cost([join(installed.folder, 'jobs/cloudstack_cpi/bin/cpi')]),
        cost([join(installed.folder, 'packages/cloudstack_node/bin/node'), '-e', '0']),
      );
      const told = { yardstick: "its Node's -e 0", unit: 'ms' } as const;
      return [
        {
          name: 'release info cpu',
          subject: 'info through the release, CPU time',
          ...told,
          pairs: cpu,
          limit: 1.3,
        },
        {
          name: 'release info wall',
          subject: 'info through the release, from start to end',
          ...told,
          pairs: wall,
        },
      ];
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
