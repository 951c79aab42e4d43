import { apiDifferences } from '../../api/differences.js';
import { guestDifferences } from '../../guest/differences.js';
import type { Difference } from '../../kernel/difference.js';
import { imageDifferences } from '../../ssvm/differences.js';
import { worldDifferences } from '../../world/differences.js';
import { bulletList, pageOf } from './page.js';

const INTRO =
  'Where a client can tell the simulator from CloudStack. Which commands, parameters and fields are ' +
  'missing stands on the page about the [coverage](coverage.md). Behaviour and texts were taken ' +
  'from the source code of CloudStack 4.20.2.0, not compared with a running cloud; most doubtful ' +
  'are the texts of unusual errors.';

const parts: Readonly<Record<string, readonly Difference[]>> = {
  'Requests and jobs': apiDifferences,
  'The cloud': worldDifferences,
  Images: imageDifferences,
  Guests: guestDifferences,
};

/** The page about known differences, from where each is declared. */
export function differencesPage(): string {
  return pageOf('Differences from CloudStack', 'the differences that the code declares', [
    INTRO,
    ...Object.entries(parts).flatMap(([title, differences]) => [
      `## ${title}`,
      bulletList(differences.map(line)),
    ]),
  ]);
}

function line({ about, cloudStack, here }: Difference): string {
  return `${about}. CloudStack: ${cloudStack} Here: ${here}`;
}
