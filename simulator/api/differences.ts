import type { Difference } from '../kernel/difference.js';

/** How requests and jobs are otherwise. */
export const apiDifferences: readonly Difference[] = [
  {
    about: 'Sessions',
    cloudStack: 'Callers sign their requests, or log in, with a second factor if need be.',
    here: 'Only signed requests are answered; there is no login, and no `integration.api.port`.',
  },
  {
    about: 'Commands that are not simulated',
    cloudStack: 'Has some 600 commands.',
    here: 'Answers 401 as for a command that does not exist, and names it once on stderr.',
  },
  {
    about: 'Parameters that are not simulated',
    cloudStack: 'Ignores parameters that a command does not have.',
    here: 'Refuses them by name with 432; with `--loose` it ignores them.',
  },
  {
    about: 'Throttling',
    cloudStack: 'Answers 429 to those who call too often, where `api.throttling.*` say so.',
    here: 'Answers 429 only where a fault plan says so.',
  },
  {
    about: 'Types of events',
    cloudStack: 'Lists all of some 500 types, whatever can happen.',
    here: 'Lists the types of the events that can come about here.',
  },
  {
    about: 'Database ids that nothing has',
    cloudStack: 'Are passed on, and each command answers in its own way.',
    here: 'Are refused in the words for uuids that nothing has.',
  },
  {
    about: 'Versions',
    cloudStack: 'Releases differ in rules and texts.',
    here:
      'Behaves as 4.20.2.0. A `cloudstack.version` of 4.18 or 4.19 brings the texts and the fields ' +
      'of jobs and VMs of that release as far as clients match on them, and nothing else.',
  },
  {
    about: 'How long jobs take',
    cloudStack: 'Depends on hardware and load; a pool of threads runs so many jobs at once.',
    here: 'Takes the times of the `duration.*` settings, however many jobs there are.',
  },
  {
    about: 'Threads and locks',
    cloudStack:
      'Expunges VMs with `expunge.workers` threads, and waits `vm.job.lock.timeout` seconds for the ' +
      'queue of a VM.',
    here: 'One thing happens at a time, and nobody waits for a lock.',
  },
  {
    about: 'Work that has waited for other work on its VM',
    cloudStack:
      'Is done as it finds things then: what the command checks comes before, and fails its job at once.',
    here:
      'So it is where VMs are started, stopped, rebooted, destroyed and expunged, and disks detached. ' +
      'What attaches, resizes, moves and extracts disks is checked again at its turn; what changes NICs, ' +
      'keys, passwords, offerings and snapshots of VMs, reinstalls or migrates them, only then.',
  },
  {
    about: 'Stack traces of Java',
    cloudStack: 'Stand in the texts of a few failures on hosts.',
    here: 'Their first line does.',
  },
  {
    about: 'Management servers',
    cloudStack: 'May be several on one database.',
    here: 'Is one; a fault plan can restart it.',
  },
];
