import { needs, type Needs, type Right } from './needs.js';

/** A rule of the role that the account of the CPI is to have. */
export interface RoleRule {
  readonly right: Right;
  /** The methods that need it, `gc` and `check` among them. */
  readonly methods: readonly string[];
  /** What there is not without it, where all methods can do without. */
  readonly lost: readonly Loss[];
}

/** What a method cannot do without a right. */
export interface Loss {
  readonly method: string;
  readonly lost: string;
}

/** Which rules: all of them, or only those without which a method fails. */
export type Extent = 'all' | 'required';

/** Those that no Director calls. */
const operatorCommands = ['gc', 'check'];

/** Everything that needs rights: the methods of the CPI and the commands of its operator. */
export function usersOfRights(): string[] {
  return Object.keys(needs);
}

/**
 * The rules with which these methods can do their work, by name. Every other command is to be
 * denied: CloudStack lets roles call some commands without a rule, by their type. Among methods the
 * commands of the operator count as something that can be left out.
 */
export function roleFor(methods: readonly string[], extent: Extent = 'all'): RoleRule[] {
  const called = methods.filter((method) => !operatorCommands.includes(method));
  const counted = called.length === 0 ? methods : called;
  const listed = extent === 'all' ? methods : counted;
  const rights = new Set(listed.flatMap((method) => rightsOf(needsOf(method), extent)));
  return [...rights].sort().map((right) => {
    const users = listed.filter((method) => rightsOf(needsOf(method), extent).includes(right));
    const isRequired = counted.some((method) => needsOf(method).required.includes(right));
    const lost = isRequired ? [] : users.flatMap((method) => lossesOf(method, right));
    return { right, methods: users, lost };
  });
}

/** The rights of a method, in no order. */
export function rightsOf({ required, optional }: Needs, extent: Extent): Right[] {
  const more = extent === 'all' ? optional.flatMap(({ rights }) => rights) : [];
  return [...new Set([...required, ...more])];
}

/** @throws Error for a name that is none of `usersOfRights`. */
export function needsOf(method: string): Needs {
  const found = needs[method];
  if (found === undefined) throw new Error(`${method} is no method of the CPI`);
  return found;
}

function lossesOf(method: string, right: Right): Loss[] {
  const { required, optional } = needsOf(method);
  if (required.includes(right)) return [{ method, lost: `\`cloudstack-cpi ${method}\`` }];
  return optional
    .filter(({ rights }) => rights.includes(right))
    .map(({ lost }) => ({ method, lost }));
}
