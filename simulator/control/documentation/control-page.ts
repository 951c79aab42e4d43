import type { ControlRoute } from '../control-route.js';
import { controlPath, controlRoutes } from '../control-routes.js';
import { taskTexts } from '../pending-tasks.js';
import { readyFileFields } from '../ready-file.js';
import { clockModes } from '../../kernel/clock.js';
import { bulletList, pageOf } from './page.js';

const INTRO =
  'A running simulator is controlled over HTTP, beside its API and without keys. Answers are JSON; ' +
  'a refused request has the status 400, 403 or 404 and says why in `error`. Requests that a ' +
  'browser sends from the page of another origin are refused.';

const EXAMPLES = `\`\`\`sh
curl -s localhost:8080/_sim
curl -s localhost:8080/_sim/clock -d '{"mode":"manual"}'
curl -s localhost:8080/_sim/clock -d '{"advanceMs":60000}'
curl -s localhost:8080/_sim/clock -d '{"untilIdle":true}'
curl -s 'localhost:8080/_sim/events?after=100'
curl -sN -H 'Accept: text/event-stream' localhost:8080/_sim/events
curl -s -X PUT localhost:8080/_sim/faults -d @plan.json
curl -s localhost:8080/_sim/faults
curl -s localhost:8080/_sim/snapshot > saved.json
curl -s -X PUT localhost:8080/_sim/snapshot -d @saved.json
curl -s -X POST localhost:8080/_sim/reset
curl -s localhost:8080/_sim/invariants
curl -s -H 'Accept: text/plain' localhost:8080/_sim/why/address/10.203.6.10
\`\`\``;

const READY_FILE =
  '`--ready-file <file>` writes this JSON object once requests are answered, readable for its ' +
  'owner only. A file that an earlier run left is removed at the start, and the own one at the end.';

/** The page about control of a running simulator, from the declaration of its routes. */
export function controlPage(): string {
  return pageOf('Control of a running simulator', 'simulator/control/control-routes.ts', [
    INTRO,
    EXAMPLES,
    ...controlRoutes.flatMap(routeSection),
    '## Modes of the clock',
    '`--clock <mode>` at the start, `mode` of `POST /_sim/clock` later:',
    bulletList(Object.entries(clockModes).map(([mode, text]) => `\`${mode}\`: ${text}`)),
    '## What waits for time to come',
    'The kinds of `tasks` that `/_sim/clock` tells of, and the settings that say when they are due:',
    bulletList(Object.entries(taskTexts).map(([kind, text]) => `\`${kind}\`: ${text}.`)),
    '## The ready file',
    READY_FILE,
    bulletList(Object.entries(readyFileFields).map(([name, text]) => `\`${name}\`: ${text}`)),
  ]);
}

function routeSection(route: ControlRoute): string[] {
  const notes = route.notes.length > 0 ? [bulletList(route.notes)] : [];
  return [`## ${route.method} ${controlPath(route)}`, route.does, ...notes];
}
