import { findOsType, findZone } from '../cloudstack/find-catalog.js';
import { applyTags, marks, marksOf } from '../cloudstack/tags.js';
import type { Saga } from '../flow/saga.js';
import { BoshError } from '../protocol/bosh-error.js';
import { describeJson, isJsonObject, type JsonObject } from '../protocol/json-value.js';
import { chooseTemplate, type Stemcell } from '../stemcells/choose-template.js';
import { contentMark, findEarlierUpload } from '../stemcells/earlier-upload.js';
import { openImage, type TemplateFormat } from '../stemcells/image.js';
import { lightStemcellCid } from '../stemcells/light.js';
import { object, optional, text } from './call/argument.js';
import { toBoshError } from './call/bosh-errors.js';
import { templateDeadlineMs, type Call } from './call/call.js';
import { defineMethod } from './call/method.js';
import { undoOnFailure } from './call/undo.js';
import { tagsOfMetadata } from './shared/metadata.js';
import { publishStemcell } from './shared/publish-stemcell.js';

export const createStemcell = defineMethod({
  name: 'create_stemcell',
  summary: 'Makes a template of a stemcell image, or refers to the one a light stemcell names.',
  arguments: [text('image_path'), object('cloud_properties'), optional(object('env'))],
  rules: [
    'The same image with the same name and version is uploaded to a zone once for each Director: a ' +
      'second call answers the template of the first.',
    'Calls at once may each upload it, but answer the same template: before any of them answers, the ' +
      'one that is to stay gets the tag `bosh-cpi-chosen` = `true`, which CloudStack puts on once, ' +
      'and the others `false`; each call deletes its own that lost. That costs two requests, and ' +
      'three more the call that loses; what a killed call leaves of it `gc` finds.',
  ],
  run: async (call, [imagePath, cloudProperties, env]) => {
    const tags = tagsOfEnv(env);
    const zone = await findZone(call.client, call.configuration.cloudstack.default_zone);
    const lightTemplate = lightTemplateOf(cloudProperties);
    if (lightTemplate !== undefined) return lightStemcellCid(call.client, lightTemplate, zone.id);
    return upload(call, { imagePath, cloudProperties, tags, zoneId: zone.id });
  },
});

function tagsOfEnv({ tags = null }: JsonObject = {}): JsonObject {
  if (tags === null) return {};
  if (isJsonObject(tags)) return tags;
  throw new BoshError(
    'CpiError',
    'create_stemcell: tags in env must be an object of names and values, got ' +
      `${describeJson(tags)}: ${JSON.stringify(tags)}`,
  );
}

function lightTemplateOf({ light_template: named }: JsonObject): string | undefined {
  if (named === undefined || named === null || named === '') return undefined;
  if (typeof named === 'string') return named;
  throw new BoshError(
    'CpiError',
    'create_stemcell: light_template in the cloud_properties of the stemcell must be the name or ' +
      `id of a template, got ${describeJson(named)}`,
  );
}

async function upload(
  call: Call,
  stemcell: { imagePath: string; cloudProperties: JsonObject; tags: JsonObject; zoneId: string },
): Promise<string> {
  const { client, configuration, context, newId } = call;
  const { imagePath, cloudProperties, tags, zoneId } = stemcell;
  const hypervisor = hypervisorOf(cloudProperties);
  const image = await openImage(imagePath);
  const { directorUuid } = context;
  const displayText = displayTextOf(cloudProperties);
  const content = await contentMark(image, { directorUuid, displayText });
  const allTags = {
    ...tagsOfMetadata(tags),
    ...marksOf({ directorUuid, purpose: 'stemcell' }),
    [marks.content]: content,
  };
  const readyWithinMs = templateDeadlineMs(call);
  const earlier = await findEarlierUpload(client, { content, zoneId, readyWithinMs });
  if (earlier !== undefined) {
    call.log(`template ${earlier} is this stemcell already`);
    await applyTags(client, { type: 'Template', id: earlier }, allTags);
    return earlier;
  }
  const osType = await findOsType(client, configuration.stemcell.os_type);
  const chosen = await undoOnFailure(call, 'another resource', async (saga) => {
    const own = await publishStemcell(
      { call, saga },
      {
        image,
        templateName: `stemcell-${newId()}`,
        displayText,
        zoneId,
        hypervisor: hypervisor ?? hypervisorByFormat[image.format],
        osTypeId: osType.id,
        requiresHvm: configuration.stemcell.requires_hvm,
        isPublic: configuration.cloudstack.stemcell_public_visibility,
        tags: allTags,
        readyWithinMs,
      },
    );
    return chooseOne(call, saga, { own, content, zoneId });
  });
  if (!chosen.isOwn) await applyTags(client, { type: 'Template', id: chosen.id }, allTags);
  return chosen.id;
}

/** Calls at once for the same stemcell answer one template; those that lose take back their own. */
async function chooseOne(
  { client, log }: Call,
  saga: Saga,
  { own, ...stemcell }: Stemcell & { own: string },
): Promise<{ id: string; isOwn: boolean }> {
  const id = await chooseTemplate(client, stemcell);
  if (id === undefined) {
    throw new BoshError(
      'CloudError',
      `create_stemcell: template ${own} was deleted, or given up for that of another call which ` +
        'then failed; upload the stemcell again',
    );
  }
  if (id === own) return { id, isOwn: true };
  log(`another call has made template ${id} of the same stemcell; ${own} goes`);
  const left = await saga.undoAll();
  left.forEach(({ cause }) => {
    log(`warning: template ${own} stays until gc finds it: ${toBoshError(cause).message}`);
  });
  return { id, isOwn: false };
}

function displayTextOf({ name, version }: JsonObject): string {
  const parts = [name, version]
    .filter((part) => typeof part === 'string')
    .filter((part) => part !== '');
  return parts.length === 0 ? 'BOSH stemcell' : parts.join('/');
}

/** CloudStack's names of hypervisors by those that stemcells have for them. */
const hypervisorByName: ReadonlyMap<string, string> = new Map([
  ['kvm', 'KVM'],
  ['xen', 'XenServer'],
  ['xenserver', 'XenServer'],
  ['vmware', 'VMware'],
  ['esxi', 'VMware'],
]);

const hypervisorByFormat: Readonly<Record<TemplateFormat, string>> = {
  QCOW2: 'KVM',
  RAW: 'KVM',
  VHD: 'XenServer',
  OVA: 'VMware',
};

/** The hypervisor that the stemcell names; undefined if it names none, then the format tells. */
function hypervisorOf({ hypervisor = null }: JsonObject): string | undefined {
  if (hypervisor === null || hypervisor === '') return undefined;
  const name = typeof hypervisor === 'string' ? hypervisor.toLowerCase() : '';
  const known = hypervisorByName.get(name);
  if (known !== undefined) return known;
  throw new BoshError(
    'CpiError',
    'create_stemcell: hypervisor in the cloud_properties of the stemcell is ' +
      `${JSON.stringify(hypervisor)}, which the CPI does not know; it knows ` +
      [...hypervisorByName.keys()].join(', '),
  );
}
