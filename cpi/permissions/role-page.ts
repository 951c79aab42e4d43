import { tableText } from '../config/documentation.js';
import { roleFor, usersOfRights, type RoleRule } from './role.js';

/** The page about the role of the account, rendered from what the methods need. */
export function rolePage(): string {
  const rules = roleFor(usersOfRights());
  const parts = [
    '# The role of the account',
    '<!-- Generated from cpi/permissions/needs.ts by `npm run build`. -->',
    'The CPI works with the keys of an account. What the account may do in CloudStack is what its role ' +
      `allows. This is the role that the CPI needs: ${rules.length} rules that allow a command each, and ` +
      'one that denies the rest. It is all in the program: nothing is asked of the cloud.',
    ...howToMakeIt,
    '## What else it takes',
    list([
      'To expunge a VM CloudStack wants the setting `allow.user.expunge.recover.vm`, besides the rule. It ' +
        'may be set for the account alone. Without it the CPI moves the addresses of a VM away before it ' +
        'destroys it.',
      'With [`project_id`](configuration.md#project_id) the account must be a member of the project.',
      'With [`account` and `domain_id`](configuration.md#account) the keys are those of an administrator ' +
        'who may act for that account.',
    ]),
    '## Is it enough?',
    '```sh\ncloudstack-cpi --config cpi.json check\n```',
    'says of each method what the role lacks.',
    '## Rules that every CPI needs',
    'Without one of these a method fails, or cannot take back what it began.',
    tableText([
      ['rule', 'needed by'],
      ...rules
        .filter(({ lost }) => lost.length === 0)
        .map(({ right, methods }) => [`\`${right}\``, named(methods)]),
    ]),
    '## Rules that can be left out',
    'Without one of these the rest works. `--required` prints the role without them.',
    tableText([
      ['rule', 'without it there is not'],
      ...rules
        .filter(({ lost }) => lost.length > 0)
        .map((rule) => [`\`${rule.right}\``, lossesOf(rule)]),
    ]),
  ];
  return `${parts.join('\n\n')}\n`;
}

const howToMakeIt = [
  '## As a file',
  'In CloudStack’s user interface, as root admin: Roles, Import Role, type User, and this file.',
  '```sh\ncloudstack-cpi permissions --csv > bosh-cpi.csv\n```',
  '## By CloudMonkey',
  'As root admin. The command makes the role `bosh-cpi`, or gives it these rules if it is there already.',
  '```sh\ncloudstack-cpi permissions --cmk > make-role.sh\nsh make-role.sh\n```',
  '`--name` is for another name.',
  '```sh\ncloudstack-cpi permissions --cmk --name "my role" > make-role.sh\nsh make-role.sh\n```',
  '## By the API, rule by rule',
  'With JSON, from which other tools can make a role, too. CloudStack takes the first rule that fits, so ' +
    'the order must stay.',
  [
    '```sh',
    'role=$(cmk create role name=bosh-cpi-2 type=User | jq -r .role.id)',
    "cloudstack-cpi permissions --json | jq -r '.rules[] | [.rule, .permission] | @tsv' |",
    '  while read -r rule permission; do',
    '    cmk create rolepermission roleid="$role" rule="$rule" permission="$permission"',
    '  done',
    '```',
  ].join('\n'),
  '## By hand',
  '```sh\ncloudstack-cpi permissions\ncloudstack-cpi permissions --required\ncloudstack-cpi permissions create_vm delete_vm\n```',
  'prints it for people: the whole role with the methods that need each rule, the smallest one, and that ' +
    'of some methods.',
  '## Giving it to an account',
  [
    '```sh',
    'role=$(cmk list roles name=bosh-cpi | jq -r \'.role[] | select(.name == "bosh-cpi") | .id\')',
    'account=$(cmk list accounts name=bosh | jq -r \'.account[] | select(.name == "bosh") | .id\')',
    'cmk update account id="$account" roleid="$role"',
    '```',
  ].join('\n'),
  'A role acts at once, also on keys that are in use, or after as many seconds as the setting ' +
    '`dynamic.apichecker.cache.period` of CloudStack says.',
];

function named(methods: readonly string[]): string {
  return methods.map((method) => `\`${method}\``).join(', ');
}

function lossesOf({ lost }: RoleRule): string {
  return [...new Set(lost.map((one) => one.lost))].join('; ');
}

function list(items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join('\n');
}
