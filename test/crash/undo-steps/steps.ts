// Where the CPI takes things back: the undo of each step of a saga, and each thing that the functions
// do which undo and delete_vm share. Found in the sources, so that a new step is among them by itself.
import { readFileSync } from 'node:fs';
import ts from 'typescript';

/** A place in a source file that takes something back. */
export interface UndoStep {
  readonly path: string;
  readonly line: number;
  /** The text that is taken out, cut short. */
  readonly what: string;
  readonly start: number;
  readonly end: number;
  /** Whether a function stands there, which is called later, or something that is done there. */
  readonly is: 'function' | 'deed';
}

/** Calls that register how to take something back, and the properties that say it. */
const registering: Readonly<Record<string, readonly string[]>> = {
  createUndoably: ['find', 'remove'],
  step: ['undo'],
};

/** Functions that take back what was made for a VM: each thing that they do is a step of its own. */
const undoing: ReadonlySet<string> = new Set([
  ...['removeVm', 'removeLeftoversOfVm', 'discardVm', 'leaveLoadBalancers', 'stopForwarding'],
  ...['releaseAllocatedAddress', 'releaseAddressesOfGoneVm', 'disconnectPublicAddress'],
]);

/** The steps in a source file, in their order. */
export function undoStepsIn(path: string, text = readFileSync(path, 'utf8')): UndoStep[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
  const steps: UndoStep[] = [];
  const take = (node: ts.Node, is: UndoStep['is']): void => {
    const start = node.getStart(source);
    const { line } = source.getLineAndCharacterOfPosition(start);
    const what = node.getText(source).replace(/\s+/g, ' ').slice(0, 60);
    steps.push({ path, line: line + 1, what, start, end: node.getEnd(), is });
  };
  const visit = (node: ts.Node, isUndoing: boolean): void => {
    if (ts.isCallExpression(node)) takeRegistered(node, take);
    if (isUndoing && ts.isAwaitExpression(node) && !isOfValue(node)) take(node, 'deed');
    const isNow =
      isUndoing || (ts.isFunctionDeclaration(node) && undoing.has(node.name?.text ?? ''));
    ts.forEachChild(node, (child) => {
      visit(child, isNow);
    });
  };
  visit(source, false);
  return steps;
}

/** A source in which a step is not taken. */
export function without({ start, end, is }: UndoStep, text: string): string {
  const instead = is === 'deed' ? 'undefined' : '() => Promise.resolve(undefined)';
  return text.slice(0, start) + instead + text.slice(end);
}

/** A source that calls `globalThis.undoStep` with the number of each step that it takes. */
export function withProbes(steps: ReadonlyMap<number, UndoStep>, text: string): string {
  const insertions = [...steps].flatMap(([number, { start, end, is }]) => {
    const probe = `globalThis.undoStep(${number}),`;
    const before =
      is === 'deed' ? `(${probe} ` : `((step) => (...given) => (${probe} step(...given)))(`;
    return [
      { at: start, inserted: before },
      { at: end, inserted: ')' },
    ];
  });
  return insertions
    .sort((one, other) => other.at - one.at)
    .reduce((now, { at, inserted }) => now.slice(0, at) + inserted + now.slice(at), text);
}

/** What is awaited for its value is looked at, and takes nothing back by itself. */
function isOfValue({ parent }: ts.AwaitExpression): boolean {
  return !ts.isExpressionStatement(parent);
}

function takeRegistered(
  call: ts.CallExpression,
  take: (node: ts.Node, is: UndoStep['is']) => void,
): void {
  const { expression } = call;
  const name = ts.isPropertyAccessExpression(expression) ? expression.name : expression;
  const properties = registering[name.getText()] ?? [];
  const declared = call.arguments.find(ts.isObjectLiteralExpression);
  for (const property of declared?.properties ?? []) {
    const isOne = properties.includes(property.name?.getText() ?? '');
    if (isOne && ts.isPropertyAssignment(property)) {
      take(property.initializer, 'function');
    }
  }
}
