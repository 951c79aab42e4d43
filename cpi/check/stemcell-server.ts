import { toBoshError } from '../methods/call/bosh-errors.js';
import type { Call } from '../methods/call/call.js';
import { ownServer, stemcellServerAccess } from '../methods/shared/publish-stemcell.js';
import { tryOwnServer } from '../stemcells/publish-from-here.js';
import { assertCollection, assertWelcome } from '../stemcells/publish-on-server.js';
import { StemcellServerError } from '../stemcells/stemcell-server-error.js';
import { failed, ok, type Finding } from './finding.js';

const about = 'stemcell server';

/**
 * Whether the server that CloudStack is to download stemcells from can be reached, takes the
 * credentials and has the collection (`stemcell.publish: webdav`), or can be opened
 * (`create-env`).
 */
export async function checkStemcellServer(call: Call): Promise<Finding[]> {
  switch (call.configuration.stemcell.publish) {
    case 'upload':
      return [];
    case 'webdav':
      return [await finding(() => tryServer(call))];
    case 'create-env':
      return [await finding(() => tryOwn(call))];
  }
}

async function tryServer(call: Call): Promise<string> {
  const access = stemcellServerAccess(call.configuration.stemcell_server);
  const reach = { client: call.client, transport: call.stemcellServerTransport() };
  await assertWelcome(reach, access);
  await assertCollection(reach, access);
  return `${access.url} takes the user ${access.username}`;
}

async function tryOwn(call: Call): Promise<string> {
  const endpoint = await tryOwnServer(call, ownServer(call.configuration.stemcell_server));
  return `the CPI can serve at ${endpoint}`;
}

async function finding(look: () => Promise<string>): Promise<Finding> {
  try {
    return ok(about, await look());
  } catch (failure) {
    if (!(failure instanceof StemcellServerError)) throw failure;
    const advice =
      'stemcells cannot be created until then; where CloudStack takes uploads, stemcell.publish ' +
      'upload needs no server';
    return failed(about, toBoshError(failure).message, advice);
  }
}
