import { existsSync } from 'node:fs'
import { Command } from 'commander'
import { loadSettings } from '../../config/settings.js'
import { KeyLayout } from '../../keys/index.js'
import type { ListFindings } from '../../schemas/http/list-findings.v1.js'
import { Failure } from '../../services/core/failure.js'
import { told } from '../../services/core/words.js'
import { clientOf } from '../department.js'
import { EXIT } from '../exit.js'
import { exchangeUrl, URL_OPTION } from '../url.js'

type Finding = ListFindings['items'][number]
interface LintOptions { url?: string, client: string, json?: boolean }

const REQUEST_MS = 30_000

/** `mianzheng catalogue lint`: where lists, matters and catalogue do not fit. */
export function lintCommand (): Command {
  return new Command('lint')
    .description('核对发证、用证清单与事项、目录  Where lists of licences, matters and the catalogue do not fit')
    .option(...URL_OPTION)
    .option('--client <CLIENT>', '客户端，须能读目录  a client that may read the catalogue', 'catalogue-manager')
    .option('--json', '每行一个 JSON  one JSON object a line')
    .action(async (options: LintOptions) => { process.exitCode = await runLint(options) })
}

/** @returns 0 where nothing was found, else 1 */
async function runLint ({ url, client: clientId, json = false }: LintOptions): Promise<number> {
  const settings = loadSettings(process.env)
  if (!/^[a-z0-9-]+$/.test(clientId) || !existsSync(new KeyLayout(settings.data.directory).client(clientId).key)) throw new Failure('NOT_FOUND', told('这里没有这个客户端', 'there is no client of that name here'))
  const exchange = url ?? exchangeUrl(settings)
  const client = clientOf({ settings, url: exchange, clientId, attempts: 3 }) // somebody sits there and waits
  const findings: Finding[] = []
  for (let after: string | undefined; ;) {
    const path = '/v1/catalogue/lists/findings'
    const response = await fetch(`${exchange}${path}?limit=100${after === undefined ? '' : `&after=${encodeURIComponent(after)}`}`, {
      headers: { ...await client.authorize('GET', path) }, signal: AbortSignal.timeout(REQUEST_MS)
    }).catch((cause: unknown) => { throw new Failure('EXCHANGE_UNAVAILABLE', `${exchange}: ${told('没有答复', 'does not answer')}`, { cause }) })
    const answer = await response.json().catch((): unknown => undefined) as (ListFindings & { code?: string }) | undefined
    if (!response.ok || answer === undefined) throw new Failure('EXCHANGE_REFUSED', `${path}: ${answer?.code ?? response.status}`)
    findings.push(...answer.items)
    if (answer.next === undefined) break
    after = answer.next
  }
  process.stdout.write(json ? findings.map(finding => `${JSON.stringify(finding)}\n`).join('') : lintText(findings))
  return findings.length === 0 ? EXIT.ok : EXIT.failed
}

/** For people: Chinese first, what to do beside it. */
export function lintText (findings: readonly Finding[]): string {
  if (findings.length === 0) return '✓ 清单、事项和目录相符  Lists, matters and catalogue fit\n'
  return findings.map(({ code, say, mend, matters, material }) => [
    `✕ ${say.zh}  [${code}]`,
    `    ${say.en}`,
    ...material === undefined ? [] : [`    材料 Material: ${material.name}`],
    ...matters.length === 0 ? [] : [`    事项 Matters: ${matters.join(', ')}`],
    `  请这样做：${mend.zh}`,
    `    ${mend.en}`
  ].join('\n')).join('\n\n') + '\n'
}
