// Proves that specs and generated templates of the release's jobs are what the declarations of the
// CPI's properties say, that each property is described in full, and that no name of the earlier
// releases has got lost.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { parse } from 'yaml';
import { jobs } from '../../release/declare/jobs.js';
import { renderJobs } from '../../release/declare/render-jobs.js';

const release = fileURLToPath(new URL('../../release', import.meta.url));
const read = (path: string): string => readFileSync(join(release, path), 'utf8');

interface Spec {
  readonly name: string;
  readonly templates: Readonly<Record<string, string>>;
  readonly packages: readonly string[];
  readonly properties: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const specOf = (job: string): Spec => parse(read(`jobs/${job}/spec`));
const names = readdirSync(join(release, 'jobs')).sort();

test('specs and templates are what the declarations say: npm run build writes them', () => {
  const files = renderJobs((name) => read(`declare/${name}`));
  expect(files).toHaveLength(2 * names.length);
  for (const { path, text } of files) expect(read(path), path).toBe(text);
  expect(jobs.map(({ name }) => name).sort()).toEqual(names);
});

for (const job of names) {
  test(`${job}: templates, monit and packages are there`, () => {
    const { name, templates, packages } = specOf(job);
    expect(name).toBe(job);
    const found = readdirSync(join(release, 'jobs', job, 'templates')).sort();
    expect(found).toEqual(Object.keys(templates).sort());
    expect(existsSync(join(release, 'jobs', job, 'monit'))).toBe(true);
    for (const one of packages)
      expect(existsSync(join(release, 'packages', one, 'spec'))).toBe(true);
  });

  test(`${job}: every property has a description, an example and a default, or is required`, () => {
    const { properties } = specOf(job);
    for (const { name, absent, form, example } of jobs.find((one) => one.name === job)!
      .properties) {
      const said = properties[name]!;
      expect(said.description, name).toMatch(/^[A-Z`].{10,}\.\)?$/s);
      expect(example ?? null, name).not.toBeNull();
      expect(said.example, name).toEqual(example);
      expect('default' in said, name).toBe(absent.is === 'default');
      if (!/has no effect/.test(String(said.description))) expect(form, name).toBeDefined();
    }
  });
}

test('what the CPI needs is required, and nothing else', () => {
  const required = (job: string): string[] =>
    Object.entries(specOf(job).properties)
      .filter(([, said]) => !('default' in said))
      .map(([name]) => name);
  expect(required('cloudstack_cpi')).toEqual([
    'cloudstack.endpoint',
    'cloudstack.api_key',
    'cloudstack.secret_access_key',
    'cloudstack.default_zone',
    'agent.mbus',
  ]);
  expect(required('cloudstack_registry')).toEqual(['registry.username', 'registry.password']);
  expect(required('cloudstack_stemcell_server')).toEqual([
    'stemcell_server.username',
    'stemcell_server.password',
  ]);
});

/** What the specs of the earlier releases declared, and what bosh-deployment sets. */
const earlier = {
  'the Java release': `cloudstack.endpoint cloudstack.api_key cloudstack.secret_access_key
    cloudstack.default_key_name cloudstack.private_key cloudstack.state_timeout
    cloudstack.state_timeout_volume cloudstack.stemcell_public_visibility
    cloudstack.stemcell_requires_hvm cloudstack.stemcell_os_type
    cloudstack.stemcell_publish_timeout cloudstack.default_zone cloudstack.proxy_host
    cloudstack.proxy_port cloudstack.proxy_user cloudstack.proxy_password cpi.heap_size cpi.host
    cpi.port cpi.core.user cpi.core.password cpi.webdav_host cpi.webdav_port cpi.webdav_directory
    cpi.default_disk_offering cpi.default_ephemeral_disk_offering cpi.vm_create_delay
    cpi.vm_expunge_delay cpi.force_expunge cpi.registry.endpoint cpi.registry.user
    cpi.registry.password cpi.blobstore.provider cpi.blobstore.path cpi.blobstore.address
    cpi.blobstore.port cpi.blobstore.agent.user cpi.blobstore.agent.password cpi.ntp cpi.use_dhcp
    cpi.agent.mbus cpi.lightstemcell.network_name cpi.lightstemcell.instance_type
    cpi.zipkin.enabled cpi.calculate_vm_cloud_properties.disk.tags
    cpi.calculate_vm_cloud_properties.compute.tags cpi.mock_create_stemcell
    cpi.existing_template_name`,
  'the Go release': `cloudstack.endpoint cloudstack.api_key cloudstack.secret_access_key
    cloudstack.default_zone cloudstack.skip_verify_ssl cloudstack.expunge_vm
    cloudstack.timeout.global cloudstack.timeout.create_vm cloudstack.timeout.attach_volume
    cloudstack.clean_disk cloudstack.interval_clean_disk cloudstack.calculate.disk_tags
    cloudstack.calculate.not_disk_tags cloudstack.calculate.compute_tags
    cloudstack.calculate.not_compute_tags cloudstack.enable_auto_anti_affinity
    cloudstack.auto_anti_affinity_type cloudstack.default_key_name cloudstack.private_key
    cloudstack.default_offer.disk cloudstack.default_offer.ephemeral_disk
    cloudstack.default_offer.custom_disk cloudstack.stemcell.public_visibility
    cloudstack.stemcell.requires_hvm cloudstack.stemcell.os_type ntp agent.mbus agent.env_service
    agent.blobstore.provider agent.blobstore.options registry.host registry.port registry.username
    registry.password env.http_proxy env.https_proxy env.no_proxy`,
};

for (const [name, text] of Object.entries(earlier)) {
  test(`every property of ${name} is seen by the job`, () => {
    const declared = Object.keys(specOf('cloudstack_cpi').properties);
    const isSeen = (property: string): boolean =>
      declared.some((one) => property === one || property.startsWith(`${one}.`));
    expect(text.split(/\s+/).filter((property) => !isSeen(property))).toEqual([]);
  });
}
