import { beside } from '../terminal/text.js';
import { needsOf, type RoleRule } from './role.js';

/** What the last rule is for. */
const restDescription = 'nothing else';

/** The role for people: each rule with the methods that need it, and what can be left out. */
export function tableOf(rules: readonly RoleRule[], width: number): string {
  const longest = Math.max(...rules.map(({ right }) => right.length));
  const indent = 'allow '.length + longest + 2;
  const line = (rule: string, text: string): string => beside(rule, text, { indent, width });
  const optional = rules.filter(({ lost }) => lost.length > 0);
  return [
    `A role of type User with these ${rules.length + 1} rules; the last one must be the last:`,
    '',
    ...rules.map(({ right, methods, lost }) =>
      line(`allow ${right}${lost.length > 0 ? ' *' : ''}`, methods.join(', ')),
    ),
    line('deny  *', restDescription),
    ...(optional.length === 0 ? [] : ['', ...lossesText(optional, width)]),
  ].join('\n');
}

/** For importing a role in CloudStack's user interface, with its columns (ImportRole.vue). */
export function csvOf(rules: readonly RoleRule[]): string {
  const lines = listed(rules).map(({ rule, permission, description }) =>
    [rule, permission, description].join(','),
  );
  return ['rule,permission,description', ...lines].join('\n');
}

/** For CloudMonkey: the command that makes the role, or gives it these rules if it is there. */
export function cmkOf(rules: readonly RoleRule[], name: string): string {
  const parameters = listed(rules).map(({ rule, permission, description }, index) =>
    [`rule=${rule}`, `permission=${permission}`, `description=${description}`]
      .map((part) => `'rules[${index}].${part}'`)
      .join(' '),
  );
  const head = `cmk import role 'name=${name}' type=User forced=true`;
  return [head, ...parameters].join(' \\\n  ');
}

/** For programs: the rules, and what each method needs. */
export function jsonOf(rules: readonly RoleRule[], methods: readonly string[]): string {
  const role = listed(rules).map(({ rule, permission }, index) => ({
    rule,
    permission,
    methods: rules[index]?.methods ?? [],
    lost_without: rules[index]?.lost ?? [],
  }));
  const byMethod = methods.map((method) => [method, needsOf(method)] as const);
  return JSON.stringify(
    { type: 'User', rules: role, methods: Object.fromEntries(byMethod) },
    null,
    2,
  );
}

interface ListedRule {
  readonly rule: string;
  readonly permission: 'allow' | 'deny';
  /** Without commas: CloudStack's reader of CSV splits at them. */
  readonly description: string;
}

function listed(rules: readonly RoleRule[]): ListedRule[] {
  return [
    ...rules.map(({ right, methods }) => ({
      rule: right,
      permission: 'allow' as const,
      description: described(methods),
    })),
    { rule: '*', permission: 'deny', description: restDescription },
  ];
}

/** CloudStack takes 255 characters. */
function described(methods: readonly string[]): string {
  const all = methods.join(' ');
  return all.length <= 200 ? all : `${methods.length} methods`;
}

function lossesText(optional: readonly RoleRule[], width: number): string[] {
  const rightsByLoss = new Map<string, Set<string>>();
  for (const { right, lost } of optional) {
    for (const { lost: text } of lost) {
      rightsByLoss.set(text, (rightsByLoss.get(text) ?? new Set()).add(right));
    }
  }
  return [
    '* can be left out; this is then lost:',
    ...[...rightsByLoss].flatMap(([text, rights]) => [
      '',
      beside(' ', [...rights].join(', '), { indent: 2, width }),
      beside(' ', text, { indent: 4, width }),
    ]),
  ];
}
