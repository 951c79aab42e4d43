// A process that runs tests one by one (tests-by-name.ts), and is ended when one does not end.
import { fork, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bundle } from './bundle.js';
import type { Answer, Wish } from './tests-by-name.js';

export type Outcome = Answer | 'does not end' | 'breaks off';

export class TestProcess implements Disposable {
  readonly #folder = mkdtempSync(join(tmpdir(), 'mutation-'));
  readonly #child: ChildProcess;

  /** With a mutant it is awake from the beginning, also while the sources are loaded. */
  constructor({ root, file }: Bundle, mutant?: number) {
    this.#child = fork(file, {
      cwd: root,
      // The same seed for each, so that none is noticed by luck.
      env: {
        ...process.env,
        SEED: '1',
        TMPDIR: this.#folder,
        ...(mutant !== undefined && { MUTANT: String(mutant) }),
      },
      execArgv: ['--max-old-space-size=1500'],
      // A group of its own, to be ended as a whole.
      detached: true,
      stdio: process.env['MUTATION_OUTPUT'] === undefined ? 'ignore' : 'inherit',
    });
  }

  async ask(wish: Wish, limitMs: number): Promise<Outcome> {
    const child = this.#child;
    return new Promise((resolve) => {
      const end = (outcome: Outcome): void => {
        clearTimeout(timer);
        child.removeAllListeners();
        resolve(outcome);
      };
      const timer = setTimeout(() => {
        end('does not end');
      }, limitMs);
      child.once('message', (answer) => {
        end(answer as Answer);
      });
      child.once('error', () => {
        end('breaks off');
      });
      child.once('exit', () => {
        end('breaks off');
      });
      if (child.connected) child.send(wish);
      else end('breaks off');
    });
  }

  [Symbol.dispose](): void {
    if (this.#child.pid !== undefined) killGroup(this.#child.pid);
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function killGroup(leader: number): void {
  try {
    process.kill(-leader, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
