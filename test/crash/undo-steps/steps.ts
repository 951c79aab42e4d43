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
  readonly is: Form;
  /** What stands there when it is taken out. */
  readonly instead: string;
}

/** What stands at a place: something that is done there, or what is called later, as a value or as a method. */
type Form = 'deed' | 'function' | 'body of a method';

/** What is written around a place so that it tells when it is come to. */
const around: Readonly<Record<Form, (probe: string) => readonly [before: string, after: string]>> =
  {
    deed: (probe) => [`(${probe}, `, ')'],
    function: (probe) => [`((step) => (...given) => (${probe}, step(...given)))(`, ')'],
    'body of a method': (probe) => [`{ ${probe}; `, ' }'],
  };

/** Calls that register how to take something back, and the properties that say it. */
const registering: Readonly<Record<string, readonly string[]>> = {
  createUndoably: ['find', 'remove'],
  step: ['undo'],
};

/**
 * Functions that take back what was made for a VM, also by delete_vm: each thing that they do is a
 * step of its own.
 */
const undoing: ReadonlySet<string> = new Set([
  ...['removeVm', 'removeLeftoversOfVm', 'discardVm', 'destroyWithDisks', 'deleteUnlessTaken'],
  ...['freeAddresses', 'parkAddresses', 'leaveLoadBalancers', 'stopForwarding'],
  ...['releaseAllocatedAddress', 'releaseAddressesOfGoneVm', 'disconnectPublicAddress'],
  ...['removeUnusedGroups', 'removeUnusedGroup', 'removeEntry', 'removeLateEntry'],
  ...['removeEntries', 'removeEntryOfGone'],
]);

/** What they do for a value, and whatever value is as if it had been done. */
const ofValue: Readonly<Record<string, string>> = {
  discardVm: '{ heldAddresses: [] }',
  removeVm: '{ heldAddresses: [] }',
  destroyWithDisks: 'true',
  destroy: "'destroyed'",
  freeAddresses: '[]',
  stop: 'vm',
  parkAddresses: '{ held: [] }',
  parkNic: 'true',
};

/** The steps in a source file, in their order. */
export function undoStepsIn(path: string, text = readFileSync(path, 'utf8')): UndoStep[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
  const steps: UndoStep[] = [];
  const take: Take = (node, is, instead) => {
    const start = node.getStart(source);
    const { line } = source.getLineAndCharacterOfPosition(start);
    const what = node.getText(source).replace(/\s+/g, ' ').slice(0, 60);
    steps.push({ path, line: line + 1, what, start, end: node.getEnd(), is, instead });
  };
  const visit = (node: ts.Node, isUndoing: boolean): void => {
    if (ts.isCallExpression(node)) takeRegistered(node, take);
    if (ts.isAwaitExpression(node)) takeAwaited(node, isUndoing, take);
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

/** A source that calls `globalThis.undoStep` with the number of each step that it takes. */
export function withProbes(steps: ReadonlyMap<number, UndoStep>, text: string): string {
  const insertions = [...steps].flatMap(([number, { start, end, is }]) => {
    const [before, after] = around[is](`globalThis.undoStep(${number})`);
    return [
      { at: start, inserted: before },
      { at: end, inserted: after },
    ];
  });
  return insertions
    .sort((one, other) => other.at - one.at)
    .reduce((now, { at, inserted }) => now.slice(0, at) + inserted + now.slice(at), text);
}

type Take = (node: ts.Node, is: Form, instead: string) => void;

/**
 * What is awaited for its value is looked at, and takes nothing back by itself, unless it is one of
 * the functions that do; delete_vm calls them, too.
 */
function takeAwaited(node: ts.AwaitExpression, isUndoing: boolean, take: Take): void {
  const { expression, parent } = node;
  const called = ts.isCallExpression(expression) ? expression.expression.getText() : '';
  if (!isUndoing && !undoing.has(called)) return;
  if (ts.isExpressionStatement(parent)) take(node, 'deed', 'undefined');
  else if (Object.hasOwn(ofValue, called)) take(node, 'deed', ofValue[called]!);
}

const nothing = '() => Promise.resolve(undefined)';

function takeRegistered(call: ts.CallExpression, take: Take): void {
  const { expression } = call;
  const name = ts.isPropertyAccessExpression(expression) ? expression.name : expression;
  const properties = registering[name.getText()] ?? [];
  const declared = call.arguments.find(ts.isObjectLiteralExpression);
  for (const property of declared?.properties ?? []) {
    const given = property.name?.getText() ?? '';
    if (!properties.includes(given)) continue;
    if (ts.isPropertyAssignment(property)) take(property.initializer, 'function', nothing);
    else if (ts.isMethodDeclaration(property) && property.body !== undefined) {
      take(property.body, 'body of a method', '{ return Promise.resolve(undefined); }');
    } else
      throw new Error(`${call.getSourceFile().fileName}: write ${given}: ${given}, to be found`);
  }
}
