import type { JsonObject, JsonValue } from '../protocol/json-value.js';

/** What the ways of publishing a stemcell need of the section `stemcell_server`. */
const neededBy: Readonly<Record<string, readonly string[]>> = {
  webdav: ['url', 'username', 'password'],
  'create-env': ['host'],
};

/** What is missing for the way that `stemcell.publish` chooses. */
export function publicationProblems(stemcell: JsonObject, server: JsonObject): string[] {
  const publish = typeof stemcell.publish === 'string' ? stemcell.publish : '';
  const problems = (neededBy[publish] ?? [])
    .filter((name) => isUnset(server[name]))
    .map((name) => `stemcell_server.${name} is missing: stemcell.publish ${publish} needs it`);
  const { host, public_url: publicUrl } = server;
  const isNowhere = host === '0.0.0.0' || host === '::';
  if (publish === 'create-env' && isNowhere && isUnset(publicUrl)) {
    problems.push(
      'stemcell_server.public_url is missing: CloudStack reaches nobody at stemcell_server.host',
    );
  }
  return problems;
}

function isUnset(value: JsonValue | undefined): boolean {
  return value === undefined || value === null || value === '';
}
