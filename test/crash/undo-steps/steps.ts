// Where the CPI takes things back: the undo of each step of a saga, and each thing that the functions
// do which undo and delete_vm share. Found in the sources, so that a new step is among them by itself.
import { readFileSync } from 'node:fs';
import ts from 'typescript';

/** A place in a source file that takes something back, and what stands there when it does not. */
export interface UndoStep {
  readonly path: string;
  readonly line: number;
  /** The text that is taken out, cut short. */
  readonly what: string;
  readonly start: number;
  readonly end: number;
  readonly instead: string;
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
  const take = (node: ts.Node, instead: string): void => {
    const start = node.getStart(source);
    const { line } = source.getLineAndCharacterOfPosition(start);
    const what = node.getText(source).replace(/\s+/g, ' ').slice(0, 60);
    steps.push({ path, line: line + 1, what, start, end: node.getEnd(), instead });
  };
  const visit = (node: ts.Node, isUndoing: boolean): void => {
    if (ts.isCallExpression(node)) takeRegistered(node, take);
    if (isUndoing && ts.isAwaitExpression(node) && !isOfValue(node)) take(node, 'undefined');
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
export function without({ start, end, instead }: UndoStep, text: string): string {
  return text.slice(0, start) + instead + text.slice(end);
}

/** What is awaited for its value is looked at, and takes nothing back by itself. */
function isOfValue({ parent }: ts.AwaitExpression): boolean {
  return !ts.isExpressionStatement(parent);
}

function takeRegistered(
  call: ts.CallExpression,
  take: (node: ts.Node, instead: string) => void,
): void {
  const { expression } = call;
  const name = ts.isPropertyAccessExpression(expression) ? expression.name : expression;
  const properties = registering[name.getText()] ?? [];
  const declared = call.arguments.find(ts.isObjectLiteralExpression);
  for (const property of declared?.properties ?? []) {
    const isOne = properties.includes(property.name?.getText() ?? '');
    if (isOne && ts.isPropertyAssignment(property)) {
      take(property.initializer, '() => Promise.resolve(undefined)');
    }
  }
}
