import type { Difference } from '../kernel/difference.js';

/** How images come into the cloud otherwise. */
export const imageDifferences: readonly Difference[] = [
  {
    about: 'Upload URLs',
    cloudStack: 'Lead to the public address of a secondary storage VM, as a rule by HTTPS.',
    here: 'Lead to the address of the API, or to where `ssvm.uploadUrl` says.',
  },
  {
    about: 'URLs of extracted volumes',
    cloudStack: 'Serve what is on the disk, from the public address of a secondary storage VM.',
    here:
      'Serve an empty image of the format and the virtual size of the volume, from the address of ' +
      'the API, or from where `ssvm.uploadUrl` says.',
  },
  {
    about: 'What an image is',
    cloudStack: 'Asks `file` and `qemu-img`.',
    here: 'Looks at the first and the last bytes of the file, also of a packed one.',
  },
  {
    about: 'Sizes of images before they come',
    cloudStack:
      'Asks the URL for it when an image is registered (HEAD), and refuses one that would cross the ' +
      'limit of secondary storage (535).',
    here:
      'Does so for requests over HTTP and through msw. In process, `dispatch` answers at once: the ' +
      'caller may give `imageBytes`; without, the image counts once it is there, and the limit refuses ' +
      'the next one.',
  },
  {
    about: 'Images that hosts fetch by themselves',
    cloudStack: 'A host of KVM looks at the URL (`directdownload`), and later hosts fetch it.',
    here: 'No host reaches any URL: such templates and ISOs are refused with the text for that.',
  },
  {
    about: 'Templates that are deployed as they are',
    cloudStack: 'Make VMs as the file for VMware describes them (`deployasis`).',
    here: 'Are refused by name; for other hypervisors the parameter is not looked at either.',
  },
  {
    about: 'Hosts in URLs of templates',
    cloudStack: 'Must be resolvable, and none of this machine.',
    here: 'Names are not resolved; `ssvm.allowLoopback` lets templates come from 127.0.0.1.',
  },
];
