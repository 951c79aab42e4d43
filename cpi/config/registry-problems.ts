import type { JsonObject, JsonValue } from '../protocol/json-value.js';

/**
 * What is wrong with the section `registry` as a whole. Templates of job configurations leave host
 * names empty rather than out, and fill in the rest: without a host there is no registry.
 */
export function registryProblems(section: JsonObject): string[] {
  const { host, endpoint, username, password } = section;
  if (!isGiven(host) && !isGiven(endpoint)) return unusedProblems(section);
  if (isGiven(host) && isGiven(endpoint)) {
    return ['registry.host and registry.endpoint exclude each other: set one of them'];
  }
  const url =
    typeof endpoint === 'string' && URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  return [
    ...(isGiven(username) || isGiven(url?.username) ? [] : ['username']),
    ...(isGiven(password) || isGiven(url?.password) ? [] : ['password']),
  ].map((name) => `registry.${name} is missing: set it to that of a user of the registry`);
}

/** That a host is missing is told where nobody has left it empty. */
function unusedProblems({ host, endpoint, ...others }: JsonObject): string[] {
  const isLeftEmpty = host !== undefined || endpoint !== undefined;
  const isUsed = isGiven(others.username) && isGiven(others.password);
  if (isLeftEmpty || !isUsed) return [];
  return [
    'registry.host is missing: set it to the host name or address of the registry, or leave the ' +
      'section out',
  ];
}

function isGiven(value: JsonValue | undefined): boolean {
  return value !== undefined && value !== null && value !== '';
}
