import { nameHint } from '../../input/nearest-name.js';
import type { Problem } from '../../input/problems.js';
import { UNREADABLE } from '../../input/readable.js';
import { isAmong, missing, repeated } from './world-description-problem.js';
import { roleTypes } from './world-description-identity.js';
import type { WorldDescription } from './world-description.js';

/** What domains, roles, accounts and projects get wrong about one another. */
export function identityProblems(description: WorldDescription): Problem[] {
  return [
    ...domainProblems(description),
    ...roleProblems(description),
    ...description.accounts.flatMap((account, index) =>
      singleAccountProblems(account, `accounts.${index}`, description),
    ),
    ...accountsProblems(description),
    ...projectProblems(description),
  ];
}

/** A name that leads to no account. */
export function accountProblems(
  account: string,
  path: string,
  { accounts }: WorldDescription,
): Problem[] {
  return missing(
    path,
    'account',
    account,
    accounts.map(({ name }) => name),
  );
}

function domainProblems({ domains }: WorldDescription): Problem[] {
  const paths = domains.map(({ path }) => path);
  return [
    ...repeated('domains', ['ROOT', ...paths]),
    ...paths.flatMap((path, index): Problem[] => {
      const parent = path.slice(0, Math.max(0, path.lastIndexOf('/')));
      const isNamed = isAmong(['ROOT', ...paths.slice(0, index)], parent) && !path.endsWith('/');
      if (path === UNREADABLE || (isNamed && path.includes('/'))) return [];
      return [
        [`domains.${index}.path`, 'must be ROOT or a domain that stands before it, / and a name'],
      ];
    }),
  ];
}

function roleProblems({ roles }: WorldDescription): Problem[] {
  const names = roles.map(({ name }) => name);
  return [
    ...repeated('roles', [...roleTypes, ...names]),
    ...roles.flatMap((role, index) =>
      repeated(
        `roles.${index}.rules`,
        role.rules.map(({ rule }) => rule),
      ),
    ),
  ];
}

function singleAccountProblems(
  account: WorldDescription['accounts'][number],
  path: string,
  { domains, roles }: WorldDescription,
): Problem[] {
  const known = [...roleTypes, ...roles.map(({ name }) => name)];
  const paths = ['ROOT', ...domains.map((domain) => domain.path)];
  const problems = missing(`${path}.domain`, 'domain', account.domain, paths);
  if (!isAmong(known, account.role)) {
    const hint = nameHint(account.role, known);
    problems.unshift([`${path}.role`, `must be one of ${known.join(', ')}${hint}`]);
  }
  const type = roles.find(({ name }) => name === account.role)?.type ?? account.role;
  if (type === 'Admin' && !isAmong(['ROOT'], account.domain)) {
    problems.push([`${path}.domain`, 'must be ROOT for a root admin']);
  }
  return problems;
}

function accountsProblems({ accounts }: WorldDescription): Problem[] {
  const keys = accounts.flatMap(({ apiKey }) => apiKey ?? []);
  return [
    ...repeated(
      'accounts',
      accounts.map(({ name }) => name),
    ),
    ...repeated('accounts', keys),
    ...(isAmong(
      accounts.map(({ role }) => role),
      'Admin',
    )
      ? []
      : [['accounts', 'one must have the role Admin'] as const]),
  ];
}

function projectProblems(description: WorldDescription): Problem[] {
  const { accounts, projects } = description;
  const domainOf = (name: string): string =>
    accounts.find((account) => account.name === name)?.domain ?? '';
  return [
    ...repeated(
      'projects',
      projects
        .filter(({ name }) => name !== UNREADABLE)
        .map(({ name, account }) => `${domainOf(account)}/${name}`),
    ),
    ...projects.flatMap(({ account, members }, index) => [
      ...accountProblems(account, `projects.${index}.account`, description),
      ...members.flatMap((member) =>
        memberProblems(member, account, `projects.${index}.members`, description),
      ),
      ...repeated(`projects.${index}.members`, [account, ...members]),
    ]),
  ];
}

function memberProblems(
  member: string,
  owner: string,
  path: string,
  description: WorldDescription,
): Problem[] {
  const missing = accountProblems(member, path, description);
  if (missing.length > 0) return missing;
  const [own = UNREADABLE, owners = UNREADABLE] = [member, owner].map(
    (name) => description.accounts.find((account) => account.name === name)?.domain,
  );
  if (isAmong([owners], own)) return [];
  return [[path, `${member} is not in the domain of the project`]];
}
