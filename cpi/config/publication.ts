import type { JsonObject, JsonValue } from '../protocol/json-value.js';

/** What the ways of publishing a stemcell need of the section `stemcell_server`. */
const neededBy: Readonly<Record<string, readonly string[]>> = {
  webdav: ['url', 'username', 'password'],
  'create-env': ['host'],
};

/** What is missing for the way that `stemcell.publish` chooses. */
export function publicationProblems(stemcell: JsonObject, server: JsonObject): string[] {
  const { publish } = stemcell;
  const needed = typeof publish === 'string' ? (neededBy[publish] ?? []) : [];
  const problems = needed
    .filter((name) => isUnset(server[name]))
    .map(
      (name) => `stemcell_server.${name} is missing: stemcell.publish ${String(publish)} needs it`,
    );
  const isNowhere = ['0.0.0.0', '::'].includes(String(server.host));
  if (publish === 'create-env' && isNowhere && isUnset(server.public_url)) {
    problems.push(
      'stemcell_server.public_url is missing: CloudStack reaches nobody at stemcell_server.host',
    );
  }
  return problems;
}

function isUnset(value: JsonValue | undefined): boolean {
  return value === undefined || value === null || value === '';
}
