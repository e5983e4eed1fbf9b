import { Command, InvalidArgumentError } from 'commander'
import { loadProvince } from '../../config/province.js'
import { loadSampleCatalogue } from '../../config/sample-catalogue.js'
import { loadSettings } from '../../config/settings.js'
import { systemClock } from '../../services/core/clock.js'
import { Failure } from '../../services/core/failure.js'
import { told } from '../../services/core/words.js'
import { Department } from '../department.js'
import { tellingExchange } from '../exchange-news.js'
import { EXIT } from '../exit.js'
import { tellFailure } from '../tell-failure.js'
import { readSource, SOURCES, type SourceKind } from '../sources.js'
import { exchangeUrl, URL_OPTION } from '../url.js'

interface Options { url?: string, samples?: boolean, records?: boolean, confirmRevocations?: string }
interface Publishing { url?: string, confirmDeletions?: string }

type ReadOption = [flags: string, description: string, read: (text: string) => string]
const readSet = (text: string): string => {
  if (!/^[0-9a-f]{16}$/.test(text)) throw new InvalidArgumentError('请照抄暂停时给出的 16 个字符  the 16 characters that the held pass gave')
  return text
}
const CONFIRM_DELETIONS: ReadOption = ['--confirm-deletions <SET>', '确认删除上次暂停时所列的这些行  delete just the rows that a held pass named', readSet]
const CONFIRM_REVOCATIONS: ReadOption = ['--confirm-revocations <SET>', '确认上次暂停时所列的这些证照失效  end just the licences that a held run named', readSet]

/** `mianzheng connector issue [DEPARTMENT...]`: what a department runs next to its own register. */
export function connectorCommand (): Command {
  const command = new Command('connector').description('部门侧连接器  What a department runs next to its own system')
  command.command('issue')
    .description('把登记簿的变化签发成证照并上报  Turn what changed in the register into sealed licences and events')
    .argument('[DEPARTMENT...]', '部门代号，不写则全部  ids of departments, all unless given')
    .option(...URL_OPTION)
    .option(...CONFIRM_REVOCATIONS)
    .option('--samples', '先签发每类的第一份，放入 samples/  issue the first of each type first, and put it into samples/')
    .option('--records', '再上报数据，见 records  then publish the data sets, as records does')
    .action(async (ids: string[], options: Options) => { await issue(ids, options) })
  command.command('records')
    .description('上报示例部门数据的变化  Publish what changed in the data sets of the sample departments')
    .argument('[DEPARTMENT...]', '部门代号，不写则全部  ids of departments, all unless given')
    .option('--only <NAMES>', '只报这些数据，逗号分隔  these data sets only, separated by commas')
    .option(...URL_OPTION)
    .option(...CONFIRM_DELETIONS)
    .action(async (ids: string[], { url, only, confirmDeletions }: Publishing & { only?: string }) => {
      await withDepartments(ids, url, async (departments, stopping) => { await publishRecords(departments, stopping, { only: only?.split(','), confirmDeletions }) })
    })
  for (const [kind, { description, document }] of Object.entries(SOURCES)) {
    command.command(kind)
      .description(description)
      .argument('<DEPARTMENT>', '部门代号  id of the department')
      .requiredOption('--config <FILE>', `资源、主键、列，见 schemas/documents/${document}.json  resource, key and columns`)
      .option(...URL_OPTION)
      .option(...CONFIRM_DELETIONS)
      .action(async (id: string, options: Publishing & { config: string }) => { await publish(kind as SourceKind, id, options) })
  }
  return command
}

async function publish (kind: SourceKind, id: string, { config, url, confirmDeletions }: Publishing & { config: string }): Promise<void> {
  const source = readSource(kind, config, loadSettings(process.env), process.env)
  await withDepartments([id], url, async ([department]) => {
    const { changed, unchanged, deleted, rejected, deletionsHeld, heldBefore = 0 } = await (department as Department).publish(source, systemClock, confirmDeletions)
    process.stdout.write(`${source.resource}：新增或变更 ${changed}，未变 ${unchanged}，删除 ${deleted}，退回 ${rejected}  changed, unchanged, deleted, rejected\n`)
    if (rejected > 0) process.stdout.write(tellRejects((department as Department).rejectsPath(source.resource)))
    if (deletionsHeld) process.stdout.write('有退回的行读不出主键，本次不判断删除  a rejected row has no key that can be read, so nothing was taken for deleted\n')
    if (heldBefore > 0) process.stdout.write(`此前暂停过 ${heldBefore} 次，现已恢复上报  earlier passes that were held; it goes on now\n`)
    if (rejected > 0) process.exitCode = EXIT.failed
  })
}

/**
 * A data set that is held does not hold up the others.
 * @throws {Failure} NOT_FOUND none of these departments has such a data set
 */
async function publishRecords (departments: Department[], stopping: AbortSignal, { only, confirmDeletions }: { only?: string[] | undefined, confirmDeletions?: string | undefined } = {}): Promise<void> {
  const { resources } = loadSampleCatalogue(loadProvince())
  const wanted = resources.filter(({ name, department }) => (only?.includes(name) ?? true) && departments.some(({ config: { id } }) => id === department))
  const unknown = only?.filter(asked => !wanted.some(({ name }) => name === asked)) ?? []
  if (unknown.length > 0) throw new Failure('NOT_FOUND', told(`没有数据集 ${unknown.join('、')}`, `there is no data set ${unknown.join(', ')}`))
  for (const department of departments) {
    const { id, name } = department.config
    const sum = { changed: 0, unchanged: 0, deleted: 0, rejected: 0 }
    let held = 0
    const own = wanted.filter(resource => resource.department === id)
    for (const resource of own) {
      if (stopping.aborted) return
      const outcome = await department.publishRecords(resource, systemClock, confirmDeletions).catch((error: unknown) => {
        if (!(error instanceof Failure && error.code === 'DELETIONS_HELD')) throw error
        process.stderr.write(tellFailure(error))
        return undefined
      })
      if (outcome === undefined) {
        held++
        continue
      }
      if (outcome.rejected > 0) process.stdout.write(tellRejects(department.rejectsPath(resource.name)))
      for (const count of ['changed', 'unchanged', 'deleted', 'rejected'] as const) sum[count] += outcome[count]
    }
    if (own.length === 0) continue
    process.stdout.write(`${name}（${id}）：${own.length} 项数据，新增或变更 ${sum.changed}，未变 ${sum.unchanged}，删除 ${sum.deleted}，退回 ${sum.rejected}  data sets, changed, unchanged, deleted, rejected\n`)
    if (held > 0) process.stdout.write(`  其中 ${held} 项已暂停，未计入  data sets that were held, not counted\n`)
    if (sum.rejected > 0 || held > 0) process.exitCode = EXIT.failed
  }
}

async function issue (ids: string[], { url, samples = false, records = false, confirmRevocations }: Options): Promise<void> {
  await withDepartments(ids, url, async (departments, stopping) => {
    if (samples) for (const department of departments) await department.issueSamples(systemClock)
    if (records) await publishRecords(departments, stopping)
    for (const department of departments) {
      if (stopping.aborted) break
      const { issued, stateChanges, unchanged, rejected, heldBefore = 0, held } = await department.issue(confirmRevocations)
      const { id, name } = department.config
      process.stdout.write(`${name}（${id}）：签发 ${issued}，状态变更 ${stateChanges}，未变 ${unchanged}，退回 ${rejected}  issued, changed state, unchanged, rejected\n`)
      if (heldBefore > 0) process.stdout.write(`  此前暂停过 ${heldBefore} 次，现已恢复上报  earlier runs that were held; it goes on now\n`)
      if (rejected > 0) process.stdout.write(tellRejects(department.issuing.rejectsPath))
      if (held !== undefined) process.stderr.write(tellFailure(held))
      if (rejected > 0 || held !== undefined) process.exitCode = EXIT.failed
    }
  })
}

function tellRejects (path: string): string { return `  退回的行和原因见  rejected rows, and why: ${path}\n` }

/** Opens these departments, all of them where none is named, and closes them whatever happens. A signal to stop reaches their sending. */
async function withDepartments (ids: string[], url: string | undefined, work: (departments: Department[], stopping: AbortSignal) => Promise<void>): Promise<void> {
  const settings = loadSettings(process.env)
  const { departments } = loadProvince()
  const unknown = ids.filter(id => !departments.some(department => department.id === id))
  if (unknown.length > 0) throw new Failure('NOT_FOUND', `${told(`没有部门 ${unknown.join('、')}，有`, `there is no department ${unknown.join(', ')}; there are`)}: ${departments.map(({ id }) => id).join(', ')}`)
  const stopping = new AbortController()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => { stopping.abort() })
  const opened: Department[] = []
  const waiting = (): number => opened.reduce((sum, { publisher: { pending } }) => sum + pending, 0)
  const exchange = url ?? exchangeUrl(settings)
  const onNews = tellingExchange(exchange, line => { process.stderr.write(line) })
  try {
    for (const config of departments.filter(({ id }) => ids.length === 0 || ids.includes(id))) {
      opened.push(await Department.open({ config, settings, url: exchange, clock: systemClock, signal: stopping.signal, onNews }))
    }
    const before = waiting()
    await work(opened, stopping.signal)
    if (before > 0 && waiting() === 0) process.stdout.write(`另补送此前未送达的事件 ${before} 条  events that earlier runs could not send, sent now\n`)
  } finally {
    if (waiting() > 0) process.stderr.write(`还有 ${waiting()} 条事件已签名保存、尚未送达，下次运行接着送  events that are kept and not sent yet; the next run sends them\n`)
    for (const department of opened) await department.close()
  }
}
