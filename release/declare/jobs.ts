import { cpiRules } from '../../cpi/config/cpi-rules.js';
import { sections } from '../../cpi/config/properties.js';
import type { Property } from '../../cpi/config/property.js';
import type { Rule } from '../../cpi/config/rule.js';
import { cloudStackProperties } from '../../cpi/registry/registry-configuration.js';
import { registryProperties } from '../../cpi/registry/registry-properties.js';
import { registryRules } from '../../cpi/registry/registry-rules.js';
import { stemcellServerProperties } from '../../cpi/stemcell-server/stemcell-server-properties.js';
import { olderNamesOf, olderProperties } from './older-properties.js';
import { propertiesOfSection, type ReleaseProperty } from './release-property.js';

/** A job of the release: all that its spec says, and which of its templates is generated. */
export interface Job {
  readonly name: string;
  readonly packages: readonly string[];
  /** Where each template is rendered to, below the job's folder. */
  readonly templates: Readonly<Record<string, string>>;
  /** The template of the configuration file, which is generated. */
  readonly configuration: string;
  /** What is to be right of several properties at once. */
  readonly rules: readonly Rule[];
  /** What looks into objects among the properties: files of `insides/`, in order. */
  readonly insides?: readonly string[];
  readonly properties: readonly ReleaseProperty[];
}

type Table = Readonly<Record<string, Property<unknown>>>;

function cpiProperties(): ReleaseProperty[] {
  const present = Object.entries(sections)
    .flatMap(([section, table]) => propertiesOfSection(section, table as Table))
    .map((property) => ({ ...property, older: olderNamesOf(property.name) }));
  return [...present, ...olderProperties(present)];
}

export const jobs: readonly Job[] = [
  {
    name: 'cloudstack_cpi',
    packages: ['cloudstack_node', 'cloudstack_cpi'],
    templates: {
      'cpi.erb': 'bin/cpi',
      'cpi.json.erb': 'config/cpi.json',
      'cacert.pem.erb': 'config/cacert.pem',
    },
    configuration: 'cpi.json.erb',
    rules: cpiRules,
    properties: cpiProperties(),
  },
  {
    name: 'cloudstack_registry',
    packages: ['cloudstack_node', 'cloudstack_registry'],
    templates: {
      'bpm.yml.erb': 'config/bpm.yml',
      'registry.json.erb': 'config/registry.json',
      'pre-start.erb': 'bin/pre-start',
      'post-start.erb': 'bin/post-start',
    },
    configuration: 'registry.json.erb',
    rules: registryRules,
    insides: ['servers.rb', 'registry.rb'],
    properties: [
      ...propertiesOfSection('registry', registryProperties),
      ...propertiesOfSection('cloudstack', cloudStackProperties),
    ],
  },
  {
    name: 'cloudstack_stemcell_server',
    packages: ['cloudstack_node', 'cloudstack_stemcell_server'],
    templates: {
      'bpm.yml.erb': 'config/bpm.yml',
      'stemcell-server.json.erb': 'config/stemcell-server.json',
      'pre-start.erb': 'bin/pre-start',
      'post-start.erb': 'bin/post-start',
    },
    configuration: 'stemcell-server.json.erb',
    rules: [],
    insides: ['servers.rb', 'stemcell-server.rb'],
    properties: propertiesOfSection('stemcell_server', stemcellServerProperties),
  },
];
