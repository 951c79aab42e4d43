// What --help says after the options.

export const teaching = `
A Director or \`bosh create-env\` runs this program once per CPI call: it writes one JSON object to
stdin and reads one from stdout. The exit code of a call is 0 even if it failed; what went wrong
stands in the response's "error". Diagnostics go to stderr.

Try it, no cloud needed:

  echo '{"method":"info","arguments":[],"context":{"director_uuid":"me"}}' | cloudstack-cpi

A call that asks the cloud:

  echo '{"method":"has_vm","arguments":["some-vm-cid"],"context":{"director_uuid":"me"}}' |
    cloudstack-cpi --config cpi.json

A smallest cpi.json:

  {
    "cloudstack": {
      "endpoint": "https://cloud.example.com/client/api",
      "api_key": "...", "secret_access_key": "...", "default_zone": "zone1"
    },
    "agent": { "mbus": "nats://10.0.0.6:4222" }
  }

Is everything there that the CPI needs, and may the account do what it must?

  cloudstack-cpi --config cpi.json check

All properties: docs/cpi/configuration.md. The properties of a CPI configuration of the Director
come with each request and override the file.`;

export const teachingOfGc = `
A CPI call that is killed, with its Director or its machine, cannot take back what it has begun. What
it leaves can be told from everything that is in use: VMs that never got metadata, disks that were
never attached, ephemeral disks, public addresses and registry entries of VMs that are gone, addresses
that came when their call had failed, empty load balancer rules and affinity groups, networks without
marks, images that never came and snapshots that were not finished, all with the marks, names or texts
that this CPI gives. Only the account of the configuration is looked at. A disk that a Director has
created and not used for a day, because its deployment failed, looks the same: before you delete, look
at the list. With --delete that may grow: a group or rule is empty only when such a VM is gone.

What a call left that was killed before it could say whose it is, is of an unknown Director: with
--director it is left alone, and counted.

  cloudstack-cpi --config cpi.json gc
  cloudstack-cpi --config cpi.json gc --director 695b7248-0310-4930-646d-848b66efbaa5 --delete

Ages are told by the clock of the cloud where its answers have a Date header, else they count to the
newest thing in the account. Less than a call may take at most is never enough: what is younger may be
of one that is at work. Disks that were never attached count from 24 h on, whatever --older-than says: a
Director that repeats a deployment may attach them. What is left for now is on the list, too, with the
age from which on it counts. Where the registry is away all else is done.

Exit status: 0 all went well, 1 something could not be removed, 2 wrong usage, 3 the cloud, the
registry or the configuration does not allow it.`;

export const teachingOfCheck = `
It asks CloudStack what a CPI call would ask, and changes nothing: the configuration, the connection
and the keys, the zone, the offerings, who serves user data in each network and by which source of
agent.json an agent finds them, what the role of the account lets each method of the CPI do, whether
it may expunge VMs, how long user data may be, and how stemcells get there. Each line says ok, or
what to do.

  cloudstack-cpi --config cpi.json check
  cloudstack-cpi --config cpi.json check --network NET_CS --network NET_SHARED

Exit status: 0 the CPI can work, perhaps with warnings, 1 something failed, 2 wrong usage.`;

export const teachingOfPermissions = `
It asks nothing of CloudStack. The last rule denies everything else, also what CloudStack lets every
role of type User call. Rules with a * can be left out; what is lost without them stands below.

Have a root admin make the role, with CloudMonkey or in the user interface (Roles, Import Role), and
give it to the account of the CPI:

  cloudstack-cpi permissions --cmk > make-role.sh && sh make-role.sh
  cloudstack-cpi permissions --csv > bosh-cpi.csv
  cmk update account id=... roleid=...

Then \`cloudstack-cpi check\` tells whether it fits. To expunge VMs the account needs the setting
allow.user.expunge.recover.vm as well.

Exit status: 0 printed, 2 wrong usage.`;
