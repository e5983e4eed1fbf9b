/**
 * Writes what is made from other files and committed all the same, since people read it: types from the schemas, and
 * docs/failures.md from the words. `npm run generate` writes, test/generated.test.ts compares.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { compile } from 'json-schema-to-typescript'
import { STATUS } from '../../platform/http/problem.js'
import { FAILURES, type FailureCode } from '../../services/core/failure.js'
import { projectRoot } from '../../services/core/project-root.js'
import { FAILURE_WORDS, type Words } from '../../services/core/words.js'
import { REASON_GROUPS, REASONS as EXEMPTION_REASONS, type ReasonCode } from '../../services/exemptions/reasons.js'
import { REASONS as INTAKE_REASONS } from '../../services/intake/reasons.js'
import { REGISTER_REASONS } from '../../services/licences/reasons.js'

const SCHEMA_BASE = 'https://mianzheng.example/schemas/'

/** Every generated file: its path in the project, and what it must hold. */
export async function generated (root: string = projectRoot()): Promise<Map<string, string>> {
  const files = new Map<string, string>()
  for (const name of schemaNames(root)) files.set(`schemas/${name.replace(/\.json$/, '.ts')}`, await types(root, name))
  files.set('docs/failures.md', await failurePages(root))
  return files
}

function schemaNames (root: string): string[] {
  return readdirSync(join(root, 'schemas'), { recursive: true, encoding: 'utf8' })
    .map(name => name.replaceAll('\\', '/')).filter(name => /\.v\d+\.json$/.test(name)).sort()
}

async function types (root: string, name: string): Promise<string> {
  const schema = JSON.parse(readFileSync(join(root, 'schemas', name), 'utf8')) as Record<string, unknown>
  const ours = (url: string): boolean => url.startsWith(SCHEMA_BASE)
  return await compile(schema, basename(name, '.json'), {
    bannerComment: `/* Made from ${basename(name)} by npm run generate. */`,
    ignoreMinAndMaxItems: true, // else a list of up to forty becomes forty tuples
    style: { semi: false, singleQuote: true },
    cwd: join(root, 'schemas', dirname(name)) + '/', // relative references, as the schemas write them
    $refOptions: {
      resolve: {
        http: false, // nothing is fetched: what the schemas refer to stands beside them
        ours: {
          order: 1,
          canRead: ({ url }: { url: string }) => ours(url),
          read: ({ url }: { url: string }) => readFileSync(join(root, 'schemas', url.slice(SCHEMA_BASE.length)), 'utf8')
        }
      }
    }
  } as Parameters<typeof compile>[2])
}

interface Finding extends Words { code: string, aspect: string }

async function failurePages (root: string): Promise<string> {
  const failures = (Object.keys(FAILURES) as FailureCode[]).map(code => failurePage(code, FAILURE_WORDS[code]))
  const findings = await findingPages(root)
  return [
    '<!-- Made by npm run generate: mend services/core/words.ts, services/verification or the reasons.ts of a service, not this page. -->',
    '# 失败代码 Failures',
    '',
    '每个代码的含义和处理办法；程序认代码，人看说明。Each code, what it means and what to do. Programs go by the code.',
    '',
    '## 请求失败 Failures of a request',
    '',
    ...failures,
    ...(findings.length === 0
      ? []
      : [
          '## 核验结论 Findings on a document',
          '',
          '核验不通过或无法判断时的原因；这是答复，不是错误。Why a document did not pass or could not be judged: an answer, not an error.',
          '',
          ...findings.map(findingPage)
        ]),
    '## 免于提交的理由 Reasons of exemptions',
    '',
    '每份材料为什么免交、可以承诺、暂时定不了、要提交；填表和解释里的理由也在这里。`…` 处是来源的名称。Why a material is skipped, may be committed to, is undecided, or is handed in; those of forms and explanations too. `…` stands for the source.',
    '',
    ...(Object.keys(EXEMPTION_REASONS) as ReasonCode[]).map(code => reasonPage(code, EXEMPTION_REASONS[code], GROUPS[REASON_GROUPS[code]])),
    '## 隔离的原因 Reasons of quarantine',
    '',
    '部门上报的事件为什么没有接收。Why an event that a department sent was not taken.',
    '',
    ...Object.entries<Words>(INTAKE_REASONS).map(([code, words]) => reasonPage(code, words, '接收时判断 judged on the way in')),
    ...Object.entries<Words>(REGISTER_REASONS).map(([code, words]) => reasonPage(code, words, '证照登记簿判断 judged by the register of licences'))
  ].join('\n')
}

function failurePage (code: FailureCode, { zh, en, mend }: Words): string {
  return [
    `### ${code}`,
    '',
    `${zh}。${en}.`,
    '',
    `- HTTP ${STATUS[code]}，${FAILURES[code].retryable ? '可稍后重试 may be tried again' : '原样重试无用 trying again as it was will not help'}`,
    `- ${mend.zh}。${mend.en}.`,
    ''
  ].join('\n')
}

const GROUPS = { skip: '免交 `skip`', commit: '可承诺 `commit`', undecided: '暂时定不了 `undecided`', submit: '要提交 `submit`', form: '填表 in forms', aside: '只在解释里说 in explanations alone' }

function reasonPage (code: string, { zh, en, mend }: Words, where: string): string {
  const said = (text: string): string => text.replace('{}', '…')
  return [`### ${code}`, '', `${said(zh)}。${said(en)}.`, '', `- ${where}`, `- ${mend.zh}。${mend.en}.`, ''].join('\n')
}

function findingPage ({ code, aspect, zh, en, mend }: Finding): string {
  return [`### ${code}`, '', `${zh}。${en}.`, '', `- aspect \`${aspect}\``, `- ${mend.zh}。${mend.en}.`, ''].join('\n')
}

/** Findings are kept with the engine; each list exports its words. */
async function findingPages (root: string): Promise<Finding[]> {
  const lists = [['services/verification/findings.js', 'FINDING_WORDS'], ['services/verification/ofd/codes.js', 'OFD_FINDINGS']] as const
  const found = new Map<string, Finding>()
  for (const [file, name] of lists) {
    const path = join(root, 'dist', file)
    if (!existsSync(path)) continue
    const words = (await import(pathToFileURL(path).href) as Record<string, Record<string, Omit<Finding, 'code'>> | undefined>)[name]
    for (const [code, finding] of Object.entries(words ?? {})) {
      if (!found.has(code)) found.set(code, { ...finding, code, aspect: finding.aspect ?? 'format' })
    }
  }
  return [...found.values()]
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const root = projectRoot()
  for (const [file, text] of await generated(root)) {
    if (existsSync(join(root, file)) && readFileSync(join(root, file), 'utf8') === text) continue
    writeFileSync(join(root, file), text)
    process.stdout.write(`${file}\n`)
  }
}
