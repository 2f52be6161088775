/** Reads from the source which classes can be saved and resumed, and which of their fields are. */
import ts from 'typescript';
import { readProjectFile, sources } from '../docs/words.js';

export interface SavedClass {
  readonly name: string;
  /** It says that it is a `Resumable`. */
  readonly isResumable: boolean;
  readonly fields: readonly string[];
  /** Those that `save`, and what it uses of the class, look at; likewise those of `resume`. */
  readonly saved: ReadonlySet<string>;
  readonly resumed: ReadonlySet<string>;
}

/** The classes of src whose `save` gives a state; one without a `resume` of either kind is made from it. */
export function savedClasses(): readonly SavedClass[] {
  return sources().flatMap((file) => savedClassesIn(readProjectFile(file)));
}

export function savedClassesIn(text: string): readonly SavedClass[] {
  if (!text.includes('save()')) return [];
  const file = ts.createSourceFile('x.ts', text, ts.ScriptTarget.ESNext, true);
  return file.statements.flatMap((statement) => {
    if (!ts.isClassDeclaration(statement)) return [];
    const members = new Map<string, readonly ts.ClassElement[]>();
    for (const member of statement.members) {
      const name = ts.isConstructorDeclaration(member) ? 'constructor' : nameOf(member.name);
      members.set(name, [...(members.get(name) ?? []), member]);
    }
    const save = members.get('save')?.find(ts.isMethodDeclaration);
    if (save?.type === undefined || save.type.kind === ts.SyntaxKind.VoidKeyword) return [];
    const resume = members.has('resume') ? 'resume' : 'constructor';
    const name = statement.name?.text ?? '';
    const isResumable =
      statement.heritageClauses?.some(({ types }) => types.some((type) => type.getText().startsWith('Resumable<'))) ??
      false;
    const fields = statement.members.filter(ts.isPropertyDeclaration).map((field) => nameOf(field.name));
    return [
      { name, isResumable, fields, saved: usedBy('save', members, name), resumed: usedBy(resume, members, name) },
    ];
  });
}

/** The names of all properties that the member `first` looks at, or one of those that it uses. */
function usedBy(first: string, members: ReadonlyMap<string, readonly ts.ClassElement[]>, self: string): Set<string> {
  const used = new Set<string>();
  const note = (name: string): void => {
    if (used.has(name)) return;
    used.add(name);
    for (const member of members.get(name) ?? []) if (!ts.isPropertyDeclaration(member)) visit(member);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAccessExpression(node)) note(node.name.text);
    else if (ts.isBindingElement(node) && ts.isIdentifier(node.name)) note(nameOf(node.propertyName) || node.name.text);
    else if (ts.isNewExpression(node) && node.expression.getText() === self) note('constructor');
    ts.forEachChild(node, visit);
  };
  note(first);
  return used;
}

function nameOf(name: ts.Node | undefined): string {
  return name !== undefined && (ts.isIdentifier(name) || ts.isPrivateIdentifier(name)) ? name.text : '';
}
