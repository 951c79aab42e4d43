import { findOsType } from '../cloudstack/find-catalog.js';
import { isCloudStackError } from '../cloudstack/errors.js';
import { marks, tagsByKey } from '../cloudstack/tags.js';
import type { Template } from '../cloudstack/types.js';
import type { Call } from '../methods/call/call.js';
import { hostAdvice, isRefusedHost } from '../stemcells/download-address.js';
import { settingsOf as settingsOfOwn } from '../stemcells/publish-from-here.js';
import { settingsOf as settingsOfServer } from '../stemcells/publish-on-server.js';
import { failed, ok, warning, type Finding } from './finding.js';
import type { ZoneInspection } from './inspection.js';

/** Whether stemcells can become templates: by their OS type, and by what became of earlier ones. */
export async function checkStemcells(inspection: ZoneInspection): Promise<Finding[]> {
  return [await osType(inspection), await earlierStemcells(inspection)];
}

async function osType({ call }: ZoneInspection): Promise<Finding> {
  const { os_type: named } = call.configuration.stemcell;
  try {
    const { description } = await findOsType(call.client, named);
    return ok('stemcells', `their OS type is ${description}`);
  } catch (failure) {
    if (!isCloudStackError(failure, 'not-found')) throw failure;
    return failed('stemcells', failure.text, 'set stemcell.os_type to the description of one');
  }
}

/** Nothing but a stemcell that came shows that there is a way to the secondary storage VM. */
async function earlierStemcells({ call, zone }: ZoneInspection): Promise<Finding> {
  const own = await call.client.list('listTemplates', {
    templatefilter: 'self',
    zoneid: zone.id,
    tags: [{ key: marks.purpose, value: 'stemcell' }],
  });
  const stemcells = own.filter(({ tags }) => tagsByKey(tags)[marks.purpose] === 'stemcell');
  const unready = stemcells.filter(({ isready }) => isready !== true);
  const { text, isOfIt, advice, download } = configuredWay(call, zone.name);
  if (unready.length > 0) {
    return warning(
      'stemcells',
      `${text}; ${unready.length} of ${stemcells.length} did not arrive: ${unready.map(told).join(', ')}`,
      `${advice}, then clear up with \`cloudstack-cpi gc\``,
    );
  }
  const came = stemcells.filter(isOfIt).length;
  if (came === 0 && download !== undefined && isRefusedHost(download.url)) {
    const verdict = download.isCertain ? failed : warning;
    return verdict('stemcells', `${text}, which CloudStack refuses`, hostAdvice(download.settings));
  }
  const proof = came > 0 ? `${came} came that way` : 'none has been yet, so it is not proven';
  return ok('stemcells', `${text}; ${proof}`);
}

interface Way {
  /** Where CloudStack downloads them from, if it does, and the properties that say so. */
  readonly download?: {
    readonly url: string;
    readonly settings: string;
    /** A stemcell server may name another address when it gets an image. */
    readonly isCertain: boolean;
  };
  /** What it is, in a sentence that goes on. */
  readonly text: string;
  /** Whether a template came by it. */
  readonly isOfIt: (template: Template) => boolean;
  /** What to do where stemcells do not arrive. */
  readonly advice: string;
}

/** The way that `stemcell.publish` chooses. */
function configuredWay({ configuration }: Call, zoneName: string): Way {
  const { stemcell, stemcell_server: server } = configuration;
  if (stemcell.publish === 'upload') {
    return {
      text: `they are sent to the secondary storage VM of ${zoneName}`,
      isOfIt: ({ url, sourcetemplateid }) => url === undefined && sourcetemplateid === undefined,
      advice: 'see whether a secondary storage VM runs and this machine reaches it (port 443)',
    };
  }
  const isServer = stemcell.publish === 'webdav';
  const ownUrl = `http://${server.host ?? ''}:${server.port}`;
  const address = server.public_url ?? (isServer ? server.url : ownUrl) ?? '';
  const settings = (isServer ? settingsOfServer : settingsOfOwn)({ publicUrl: server.public_url });
  const whose = isServer ? 'the stemcell server' : 'the CPI itself';
  return {
    text: `the secondary storage VM of ${zoneName} downloads them from ${whose}, at ${address}`,
    isOfIt: ({ url = '' }) => url.startsWith(`${address.replace(/\/+$/, '')}/`),
    advice: `see whether a secondary storage VM runs and reaches ${address}`,
    download: { url: address, settings, isCertain: !isServer || server.public_url !== undefined },
  };
}

function told({ name, status = 'no status' }: Template): string {
  return `${name} (${status})`;
}
