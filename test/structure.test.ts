import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import t from 'tap'
import { projectRoot } from '../services/core/project-root.js'

const ROOT = projectRoot()
const SOURCES = ['services', 'platform', 'connectors', 'keys', 'config', 'console', 'cli', 'schemas']

/**
 * May a file in the first room import one in the second? The first rule whose `from` fits decides. `node:` and packages are
 * judged by `packages`. @see docs/architecture.md, "Who may import whom"
 */
interface Rule { from: RegExp, to: RegExp[], packages?: RegExp }
const ANY = /^/
const CONTRACTS = [/^services\/core\//, /^schemas\//]
const PLATFORM_PORTS = [/^platform\/[^/]+\/port\.ts$/, /^platform\/crypto\//]
const RULES: Rule[] = [
  { from: /^services\/core\//, to: [/^services\/core\//], packages: /^node:/ },
  { from: /^schemas\//, to: [/^schemas\//] },
  { from: /^services\/host\//, to: [ANY] },
  // A service knows the platform by its ports, platform/crypto and the words of platform/http; never another service.
  { from: /^services\/([^/]+)\//, to: [/^services\/$1\//, ...CONTRACTS, ...PLATFORM_PORTS] },
  { from: /^platform\/crypto\//, to: [/^platform\/crypto\//, /^services\/core\//] },
  { from: /^platform\/sqlite\//, to: [/^platform\/sqlite\//, /^services\/core\//] },
  { from: /^platform\/([^/]+)\/embedded\//, to: [/^platform\/$1\//, /^platform\/sqlite\//, /^services\/core\//] },
  { from: /^platform\/([^/]+)\//, to: [/^platform\/$1\//, ...CONTRACTS] },
  // The department side and the keys use published contracts and the verification engine as a library.
  { from: /^connectors\//, to: [/^connectors\//, ...CONTRACTS, /^platform\/crypto\//, /^services\/verification\//] },
  { from: /^keys\//, to: [/^keys\//, ...CONTRACTS, ...PLATFORM_PORTS] },
  { from: /^config\//, to: [/^config\//, ...CONTRACTS] },
  // Pages call the published API like anyone else: no service, no store, no door at the back.
  { from: /^console\//, to: [/^console\//, ...CONTRACTS, /^platform\/http\/port\.ts$/] },
  { from: /^cli\//, to: [ANY] }
]

function sources (folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true, recursive: true })
    .filter(entry => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map(entry => relative(ROOT, join(entry.parentPath, entry.name)))
}

const IMPORT = /(?:^|\n)\s*(?:import|export)\s[^'"]*?from\s+['"]([^'"]+)['"]|import\s*\(\s*['"]([^'"]+)['"]|(?:^|\n)import\s+['"]([^'"]+)['"]/g

/** Imports of this text that its room may not have, as `specifier` or resolved path. */
function forbidden (file: string, text: string): string[] {
  const rule = RULES.find(({ from }) => from.test(file))
  if (rule === undefined) return ['(no rule for this folder)']
  const [, room = ''] = rule.from.exec(file) as RegExpExecArray
  const allowed = rule.to.map(pattern => new RegExp(pattern.source.replaceAll('$1', room)))
  const bad: string[] = []
  for (const match of text.matchAll(IMPORT)) {
    const specifier = (match[1] ?? match[2] ?? match[3]) as string
    if (!specifier.startsWith('.')) {
      if (rule.packages !== undefined && !rule.packages.test(specifier)) bad.push(specifier)
      continue
    }
    const target = relative(ROOT, join(ROOT, dirname(file), specifier)).replace(/\.js$/, '.ts')
    if (!allowed.some(pattern => pattern.test(target))) bad.push(target)
  }
  return bad
}

t.test('each room imports only what its place allows', async t => {
  for (const file of SOURCES.filter(folder => existsSync(join(ROOT, folder))).flatMap(sources)) {
    t.same(forbidden(file, readFileSync(join(ROOT, file), 'utf8')), [], file)
  }
})

t.test('the rules catch what they are for', async t => {
  t.same(forbidden('services/core/clock.ts', "import { Ajv } from 'ajv'"), ['ajv'])
  t.same(forbidden('services/core/clock.ts', "import { x } from '../intake/index.js'"), ['services/intake/index.ts'])
  t.same(forbidden('services/intake/index.ts', "import type { L } from '../licences/index.js'"), ['services/licences/index.ts'])
  t.same(forbidden('services/intake/index.ts', "import { x } from '../../platform/sqlite/database.js'"), ['platform/sqlite/database.ts'])
  t.same(forbidden('services/intake/index.ts', "import { x } from '../../platform/event-log/port.js'"), [])
  t.same(forbidden('services/intake/index.ts', "export * from '../../platform/documents/embedded/index.js'"), ['platform/documents/embedded/index.ts'])
  t.same(forbidden('platform/documents/embedded/index.ts', "import { x } from '../../../services/intake/index.js'"), ['services/intake/index.ts'])
  t.same(forbidden('connectors/csv/source.ts', "const x = await import('../../services/host/index.js')"), ['services/host/index.ts'])
  t.same(forbidden('console/pages/verify.tsx', "import { x } from '../../services/verification/index.js'"), ['services/verification/index.ts'])
  t.same(forbidden('elsewhere/x.ts', ''), ['(no rule for this folder)'])
})

t.test('no file names a place or a machine that only we have', async t => {
  const forbiddenText = [/registry\.npmjs/i, /repo1\.maven|repo\.maven/i, /\/work\/(?:main|shared|w-)/, /\/root\//]
  const files = ['services', 'platform', 'connectors', 'keys', 'config', 'console', 'cli', 'schemas', 'bench', 'docs', '.ci']
    .filter(folder => existsSync(join(ROOT, folder)))
    .flatMap(folder => readdirSync(join(ROOT, folder), { withFileTypes: true, recursive: true })
      .filter(entry => entry.isFile()).map(entry => relative(ROOT, join(entry.parentPath, entry.name))))
  for (const file of [...files, 'package.json', 'package-lock.json', 'README.md'].filter(file => existsSync(join(ROOT, file)))) {
    const text = readFileSync(join(ROOT, file), 'utf8')
    t.same(forbiddenText.filter(pattern => pattern.test(text)).map(String), [], file)
  }
})

/** Text in both languages that was put together by hand, where `told` of services/core/words.ts does it; and `told` with its languages turned round. */
const BY_HAND = /(?:\p{Script=Han}[^\n'"`{]*|\$\{[^}]*\}) \/ (?=[A-Za-z$])|\btold\((['"`])(?!(?:\$|[^'"`])*(?:\p{Script=Han}|\$\{)).*/gu
/** A failure that is told in one language: what is said of a place is `Bilingual` already, as the compiler sees to. */
const UNTOLD = /new Failure\((?:'\w+'|\w+), (?:'[^']*'|`(?:(?!told\(|FAULT\.|\p{Script=Han})[^`])*[a-z] [a-z][^`]*`).*/gu
function matches (text: string, pattern: RegExp): string[] { return [...text.matchAll(pattern)].map(([found]) => found) }

t.test('text in Chinese first and English beside it is written by one function', async t => {
  for (const file of SOURCES.flatMap(sources).filter(file => file !== 'services/core/words.ts')) t.same(matches(readFileSync(join(ROOT, file), 'utf8'), BY_HAND), [], file)
  /* eslint-disable no-template-curly-in-string -- it is source text */
  for (const wrong of ["'不是有效日期 / is no day'", "'或者填写 /basis / or /basis has to be given'", '`${words.zh} / ${words.en}`', "told('is no day', '不是有效日期')"]) t.equal(matches(wrong, BY_HAND).length, 1, wrong)
  for (const right of ["told('不是有效日期', 'is no day')", 'told(`${at} 不是对象`, `${at} is no object`)', '`${Math.ceil(bytes / 1024)} MB`', '// 共享 / 不共享']) t.same(matches(right, BY_HAND), [], right)
  /* eslint-enable no-template-curly-in-string */
})

t.test('what somebody reads who runs a command or a connector, or sets something, is told in both languages', async t => {
  for (const file of ['connectors', 'cli', 'keys', 'config'].flatMap(sources)) t.same(matches(readFileSync(join(ROOT, file), 'utf8'), UNTOLD), [], file)
  t.equal(matches("throw new Failure('SEAL_UNFIT', 'the seal cannot be read', { cause })", UNTOLD).length, 1)
  t.same(matches("throw new Failure('SEAL_UNFIT', told('印章读不出来', 'the seal cannot be read'), { cause })", UNTOLD), [])
})
