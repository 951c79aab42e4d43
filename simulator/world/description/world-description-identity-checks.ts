import { nameHint } from '../../input/nearest-name.js';
import type { Problem } from '../../input/problems.js';
import { UNREADABLE } from '../../input/readable.js';
import { isAmong, missing, namesIn, repeated } from './world-description-problem.js';
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
    ...repeated([
      { path: undefined, name: 'ROOT' },
      ...paths.map((name, index) => ({ path: `domains.${index}.path`, name })),
    ]),
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
  const standard = roleTypes.map((name) => ({ path: undefined, name }));
  return [
    ...repeated([...standard, ...namesIn('roles', roles)]),
    ...roles.flatMap(({ rules }, index) =>
      repeated(
        rules.map(({ rule: name }, place) => ({
          path: `roles.${index}.rules.${place}.rule`,
          name,
        })),
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
  return [
    ...repeated(namesIn('accounts', accounts)),
    ...usernameProblems(accounts),
    ...keyProblems(accounts),
    ...(isAmong(
      accounts.map(({ role }) => role),
      'Admin',
    )
      ? []
      : [['accounts', 'one must have the role Admin'] as const]),
  ];
}

/** A domain has one user of a name (AccountManagerImpl.checkUserExists). */
function usernameProblems(accounts: WorldDescription['accounts']): Problem[] {
  return accounts.flatMap(({ username, domain }, index): Problem[] => {
    if (username === undefined || [username, domain].includes(UNREADABLE)) return [];
    const other = accounts.findIndex(
      (account, place) =>
        account.domain === domain &&
        (account.username ?? account.name) === username &&
        (place < index || (place > index && account.username === undefined)),
    );
    const text = `${username} must not occur again in ${domain}: it is the user of accounts.${other}`;
    return other < 0 ? [] : [[`accounts.${index}.username`, text]];
  });
}

/** Keys are secrets: where they stand says enough. */
function keyProblems(accounts: WorldDescription['accounts']): Problem[] {
  return accounts.flatMap(({ apiKey }, index): Problem[] => {
    if (apiKey === undefined || apiKey === UNREADABLE) return [];
    const first = accounts.findIndex((other) => other.apiKey === apiKey);
    return first === index
      ? []
      : [[`accounts.${index}.apiKey`, `must not be the same as accounts.${first}.apiKey`]];
  });
}

function projectProblems(description: WorldDescription): Problem[] {
  const { accounts, projects } = description;
  const domainOf = (name: string): string =>
    accounts.find((account) => account.name === name)?.domain ?? '';
  return [
    ...repeated(
      projects.flatMap(({ name, account }, index) =>
        name === UNREADABLE
          ? []
          : [{ path: `projects.${index}.name`, name: `${domainOf(account)}/${name}` }],
      ),
    ),
    ...projects.flatMap(({ account, members }, index) => [
      ...accountProblems(account, `projects.${index}.account`, description),
      ...members.flatMap((member) =>
        memberProblems(member, account, `projects.${index}.members`, description),
      ),
      ...repeated([
        { path: `projects.${index}.account`, name: account },
        ...members.map((name, place) => ({ path: `projects.${index}.members.${place}`, name })),
      ]),
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
