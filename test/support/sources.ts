/** The repository read as text and as syntax, for the tests that hold its style. */
import { readFileSync, readdirSync, existsSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import ts from 'typescript'

export const root = dirname(dirname(import.meta.dirname))

const notOurs = new Set(['node_modules', '.git', 'dist', 'data', 'data-demo', 'coverage'])

/** Every file of the repository, with `/` between folders, in the order of the alphabet. */
export function allFiles(folder = ''): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .flatMap((entry) => {
      if (notOurs.has(entry.name)) return []
      const path = posix.join(folder, entry.name)
      return entry.isDirectory() ? allFiles(path) : entry.isFile() ? [path] : []
    })
    .toSorted()
}

export function read(file: string): string {
  return readFileSync(join(root, file), 'utf8')
}

export function exists(file: string): boolean {
  return existsSync(join(root, file))
}

/** TypeScript, JavaScript and Svelte: what runs, and what tests it. */
export function sourceFiles(): string[] {
  return allFiles().filter((file) => /\.(ts|mjs|js|svelte)$/.test(file))
}

export interface Import {
  specifier: string
  /** The file it means, for our own; undefined for a package. */
  target: string | undefined
  /** Is it the entry of a thread or a process that this file starts? */
  starts: boolean
}

/** What a file imports, in every form: import, export … from, import(), a type, and a worker's `new URL(…, import.meta.url)`. */
export function importsOf(file: string): Import[] {
  const found: Import[] = []
  visit(file, (node) => {
    const specifier = specifierOf(node)
    if (specifier === undefined) return
    const target = specifier.startsWith('.') ? posix.join(posix.dirname(file), specifier) : undefined
    found.push({ specifier, target, starts: ts.isNewExpression(node) })
  })
  return found
}

function specifierOf(node: ts.Node): string | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return textOf(node.moduleSpecifier)
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) return textOf(node.argument.literal)
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    return textOf(node.arguments[0])
  }
  if (ts.isNewExpression(node) && node.expression.getText() === 'URL') {
    const [path, base] = node.arguments ?? []
    const file = base?.getText() === 'import.meta.url' ? textOf(path) : undefined
    return file && /\.(ts|mjs|js)$/.test(file) ? file : undefined
  }
  return undefined
}

function textOf(node: ts.Node | undefined): string | undefined {
  return node && ts.isStringLiteralLike(node) ? node.text : undefined
}

/** Names of globals that a file uses, as `Date.now`, `process.env`, `console`, `new Date()`; comments and strings do not count. */
export function globalsOf(file: string): Set<string> {
  const used = new Set<string>()
  visit(file, (node) => {
    if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression)) {
      if (node.expression.text === 'console') used.add('console')
      used.add(`${node.expression.text}.${node.name.text}`)
    }
    const clockRead = ts.isNewExpression(node) && node.expression.getText() === 'Date'
    if (clockRead && (node.arguments?.length ?? 0) === 0) used.add('new Date()')
  })
  return used
}

/** Names that a file gives: of its variables, parameters, functions, classes, types and their members. */
export function declaredNamesOf(file: string): string[] {
  const names: string[] = []
  visit(file, (node) => {
    if (!ts.isVariableDeclaration(node) && !ts.isBindingElement(node) && !isNamedDeclaration(node)) return
    if (node.name && ts.isIdentifier(node.name)) names.push(node.name.text)
  })
  return names
}

type NamedDeclaration =
  | ts.ParameterDeclaration
  | ts.FunctionDeclaration
  | ts.ClassDeclaration
  | ts.InterfaceDeclaration
  | ts.TypeAliasDeclaration
  | ts.MethodDeclaration
  | ts.MethodSignature
  | ts.PropertyDeclaration
  | ts.PropertySignature

function isNamedDeclaration(node: ts.Node): node is NamedDeclaration {
  return (
    ts.isParameter(node) ||
    ts.isFunctionDeclaration(node) ||
    ts.isClassDeclaration(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isMethodDeclaration(node) ||
    ts.isMethodSignature(node) ||
    ts.isPropertyDeclaration(node) ||
    ts.isPropertySignature(node)
  )
}

const parsed = new Map<string, ts.SourceFile[]>()

function visit(file: string, see: (node: ts.Node) => void): void {
  const walk = (node: ts.Node): void => {
    see(node)
    ts.forEachChild(node, walk)
  }
  for (const source of syntaxOf(file)) walk(source)
}

function syntaxOf(file: string): ts.SourceFile[] {
  let known = parsed.get(file)
  if (!known) {
    const texts = file.endsWith('.svelte') ? svelteScripts(read(file)) : [read(file)]
    known = texts.map((text) => ts.createSourceFile(file + '.ts', text, ts.ScriptTarget.Latest, true))
    parsed.set(file, known)
  }
  return known
}

function svelteScripts(text: string): string[] {
  return [...text.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)].map((match) => match[1] ?? '')
}
