import { Command, Option } from 'commander'
import { loadCalendar, loadRuleSets } from '../../config/rules.js'
import { loadSettings } from '../../config/settings.js'
import type { DeliveryList } from '../../schemas/http/delivery-list.v1.js'
import type { DutyList } from '../../schemas/http/duty-list.v1.js'
import { recomputeDeliveries, recomputeDuties, Rules, WorkingCalendar, type ReadableLog } from '../../services/catalogue/index.js'
import { parseInstant, systemClock } from '../../services/core/clock.js'
import { Failure, type FailureCode } from '../../services/core/failure.js'
import { canonicalJson } from '../../services/core/json.js'
import { openLogForReading } from '../../services/host/stores.js'
import { clientOf } from '../department.js'
import { EXIT } from '../exit.js'
import { exchangeUrl, URL_OPTION } from '../url.js'

type Ledger = DutyList | DeliveryList
interface Filter { owner?: string, consumer?: string, state?: NonNullable<DutyList['items'][number]['state']> }
interface Options extends Filter { recompute?: boolean, at?: string, url?: string, client: string }
type Question = Filter & { at: Date }
type Settings = ReturnType<typeof loadSettings>
/** One of the lists that are worked out of the log: where the exchange answers it, and how it is worked out again. */
interface Listed { path: 'duties' | 'deliveries', recompute: (log: ReadableLog, question: Question & { rules: Rules }) => Promise<Ledger> }

/** `mianzheng catalogue duties`: the responsibility list in canonical form, as the exchange answers it or worked out again from its log. */
export function dutiesCommand (): Command {
  return ledgerCommand({ path: 'duties', recompute: recomputeDuties })
    .description('数据共享责任清单及履行状态，规范化 JSON  The responsibility list and how each duty stands, as canonical JSON')
}

/** `mianzheng catalogue deliveries`: whether what was granted was shared in time, likewise. */
export function deliveriesCommand (): Command {
  return ledgerCommand({ path: 'deliveries', recompute: recomputeDeliveries })
    .description('授权后是否按期提供共享，规范化 JSON  Whether what was granted was shared in time, as canonical JSON')
}

function ledgerCommand (listed: Listed): Command {
  return new Command(listed.path)
    .option('--recompute', '不问平台，离线从日志重新计算，逐字节相同  work it out again from the log, offline, to the same bytes')
    .option('--at <INSTANT>', '截至某一时刻（RFC 3339 UTC），默认现在  as of an instant, now unless given')
    .option('--owner <USCC>', '只列某提供单位的  those that one department owes')
    .option('--consumer <USCC>', '只列欠某单位的  those that are owed to one')
    .addOption(new Option('--state <STATE>', '只列某状态的  those in one state').choices(['met', 'late', 'not-yet-due', 'overdue', 'indeterminate', 'ended']))
    .option(...URL_OPTION)
    .option('--client <CLIENT>', '以哪个开发客户端查询  the development client that asks', 'catalogue-manager')
    .action(async (options: Options, command: Command) => { await list(listed, options, command) })
}

async function list (listed: Listed, { recompute = false, at: text, url, client, ...filter }: Options, command: Command): Promise<void> {
  const at = text === undefined ? systemClock.now() : parseInstant(text)
  if (at === undefined) command.error('--at 请写成 2026-03-02T01:00:00Z  write the instant like this', { exitCode: EXIT.usage })
  const settings = loadSettings(process.env)
  const question = { ...filter, at: at as Date }
  const answer = recompute ? await fromLog(listed, settings, question) : await fromExchange(listed, settings, { ...question, url: url ?? exchangeUrl(settings), client })
  // The bytes that the exchange answers, no more: a line end only for whoever looks at them.
  process.stdout.write(canonicalJson(answer) + (process.stdout.isTTY ? '\n' : ''))
}

async function fromLog ({ recompute }: Listed, { data: { directory, lockTimeoutMs } }: Settings, question: Question): Promise<Ledger> {
  const log = await openLogForReading({ directory, lockTimeoutMs, clock: systemClock })
  try {
    return await recompute(log, { ...question, rules: new Rules({ calendar: new WorkingCalendar(loadCalendar()), ruleSets: loadRuleSets() }) })
  } finally { await log.close() }
}

async function fromExchange ({ path }: Listed, settings: Settings, { url, client, at, ...filter }: Question & { url: string, client: string }): Promise<Ledger> {
  const token = await clientOf({ settings, url, clientId: client, attempts: 3 }).token()
  const items: Array<Ledger['items'][number]> = []
  for (let after: string | undefined; ;) {
    const query = new URLSearchParams({ ...filter, at: at.toISOString(), limit: '1000', ...(after === undefined ? {} : { after }) })
    const response = await fetch(`${url}/v1/catalogue/${path}?${query.toString()}`, { headers: { authorization: `Bearer ${token}` } })
    const answer = await response.json() as Ledger & { code: FailureCode, detail: string }
    if (!response.ok) throw new Failure(answer.code, answer.detail)
    items.push(...answer.items)
    if (answer.next === undefined) return { at: answer.at, items } as Ledger
    after = answer.next
  }
}
