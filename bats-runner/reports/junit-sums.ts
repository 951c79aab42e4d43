/** A report of JUnit's, with the sums of all its suites. */
export function withSums(report: string): string {
  const suites = [...report.matchAll(/<testsuite [^>]*>/g)].map(([head]) => head);
  const sumOf = (name: string): string => {
    const values = suites.map((head) => new RegExp(` ${name}="([\\d.]+)"`).exec(head)?.[1] ?? '0');
    return `${name}="${values.reduce((sum, value) => sum + Number(value), 0)}"`;
  };
  const sums = ['tests', 'failures', 'errors', 'skipped', 'time'].map(sumOf).join(' ');
  return report.replace(/<testsuites[^>]*>/, `<testsuites ${sums}>`);
}
