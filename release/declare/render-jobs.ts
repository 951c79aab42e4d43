import { configurationTemplate } from './configuration-template.js';
import { jobSpec } from './job-spec.js';
import { jobs } from './jobs.js';

export interface GeneratedFile {
  /** Below the folder of the release. */
  readonly path: string;
  readonly text: string;
}

/**
 * The files of jobs that follow from the declarations of properties.
 *
 * @param read the text of a file beside this one
 */
export function renderJobs(read: (name: string) => string): GeneratedFile[] {
  const shared = read('configuration.rb');
  return jobs.flatMap((job) => [
    { path: `jobs/${job.name}/spec`, text: jobSpec(job) },
    {
      path: `jobs/${job.name}/templates/${job.configuration}`,
      text: configurationTemplate(job, {
        shared,
        insides: (job.insides ?? []).map((file) => read(`insides/${file}`)).join('\n'),
      }),
    },
  ]);
}
