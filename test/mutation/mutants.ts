// Changes that may go unnoticed: each makes a source wrong, or does nothing, in one place. A source
// gets all of its mutants at once, each asleep until `$is` says that it is its turn (guards.ts), so
// that nothing has to be built anew for the next one.
import ts from 'typescript';

export type Operator =
  | 'condition negated'
  | 'comparison changed'
  | 'left dropped'
  | 'right dropped'
  | 'and for or'
  | 'returns at once'
  | 'call removed'
  | 'literal changed';

export interface Mutant {
  readonly id: number;
  readonly path: string;
  /** Counted from 1. */
  readonly line: number;
  readonly operator: Operator;
  /** What stands there, cut short. */
  readonly what: string;
}

export interface MutatedSource {
  readonly text: string;
  /** In the order of their places. */
  readonly mutants: readonly Mutant[];
}

/** A source with all mutants in it, numbered from `firstId` on. */
export function withMutants(path: string, text: string, firstId: number): MutatedSource {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
  const rewriting = new Rewriting(source, path, firstId);
  return { text: rewriting.inside(source), mutants: rewriting.mutants };
}

class Rewriting {
  readonly mutants: Mutant[] = [];
  readonly #source: ts.SourceFile;
  readonly #path: string;
  readonly #firstId: number;

  constructor(source: ts.SourceFile, path: string, firstId: number) {
    this.#source = source;
    this.#path = path;
    this.#firstId = firstId;
  }

  /** The text of a node in which its parts have their mutants. */
  inside(node: ts.Node): string {
    const { text } = this.#source;
    let inside = '';
    let at = node.getStart();
    ts.forEachChild(node, (child) => {
      inside += text.slice(at, child.getStart()) + this.#whole(child);
      at = child.getEnd();
    });
    return inside + text.slice(at, node.getEnd());
  }

  #whole(node: ts.Node): string {
    if (isForTypesOnly(node)) return node.getText();
    if (!isCondition(node)) return this.#expressionOrStatement(node);
    const isNegated = this.#isAwake('condition negated', node);
    return `(${isNegated} !== !!(${this.#expressionOrStatement(node)}))`;
  }

  #expressionOrStatement(node: ts.Node): string {
    if (ts.isBinaryExpression(node)) return this.#logic(node) ?? this.#comparison(node);
    if (isBodyOfNamed(node)) {
      const returns = this.#isAwake('returns at once', node);
      return `{ if (${returns}) return;${this.inside(node).slice(1)}`;
    }
    if (isCall(node)) {
      // Braces, so that no `else` that follows belongs to it.
      return `{ if (!${this.#isAwake('call removed', node)}) ${this.inside(node)} }`;
    }
    const other = otherLiteral(node);
    if (other === undefined) return this.inside(node);
    return `(${this.#isAwake('literal changed', node)} ? ${other} : ${node.getText()})`;
  }

  #logic(node: ts.BinaryExpression): string | undefined {
    const held = (): string => `($held = (${this.#whole(node.left)}))`;
    const right = (): string => `(${this.#whole(node.right)})`;
    switch (node.operatorToken.getText()) {
      case '&&': {
        const noLeft = this.#isAwake('left dropped', node);
        const noRight = this.#isAwake('right dropped', node);
        return `(${noLeft} || (${held()} && !${noRight}) ? ${right()} : $held)`;
      }
      case '??': {
        const noRight = this.#isAwake('right dropped', node);
        return `(${held()} ?? (${noRight} ? $held : ${right()}))`;
      }
      case '||': {
        const isAnd = this.#isAwake('and for or', node.operatorToken);
        return `(${isAnd} === !${held()} ? $held : ${right()})`;
      }
      default:
        return undefined;
    }
  }

  #comparison(node: ts.BinaryExpression): string {
    const { left, operatorToken, right } = node;
    const operator = operatorToken.getText();
    if (!comparisons.has(operator) || isOfText(node)) return this.inside(node);
    const isOther = this.#isAwake('comparison changed', operatorToken);
    return `$compare['${operator}'](${isOther}, ${this.#whole(left)}, ${this.#whole(right)})`;
  }

  /** Notes a mutant; what asks at run time whether it is awake. */
  #isAwake(operator: Operator, node: ts.Node): string {
    const { line } = this.#source.getLineAndCharacterOfPosition(node.getStart());
    const what = node.getText().replace(/\s+/g, ' ').slice(0, 70);
    const id = this.#firstId + this.mutants.length;
    this.mutants.push({ id, path: this.#path, line: line + 1, operator, what });
    return `$is(${id})`;
  }
}

/** Those that guards.ts knows. */
const comparisons: ReadonlySet<string> = new Set(['===', '!==', '<', '<=', '>', '>=', '+', '-']);

function isForTypesOnly(node: ts.Node): boolean {
  return (
    ts.isTypeNode(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isImportDeclaration(node)
  );
}

function isCondition(node: ts.Node): boolean {
  const { parent } = node;
  return ts.isIfStatement(parent) || ts.isWhileStatement(parent)
    ? parent.expression === node
    : ts.isConditionalExpression(parent) && parent.condition === node;
}

/** What a text is added to is not subtracted from: that would be another program, and tell nothing. */
function isOfText(node: ts.BinaryExpression): boolean {
  if (node.operatorToken.kind !== ts.SyntaxKind.PlusToken) return false;
  return [node.left, node.right].some(
    (side) =>
      ts.isStringLiteralLike(side) ||
      ts.isTemplateExpression(side) ||
      (ts.isBinaryExpression(side) && isOfText(side)),
  );
}

function isBodyOfNamed(node: ts.Node): boolean {
  const { parent } = node;
  const isNamed = ts.isFunctionDeclaration(parent) || ts.isMethodDeclaration(parent);
  return isNamed && ts.isBlock(node) && parent.body === node && node.statements.length > 0;
}

function isCall(node: ts.Node): boolean {
  if (!ts.isExpressionStatement(node)) return false;
  const { expression } = node;
  const inner =
    ts.isAwaitExpression(expression) || ts.isVoidExpression(expression)
      ? expression.expression
      : expression;
  return ts.isCallExpression(inner) && inner.expression.kind !== ts.SyntaxKind.SuperKeyword;
}

function otherLiteral(node: ts.Node): string | undefined {
  if (node.kind === ts.SyntaxKind.TrueKeyword) return 'false';
  if (node.kind === ts.SyntaxKind.FalseKeyword) return 'true';
  const isName = (node.parent as Partial<ts.NamedDeclaration>).name === node;
  return ts.isNumericLiteral(node) && !isName ? `${node.getText()} + 1` : undefined;
}
