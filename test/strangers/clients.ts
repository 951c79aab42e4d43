// The clients that others wrote, each with a flow of its own in `flows/`. A flow is a program: it
// reads CLOUDSTACK_ENDPOINT, CLOUDSTACK_KEY and CLOUDSTACK_SECRET, fails if anything is not as it
// expects, and removes what it made. So `cloudstack-simulator exec -- PROGRAM` runs it, too.
import { fileURLToPath } from 'node:url';
import type { WorldDescriptionInput } from '../../simulator/world/description/world-description.js';
import { advancedKvm } from '../../simulator/world/presets/advanced-kvm.js';

export interface Client {
  readonly name: string;
  readonly language: string;
  /** Where it is had from. */
  readonly source: 'npm' | 'Debian';
  readonly install: string;
  /** Programs that say which version is installed, if one is; the first that succeeds counts. */
  readonly probes: readonly (readonly string[])[];
  /** The file in `flows/`. */
  readonly flow: string;
  /** Runs the flow; a leading `PROBE` becomes the program of the probe that succeeded. */
  readonly command: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Where it cannot live in the default world. */
  readonly world?: WorldDescriptionInput;
  /** What the flow does besides what the page says of all. */
  readonly does: string;
  /** What it cannot do with CloudStack either. */
  readonly remark?: string;
  /** Whether it is quick enough to run in `npm test`, where it is installed. */
  readonly isQuick: boolean;
}

export const clients: readonly Client[] = [
  {
    name: 'csclient',
    language: 'JavaScript',
    source: 'npm',
    install: 'npm ci',
    probes: [[process.execPath, '-p', "require('csclient/package.json').version"]],
    flow: 'csclient.js',
    command: ['PROBE', flowPath('csclient.js')],
    does: 'learns from `listApis` which commands are asynchronous; signs with version 3; errors of requests and of jobs, a wrong secret',
    isQuick: true,
  },
  {
    name: 'cs, the library',
    language: 'Python',
    source: 'Debian',
    install: 'apt-get install python3-cs',
    probes: pythonProbes("from importlib.metadata import version; print(version('cs'))"),
    flow: 'cs-library.py',
    command: ['PROBE', flowPath('cs-library.py')],
    does: 'POST; a static address, user data, tags and lists by tag; pages; an address that is taken, an expired signature, a wrong secret',
    isQuick: true,
  },
  {
    name: 'cs, the command',
    language: 'shell',
    source: 'Debian',
    install: 'apt-get install cs',
    probes: pythonProbes(
      "import shutil; from importlib.metadata import version; assert shutil.which('cloudstack'); print(version('cs'))",
    ),
    flow: 'cs-command.sh',
    command: ['sh', flowPath('cs-command.sh')],
    does: 'GET; a script that polls jobs by hand; a job that fails, a missing parameter by the exit status',
    isQuick: false,
  },
  {
    name: 'Apache Libcloud',
    language: 'Python',
    source: 'Debian',
    install: 'apt-get install python3-libcloud',
    probes: pythonProbes('import libcloud; print(libcloud.__version__)'),
    flow: 'apache-libcloud.py',
    command: ['PROBE', flowPath('apache-libcloud.py')],
    world: withoutCustomOfferings(),
    does: 'signs with names in lower case; key pairs, reboot, stop, another offering and start, public addresses, port forwarding; a job that fails, a wrong secret',
    remark: 'cannot list compute offerings of custom size',
    isQuick: true,
  },
  {
    name: 'Ansible, ngine_io.cloudstack',
    language: 'YAML',
    source: 'Debian',
    install: 'apt-get install ansible python3-cs',
    probes: [['ansible-galaxy', 'collection', 'list', 'ngine_io.cloudstack']],
    flow: 'ansible.yml',
    command: [
      'ansible-playbook',
      '--inventory=localhost,',
      '--connection=local',
      '--extra-vars=ansible_python_interpreter=/usr/bin/python3',
      flowPath('ansible.yml'),
    ],
    environment: { ANSIBLE_NOCOWS: '1' },
    does: 'what is declared twice changes nothing the second time; tags; an offering that does not exist',
    isQuick: false,
  },
  {
    name: 'go-cloudstack',
    language: 'Go',
    source: 'Debian',
    install: 'apt-get install golang-go golang-github-xanzy-go-cloudstack-dev',
    probes: [
      [
        'dpkg-query',
        '--show',
        '--showformat=${Version}\n',
        'golang-github-xanzy-go-cloudstack-dev',
        'golang-go',
      ],
    ],
    flow: 'go-cloudstack.go',
    command: ['go', 'run', flowPath('go-cloudstack.go')],
    environment: { GO111MODULE: 'off', GOPATH: '/usr/share/gocode' },
    does: 'GET for reading, POST for changes; affinity groups, a disk that grows; knows by the text of an error that something is gone; a job that fails, a wrong secret',
    isQuick: false,
  },
  {
    name: 'Packer',
    language: 'JSON',
    source: 'Debian',
    install: 'apt-get install packer',
    probes: [['packer', 'version']],
    flow: 'packer.json',
    command: ['packer', 'build', flowPath('packer.json')],
    environment: { CHECKPOINT_DISABLE: '1' },
    does: 'builds an image: key pair, VM with user data, stop, a template of its root disk; takes VM and key pair away',
    isQuick: false,
  },
];

export function flowPath(file: string): string {
  return fileURLToPath(new URL(`flows/${file}`, import.meta.url));
}

/** Python of the path, which may be a virtual environment's, and Debian's own. */
function pythonProbes(program: string): string[][] {
  return ['python3', '/usr/bin/python3'].map((python) => [python, '-c', program]);
}

function withoutCustomOfferings(): WorldDescriptionInput {
  const { serviceOfferings = [] } = advancedKvm;
  return {
    ...advancedKvm,
    serviceOfferings: serviceOfferings.filter(({ cpuNumber }) => cpuNumber !== undefined),
  };
}
