import type { ContractCase } from './contract-case.js';

const generated = '<!-- Generated from the cases in bats-runner/specs by `npm run build`. -->';

/** What the cases of a kind are about, by the beginning of their ids. */
export const subjects: Readonly<Record<string, string>> = {
  ENV: 'Envelope, protocol, configuration',
  STM: 'Stemcells',
  VM: 'VMs',
  NET: 'Networks',
  NIC: 'Several networks',
  DSK: 'Disks',
  SNP: 'Snapshots',
  MET: 'Metadata',
  ERR: 'Errors, retries, repeated calls',
  VER: 'Versions of API and stemcells',
  FLOW: 'What Director and CLI do in one go',
};

/** The beginning of a case's id. */
export function kindOfCase(id: string): string {
  return id.split('-')[0] ?? '';
}

/** The page that lists the cases of the contract and what each of them proves. */
export function contractPage(
  cases: readonly ContractCase[],
  withoutAnalogue: Readonly<Record<string, string>>,
): string {
  const intro =
    'What BOSH may rely on when it calls a CPI, case by case: the promises that BOSH demands, and ' +
    'those that the CPIs of other clouds test. `bats-runner contract` tries them in a checkout of ' +
    'the repository: the CPI is an executable, the cloud is seen through its API alone. After each ' +
    'case the CPI deletes what it made, and the cloud must hold what it held before. Against the ' +
    'simulator this package’s CPI works in an account that may do what `cloudstack-cpi permissions` ' +
    'prints, and nothing else.';
  const parts = Object.entries(subjects).flatMap(([kind, subject]) => {
    const own = cases.filter(({ id }) => id.startsWith(`${kind}-`));
    return own.length === 0 ? [] : [`## ${subject}`, own.map(told).join('\n')];
  });
  const reasons = Object.entries(withoutAnalogue).map(([id, reason]) => `- **${id}**: ${reason}`);
  return `${[
    '# The CPI contract',
    generated,
    intro,
    ...parts,
    '## Cases without a counterpart',
    'Other CPIs have these; CloudStack or this CPI has nothing that they would be about.',
    reasons.join('\n'),
  ].join('\n\n')}\n`;
}

function told({ id, title, proves, versions, needs }: ContractCase): string {
  const conditions = [
    ...(versions.length > 1 ? [`API versions ${versions.join(', ')}`] : []),
    ...(needs.length > 0 ? [`needs: ${needs.join(', ')}`] : []),
  ];
  const note = conditions.length === 0 ? '' : ` (${conditions.join('; ')})`;
  return `- **${id} ${title}**${note}: ${proves}`;
}
