import { findOsType, findZone } from '../cloudstack/find-catalog.js';
import { marksOf } from '../cloudstack/tags.js';
import { BoshError } from '../protocol/bosh-error.js';
import { describeJson, isJsonObject, type JsonObject } from '../protocol/json-value.js';
import { openImage, type TemplateFormat } from '../stemcells/image.js';
import { lightStemcellCid } from '../stemcells/light.js';
import { uploadTemplate } from '../stemcells/upload.js';
import { object, optional, text } from './call/argument.js';
import { vmDeadlineMs, type Call } from './call/call.js';
import { defineMethod } from './call/method.js';
import { undoOnFailure } from './call/undo.js';
import { tagsOfMetadata } from './shared/metadata.js';

export const createStemcell = defineMethod({
  name: 'create_stemcell',
  summary: 'Makes a template of a stemcell image, or refers to the one a light stemcell names.',
  arguments: [text('image_path'), object('cloud_properties'), optional(object('env'))],
  run: async (call, [imagePath, cloudProperties, env]) => {
    const zone = await findZone(call.client, call.configuration.cloudstack.default_zone);
    const lightTemplate = lightTemplateOf(cloudProperties);
    if (lightTemplate !== undefined) return lightStemcellCid(call.client, lightTemplate, zone.id);
    const tags = isJsonObject(env?.tags) ? env.tags : {};
    return upload(call, { imagePath, cloudProperties, tags, zoneId: zone.id });
  },
});

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
  const image = await openImage(imagePath);
  const osType = await findOsType(client, configuration.stemcell.os_type);
  return undoOnFailure(call, 'another resource', (saga) =>
    uploadTemplate(
      { client, saga, newId, transport: call.uploadTransport() },
      {
        image,
        templateName: `stemcell-${newId()}`,
        displayText: displayTextOf(cloudProperties),
        zoneId,
        hypervisor: hypervisorOf(cloudProperties, image.format),
        osTypeId: osType.id,
        tags: {
          ...tagsOfMetadata(tags),
          ...marksOf({ directorUuid: context.directorUuid, purpose: 'stemcell' }),
        },
        readyWithinMs: vmDeadlineMs(call),
      },
    ),
  );
}

function displayTextOf({ name, version }: JsonObject): string {
  const parts = [name, version]
    .filter((part) => typeof part === 'string')
    .filter((part) => part !== '');
  return parts.length === 0 ? 'BOSH stemcell' : parts.join('/');
}

/** CloudStack's name of the hypervisor: as the stemcell says, otherwise as the format suggests. */
function hypervisorOf({ hypervisor }: JsonObject, format: TemplateFormat): string {
  const names: Record<string, string> = {
    kvm: 'KVM',
    xen: 'XenServer',
    xenserver: 'XenServer',
    vmware: 'VMware',
    esxi: 'VMware',
  };
  const named = typeof hypervisor === 'string' ? names[hypervisor.toLowerCase()] : undefined;
  return named ?? { QCOW2: 'KVM', RAW: 'KVM', VHD: 'XenServer', OVA: 'VMware' }[format];
}
