import { tableText } from '../../config/documentation.js';

/** Something that operators met with the earlier CPIs, or that these had not. */
export interface OperatorsProblem {
  readonly number: number;
  readonly topic: string;
  readonly problem: string;
  /** What became of it here. */
  readonly now?: string;
  /** Why nothing had to, for what is no affair of a CPI. */
  readonly beyond?: string;
  /** Cases of the contract by their id, and tests as `file: part of the title`. */
  readonly shown: readonly string[];
}

export interface OperatorsProblems {
  readonly problems: readonly OperatorsProblem[];
  readonly gaps: readonly OperatorsProblem[];
}

/** The page for operators of the earlier CPIs; a test sees that the tests that it names exist. */
export function earlierCpisPage({ problems, gaps }: OperatorsProblems): string {
  const parts = [
    '# Coming from the Java or the Go CPI',
    '<!-- Generated from test/vectors/operators-problems.json by `npm run build`. -->',
    'Deployments of both go on under this CPI: replace the release of the CPI, keep its properties ' +
      '([Configuration](configuration.md) tells what each of their names means here), and deploy. ' +
      'Nothing has to be recreated at once. [Moving to this CPI](migrating.md) leads there step by step.',
    '## What is taken over',
    list([
      'VMs, disks and stemcells by the names that the Director knows them by (`cpivm-…`, ' +
        '`cpi-disk-…`, `cpitemplate-…`), compared letter by letter; snapshots by their ids.',
      'The ephemeral disk of a VM (`cpi-ephemeral-disk-…`), which goes with it; it is marked first, ' +
        'so that a delete_vm that is killed is finished by the next one.',
      'Static NAT of a VM: the address is free for its next VM, and stays with the account.',
      'Tags: new metadata are laid over those of the earlier CPI and of operators.',
      'Affinity groups that the Go CPI made for instance groups (`<Director uuid>-<group>`): they go ' +
        'with their last VM.',
      'What the earlier CPIs leaked: `cloudstack-cpi gc` finds their ephemeral disks that no VM has, ' +
        'VMs that were never handed out, work VMs of light stemcells, and templates that never became ' +
        'ready. Nothing tells whose they were, so it removes them only without `--director`.',
    ]),
    '## What stays for you to clear away',
    list([
      'Load balancer rules and named affinity groups of the Go CPI: they look like those of an ' +
        'operator. VMs leave them; delete them when they are of no use any more.',
      'Images in the WebDAV folder of the Java CPI, and its registry, once no VM asks it any more.',
      'SSH key pairs and public addresses, which operators made for both.',
    ]),
    '## What operators met',
    'Each problem that operators of the earlier CPIs reported, what became of it, and what shows it: ' +
      'a case of the [contract](../bats-runner/contract.md) by its id, or a test.',
    ...sections(problems),
    '## What no earlier CPI had',
    ...sections(gaps),
  ];
  return `${parts.join('\n\n')}\n`;
}

function sections(problems: readonly OperatorsProblem[]): string[] {
  const topics = [...new Set(problems.map(({ topic }) => topic))];
  return topics.flatMap((topic) => [
    `### ${topic}`,
    tableText([
      ['', 'what', 'now', 'shown by'],
      ...problems.filter((row) => row.topic === topic).map(cellsOf),
    ]),
  ]);
}

function cellsOf({ number, problem, now, beyond, shown }: OperatorsProblem): string[] {
  const tests = shown.map((reference) => testText(reference)).join('<br>');
  return [String(number), problem, now ?? `nothing: ${beyond ?? ''}`, tests];
}

function testText(reference: string): string {
  const [file = '', title] = reference.split(/: (.*)/s);
  return title === undefined ? file : `\`test/${file}\`${title === '' ? '' : ` ${title}`}`;
}

function list(items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join('\n');
}
