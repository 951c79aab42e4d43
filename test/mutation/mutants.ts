// Changes that may go unnoticed: each makes a source wrong, or does nothing, in one place. Found in
// the syntax tree, so that they are the same ones as long as the source is.
import { readFileSync } from 'node:fs';
import ts from 'typescript';

export const operators = [
  'condition negated',
  'comparison changed',
  'branch dropped',
  'and for or',
  'returns at once',
  'call removed',
  'literal changed',
] as const;

export type Operator = (typeof operators)[number];

export interface Mutant {
  readonly path: string;
  /** Counted from 1. */
  readonly line: number;
  readonly operator: Operator;
  /** What stands there, cut short. */
  readonly what: string;
  readonly start: number;
  readonly end: number;
  readonly instead: string;
}

type Take = (operator: Operator, node: ts.Node, instead: string) => void;

/** All of a source, in their order. */
export function mutantsIn(path: string, text = readFileSync(path, 'utf8')): Mutant[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
  const mutants: Mutant[] = [];
  const take: Take = (operator, node, instead) => {
    const start = node.getStart(source);
    const { line } = source.getLineAndCharacterOfPosition(start);
    const what = node.getText(source).replace(/\s+/g, ' ').slice(0, 70);
    mutants.push({ path, line: line + 1, operator, what, start, end: node.getEnd(), instead });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isTypeNode(node) || ts.isImportDeclaration(node)) return;
    for (const mutate of kinds) mutate(node, take);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return mutants.sort((a, b) => a.start - b.start);
}

/** A source with a mutant in it. */
export function withMutant({ start, end, instead }: Mutant, text: string): string {
  return text.slice(0, start) + instead + text.slice(end);
}

const kinds: readonly ((node: ts.Node, take: Take) => void)[] = [
  negateCondition,
  changeComparison,
  changeLogic,
  returnAtOnce,
  removeCall,
  changeLiteral,
];

function negateCondition(node: ts.Node, take: Take): void {
  const condition =
    ts.isIfStatement(node) || ts.isWhileStatement(node)
      ? node.expression
      : ts.isConditionalExpression(node)
        ? node.condition
        : undefined;
  if (condition !== undefined) take('condition negated', condition, `!(${condition.getText()})`);
}

const comparisons: ReadonlyMap<ts.SyntaxKind, string> = new Map([
  [ts.SyntaxKind.EqualsEqualsEqualsToken, '!=='],
  [ts.SyntaxKind.ExclamationEqualsEqualsToken, '==='],
  [ts.SyntaxKind.LessThanToken, '<='],
  [ts.SyntaxKind.LessThanEqualsToken, '<'],
  [ts.SyntaxKind.GreaterThanToken, '>='],
  [ts.SyntaxKind.GreaterThanEqualsToken, '>'],
  [ts.SyntaxKind.PlusToken, '-'],
  [ts.SyntaxKind.MinusToken, '+'],
]);

function changeComparison(node: ts.Node, take: Take): void {
  if (!ts.isBinaryExpression(node)) return;
  const other = comparisons.get(node.operatorToken.kind);
  // A text is not taken from another: that would be another program, and tell nothing.
  if (other === undefined || (other === '-' && holdsText(node))) return;
  take('comparison changed', node.operatorToken, other);
}

function holdsText(node: ts.BinaryExpression): boolean {
  return [node.left, node.right].some(
    (side) =>
      ts.isStringLiteralLike(side) ||
      ts.isTemplateExpression(side) ||
      (ts.isBinaryExpression(side) && holdsText(side)),
  );
}

function changeLogic(node: ts.Node, take: Take): void {
  if (!ts.isBinaryExpression(node)) return;
  const { operatorToken, left, right } = node;
  const { kind } = operatorToken;
  if (kind === ts.SyntaxKind.QuestionQuestionToken) {
    take('branch dropped', node, `(${left.getText()})`);
    return;
  }
  if (kind === ts.SyntaxKind.AmpersandAmpersandToken) {
    take('branch dropped', node, `(${left.getText()})`);
    take('branch dropped', node, `(${right.getText()})`);
  } else if (kind === ts.SyntaxKind.BarBarToken) {
    take('and for or', operatorToken, '&&');
  }
}

function returnAtOnce(node: ts.Node, take: Take): void {
  const body =
    ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node) ? node.body : undefined;
  if (body === undefined || body.statements.length === 0) return;
  take('returns at once', body, '{ return undefined as never; }');
}

function removeCall(node: ts.Node, take: Take): void {
  if (!ts.isExpressionStatement(node)) return;
  const { expression } = node;
  const inner =
    ts.isAwaitExpression(expression) || ts.isVoidExpression(expression)
      ? expression.expression
      : expression;
  if (ts.isCallExpression(inner) && inner.expression.kind !== ts.SyntaxKind.SuperKeyword) {
    take('call removed', node, ';');
  }
}

function changeLiteral(node: ts.Node, take: Take): void {
  if (node.kind === ts.SyntaxKind.TrueKeyword) take('literal changed', node, 'false');
  else if (node.kind === ts.SyntaxKind.FalseKeyword) take('literal changed', node, 'true');
  else if (ts.isNumericLiteral(node)) take('literal changed', node, `(${node.getText()} + 1)`);
}
