// What the acceptance tests make of the template and of bat.yml is a cloud config for this cloud: in it
// are all networks with the addresses that nobody else takes, VMs with an ephemeral disk and without,
// and disks of the offering. Ruby itself renders it, as lib/bat/cloud_config.rb does.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, test } from '@playwright/test';
import { DefaultRubyVM } from '@ruby/wasm-wasi/dist/node';
import fc from 'fast-check';
import { parse } from 'yaml';
import { readCloudConfig } from '../../../bats-runner/target/cloud-config.js';
import { contractOffers } from '../../../bats-runner/target/contract-world.js';
import { addressesOf, ipv4Text } from '../../../bats-runner/ipv4.js';
import { batYml, reservedIn } from '../../../bats-runner/upstream/bat-yml.js';
import { cloudConfigTemplate } from '../../../bats-runner/upstream/cloud-config-template.js';
import { chooseExamples } from '../../../bats-runner/upstream/tags.js';

test.describe.configure({ mode: 'default' });

const rendering = `
require 'erb'
require 'json'
require 'ostruct'
class Context
  attr_reader :properties
  def initialize(properties) = @properties = open(properties)
  def get_binding = binding
  def open(value)
    case value
    when Hash then OpenStruct.new(value.transform_values { |one| open(one) })
    when Array then value.map { |one| open(one) }
    else value
    end
  end
end
`;

let vm: Awaited<ReturnType<typeof DefaultRubyVM>>['vm'];
test.beforeAll(async () => {
  const require = createRequire(import.meta.url);
  const ruby = readFileSync(require.resolve('@ruby/3.4-wasm-wasi/dist/ruby+stdlib.wasm'));
  ({ vm } = await DefaultRubyVM(await WebAssembly.compile(ruby)));
  vm.eval(rendering);
});

const config = (bats?: object): Parameters<typeof batYml>[0]['config'] =>
  readCloudConfig(
    'cloud.json',
    JSON.stringify({
      cloudstack: { endpoint: 'https://c.example.com/', api_key: 'k', secret_access_key: 's' },
      zone: 'zone1',
      template: 't',
      compute_offering: 'small',
      other_compute_offering: 'medium',
      disk_offering: 'any-size',
      network: { name: 'private', addresses: ['10.10.1.20-10.10.1.40'] },
      ...(bats !== undefined && { bats }),
    }),
  );

/** A cloud config, freely looked into. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look freely into YAML
type Document = any;

/** What the cloud has, without a second network and public addresses. */
function poorOffers(): typeof contractOffers {
  const names = ['secondNetwork', 'vips'];
  const kept = Object.entries(contractOffers).filter(([name]) => !names.includes(name));
  return Object.fromEntries(kept) as unknown as typeof contractOffers;
}

function batYmlOf(bats?: object, offers = contractOffers): string {
  return batYml({
    config: config(bats),
    offers,
    stemcell: { name: 's', version: '1' },
    sshKeyPair: { publicKey: 'ssh-rsa A', privateKey: 'P' },
  });
}

function rendered(bats?: object, change: object = {}, offers = contractOffers): Document {
  const { properties } = JSON.parse(batYmlOf(bats, offers)) as { properties: object };
  const packed = (text: string): string => `'${Buffer.from(text).toString('base64')}'.unpack1('m')`;
  const text = vm
    .eval(
      `ERB.new(${packed(cloudConfigTemplate)}).result(
         Context.new(JSON.parse(${packed(JSON.stringify({ ...properties, ...change }))})).get_binding)`,
    )
    .toString();
  return parse(text);
}

test('it has the networks, zone, offerings and disks of the configuration', () => {
  const cloud = rendered({ nameservers: ['10.10.0.1'] });
  expect(cloud.azs).toEqual([{ name: 'z1', cloud_properties: { zone: contractOffers.zone } }]);
  const [vip, first, second] = cloud.networks;
  expect(vip).toEqual({ name: 'static', type: 'vip' });
  expect([first.name, second.name]).toEqual(['default', 'second']);
  const { network } = contractOffers;
  expect(first.subnets).toEqual([
    {
      range: network.range,
      azs: ['z1'],
      gateway: network.gateway,
      reserved: reservedIn(network.range, network.addresses),
      static: network.addresses.slice(0, 4),
      dns: ['10.10.0.1'],
      cloud_properties: { name: network.name },
    },
  ]);
  expect(cloud.compilation).toMatchObject({ network: 'default', vm_type: 'compilation', az: 'z1' });
  expect(cloud.vm_types[0]).toEqual({
    name: 'default',
    cloud_properties: {
      compute_offering: contractOffers.computeOffering,
      disk: 10_240,
      ephemeral_disk_offering: contractOffers.diskOffering,
    },
  });
  expect(cloud.disk_types).toBeUndefined();
});

test('VMs without an ephemeral disk have a root disk with room for what would be on it', () => {
  const flavor = { instance_type: 'without-ephemeral-disk' };
  const [{ cloud_properties: properties }, compilation] = rendered(undefined, flavor).vm_types;
  expect(properties).toEqual({
    compute_offering: contractOffers.computeOffering,
    disk: 0,
    root_disk_size: 15_360,
  });
  expect(compilation.cloud_properties.disk).toBe(10_240);
});

test('the disks that a test makes up have the offering; a cloud without more has one network', () => {
  const disks = { disk_types: [{ name: 'abc', disk_size: 5120 }] };
  const poor = poorOffers();
  const cloud = rendered(undefined, disks, poor);
  expect(cloud.disk_types).toEqual([
    { name: 'abc', disk_size: 5120, cloud_properties: { disk_offering: poor.diskOffering } },
  ]);
  expect(cloud.networks.map(({ name }: { name: string }) => name)).toEqual(['default']);
});

test('reserved is all of a network but our addresses: SEED repeats it', () => {
  const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31));
  const base = 10 * 2 ** 24;
  const hosts = fc.uniqueArray(fc.integer({ min: 1, max: 254 }), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(hosts, (numbers) => {
      const own = numbers.map((number) => ipv4Text(base + number));
      const reserved = reservedIn('10.0.0.0/24', own).flatMap((range) => addressesOf(range) ?? []);
      const all = [...reserved, ...own].sort();
      const wanted = Array.from({ length: 254 }, (_, index) => ipv4Text(base + index + 1)).sort();
      return JSON.stringify(all) === JSON.stringify(wanted);
    }),
    { seed, numRuns: 50 },
  );
});

test('two static addresses of the first network, which the Director gives to nobody else', () => {
  const { properties } = JSON.parse(batYmlOf()) as {
    properties: Record<string, string> & {
      networks: { static_ip: string; static: string[]; reserved: string[] }[];
    };
  };
  const [first, second] = properties.networks;
  expect(first?.static).toEqual(
    expect.arrayContaining([first?.static_ip, properties['second_static_ip']]),
  );
  expect(properties['second_static_ip']).not.toBe(first?.static_ip);
  expect(second?.static).toContain(second?.static_ip);
});

test('what the cloud cannot is left out, with the reason', () => {
  const poor = poorOffers();
  const out = (...choice: Parameters<typeof chooseExamples>): string[] =>
    chooseExamples(...choice).leftOut.map(({ what }) => what.replace('tag ', ''));
  const always = ['nic_groups', 'ipv6', 'raw_ephemeral_storage'];
  expect(out(config(), contractOffers)).toEqual([...always, 'os']);
  expect(out(config({ os: true }), contractOffers)).toEqual(always);
  expect(out(config({ os: true }), poor)).toEqual([
    'vip_networking',
    'multiple_manual_networks',
    ...always,
  ]);
  expect(out(config({ os: true, ssh: false }), contractOffers)).toContain('os');
  const withoutSsh = chooseExamples(config({ ssh: false }), contractOffers);
  expect(withoutSsh.options.join(' ')).toBe(
    '--tag ~nic_groups --tag ~ipv6 --tag ~raw_ephemeral_storage --tag ~os --tag ~ssh ' +
      '--exclude-pattern **/cck_spec.rb',
  );
});
