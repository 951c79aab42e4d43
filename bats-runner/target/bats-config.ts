import { z } from 'zod';
import { ipv4Number } from '../ipv4.js';

const address = z.string().refine((text) => ipv4Number(text) !== undefined, {
  error: 'must be an IPv4 address',
});

/** What the acceptance tests of a Director need to know beside what the cases of the contract do. */
export const batsConfigSchema = z
  .strictObject({
    ssh: z.boolean().default(true).meta({
      description:
        'Whether VMs can be reached by SSH from here, directly or by what BOSH_ALL_PROXY says. Without it most examples cannot run.',
    }),
    os: z.boolean().default(false).meta({
      description:
        'Whether to try also what the operating system of the stemcell does. That needs SSH to the first of `vips`, or to the VMs themselves where there are none, past BOSH_ALL_PROXY.',
    }),
    ssh_gateway: z
      .strictObject({
        host: z.string().min(1).meta({ description: 'Its name or address.' }),
        username: z.string().min(1).meta({ description: 'Who logs in.' }),
        private_key: z.string().min(1).meta({ description: 'With which key, in PEM form.' }),
      })
      .optional()
      .meta({ description: 'A host by which that SSH goes.' }),
    ephemeral_disk_mib: z.number().int().min(1024).default(10_240).meta({
      description: 'Size of the ephemeral disks of VMs.',
    }),
    nameservers: z
      .array(address)
      .optional()
      .meta({
        description: 'Name servers of the networks.',
        example: ['10.10.0.1'],
      }),
  })
  .optional()
  .meta({
    description:
      'For the acceptance tests of a Director (`bats-runner upstream`); everything in it may be left out.',
  });

export type BatsConfig = z.output<typeof batsConfigSchema>;
