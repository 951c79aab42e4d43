/**
 * A CPI has not done what callers rely on. Any other error of a case is a mishap of those who try it:
 * of the cloud, the network or the case itself.
 */
export class PromiseBroken extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'PromiseBroken';
  }
}
