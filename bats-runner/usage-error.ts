/** What the user gave cannot be used: the exit code is 2, not 3. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = new.target.name;
  }
}
