import { findOsType, findReadyTemplate, findZone } from '../cloudstack/find-catalog.js';
import type { Tags } from '../cloudstack/tags.js';
import { BoshError } from '../protocol/bosh-error.js';
import { describeJson, isJsonObject, type JsonObject } from '../protocol/json-value.js';
import { contentMark, descriptionMark, type StemcellIdentity } from '../stemcells/content-mark.js';
import { ImageError } from '../stemcells/image-error.js';
import { openImage } from '../stemcells/image.js';
import { lightStemcellCid } from '../stemcells/light.js';
import { registerTemplate } from '../stemcells/register.js';
import type { TemplateRequest } from '../stemcells/template-parameters.js';
import { object, optional, text } from './call/argument.js';
import { templateDeadlineMs, type Call } from './call/call.js';
import { defineMethod } from './call/method.js';
import { tagsOfMetadata } from './shared/metadata.js';
import { publishStemcell } from './shared/publish-stemcell.js';
import { copyTemplate, planCopy } from './stemcell/copy-template.js';
import { hypervisorByFormat, hypervisorOf } from './stemcell/hypervisor.js';
import { registerOnce, type NewTemplate } from './stemcell/register-once.js';
import {
  readStemcellSource,
  titleOf,
  type StemcellSource,
} from './stemcell/stemcell-properties.js';

export const createStemcell = defineMethod({
  name: 'create_stemcell',
  summary:
    'Makes a template of a stemcell’s image, of one at a URL, or of another template; or refers to ' +
    'the one that a light stemcell names.',
  arguments: [text('image_path'), object('cloud_properties'), optional(object('env'))],
  rules: [
    'The same image with the same name and version is uploaded to a zone once for each Director (and ' +
      'each `stemcell.os_type` and `stemcell.requires_hvm`): a second call answers the template of ' +
      'the first. So is one of the same `image_sha256`, or ' +
      'without it `image_url`, and a copy of the same template.',
    'Calls at once may each upload it, but answer the same template: before any of them answers, the ' +
      'one that is to stay gets the tag `bosh-cpi-chosen` = `true`, which CloudStack puts on once, ' +
      'and the others `false`; each call deletes its own that lost. That costs two requests, and ' +
      'three more the call that loses; what a killed call leaves of it `gc` finds. One that was ' +
      'chosen and is not ready any more is left alone, and another made beside it.',
  ],
  run: async (call, [imagePath, cloudProperties, env]) => {
    const tags = tagsOfMetadata(tagsOfEnv(env));
    const source = readStemcellSource(call, cloudProperties);
    const zone = await findZone(call.client, call.configuration.cloudstack.default_zone);
    const title = titleOf(cloudProperties);
    const stemcell = { cloudProperties, title, tags, zoneId: zone.id };
    switch (source.from) {
      case 'an image':
        return templateOfImage(call, { path: imagePath, unknown: source.unknown }, stemcell);
      case 'a URL':
        return templateOfUrl(call, source, stemcell);
      case 'a template':
        return source.mode === 'copy'
          ? templateOfTemplate(call, source.named, stemcell)
          : lightStemcellCid(call.client, source.named, zone.id);
    }
  },
});

/** What the Director says of a stemcell, and where it is to be. */
interface AskedStemcell {
  readonly cloudProperties: JsonObject;
  readonly title: string;
  readonly tags: Tags;
  readonly zoneId: string;
}

function tagsOfEnv({ tags = null }: JsonObject = {}): JsonObject {
  if (tags === null) return {};
  if (isJsonObject(tags)) return tags;
  throw new BoshError(
    'CpiError',
    'create_stemcell: tags in env must be an object of names and values, got ' +
      `${describeJson(tags)}: ${JSON.stringify(tags)}`,
  );
}

async function templateOfImage(
  call: Call,
  { path, unknown }: { readonly path: string; readonly unknown: readonly string[] },
  { cloudProperties, title, tags, zoneId }: AskedStemcell,
): Promise<string> {
  const hypervisor = hypervisorOf(cloudProperties);
  const image = await openImage(path).catch((failure: unknown) => {
    if (!(failure instanceof ImageError) || unknown.length === 0) throw failure;
    throw failure.noting(`in its cloud_properties ${unknown.join(', ')}`);
  });
  return registerOnce(call, {
    content: await contentMark(image, identityOf(call, title, hypervisor)),
    zoneId,
    title,
    tags,
    prepare: async () => {
      const request = await templateRequest(call, { zoneId, hypervisor, image });
      return (saga, template) =>
        publishStemcell({ call, saga }, { ...request, ...template, image });
    },
  });
}

async function templateOfUrl(
  call: Call,
  { image, sha256 }: Extract<StemcellSource, { from: 'a URL' }>,
  { cloudProperties, title, tags, zoneId }: AskedStemcell,
): Promise<string> {
  const hypervisor = hypervisorOf(cloudProperties);
  const description = ['image_url', image.format, sha256 ?? image.url];
  return registerOnce(call, {
    content: descriptionMark(description, identityOf(call, title, hypervisor)),
    zoneId,
    title,
    tags,
    prepare: async () => {
      const request = await templateRequest(call, { zoneId, hypervisor, image });
      const published = {
        url: image.url,
        sha256,
        settings: 'image_url',
        withdraw: () => Promise.resolve(),
      };
      return (saga, template) =>
        registerTemplate({ client: call.client, saga }, { ...request, ...template }, published);
    },
  });
}

async function templateOfTemplate(
  call: Call,
  named: string,
  { title, tags, zoneId }: AskedStemcell,
): Promise<string> {
  const source = await findReadyTemplate(call.client, named, zoneId);
  return registerOnce(call, {
    content: descriptionMark(['light_template', source.id], identityOf(call, title)),
    zoneId,
    title,
    tags,
    prepare: async () => {
      const copy = await planCopy(call, source, zoneId);
      return (saga, template) => copyTemplate(call, saga, { ...copy, ...template });
    },
  });
}

function identityOf(
  { context, configuration }: Call,
  title: string,
  hypervisor?: string,
): StemcellIdentity {
  const { os_type: osType, requires_hvm: requiresHvm } = configuration.stemcell;
  return {
    directorUuid: context.directorUuid,
    title,
    osType,
    requiresHvm,
    hypervisor,
  };
}

/** What CloudStack is told of a template besides what tells which one it is. */
async function templateRequest(
  call: Call,
  {
    zoneId,
    hypervisor,
    image,
  }: Pick<TemplateRequest, 'zoneId' | 'image'> & { readonly hypervisor: string | undefined },
): Promise<Omit<TemplateRequest, keyof NewTemplate>> {
  const { stemcell, cloudstack } = call.configuration;
  return {
    image,
    zoneId,
    hypervisor: hypervisor ?? hypervisorByFormat[image.format],
    osTypeId: (await findOsType(call.client, stemcell.os_type)).id,
    requiresHvm: stemcell.requires_hvm,
    isPublic: cloudstack.stemcell_public_visibility,
    readyWithinMs: templateDeadlineMs(call),
  };
}
