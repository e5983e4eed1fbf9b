import { Command } from 'commander'
import { loadProvince } from '../../config/province.js'
import { loadSettings } from '../../config/settings.js'
import { systemClock } from '../../services/core/clock.js'
import { Failure } from '../../services/core/failure.js'
import { Department } from '../department.js'
import { EXIT } from '../exit.js'
import { exchangeUrl } from '../url.js'

interface Options { url?: string, samples?: boolean }

/** `mianzheng connector issue [DEPARTMENT...]`: what a department runs next to its own register. */
export function connectorCommand (): Command {
  const command = new Command('connector').description('部门侧连接器  What a department runs next to its own system')
  command.command('issue')
    .description('把登记簿的变化签发成证照并上报  Turn what changed in the register into sealed licences and events')
    .argument('[DEPARTMENT...]', '部门代号，不写则全部  ids of departments, all unless given')
    .option('--url <URL>', '交换平台地址，默认本机  where the exchange stands, this machine unless given')
    .option('--samples', '先签发每类的第一份，放入 samples/  issue the first of each type first, and put it into samples/')
    .action(async (ids: string[], options: Options) => { await issue(ids, options) })
  return command
}

async function issue (ids: string[], { url, samples = false }: Options): Promise<void> {
  const settings = loadSettings(process.env)
  const { departments } = loadProvince()
  const unknown = ids.filter(id => !departments.some(department => department.id === id))
  if (unknown.length > 0) throw new Failure('NOT_FOUND', `there is no department ${unknown.join(', ')}; there are ${departments.map(({ id }) => id).join(', ')}`)
  const wanted = departments.filter(({ id }) => ids.length === 0 || ids.includes(id))
  const stopping = new AbortController()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => { stopping.abort() })
  const opened: Department[] = []
  try {
    for (const config of wanted) {
      opened.push(await Department.open({ config, settings, url: url ?? exchangeUrl(settings), clock: systemClock, signal: stopping.signal }))
    }
    if (samples) for (const department of opened) await department.issueSamples(systemClock)
    for (const department of opened) {
      if (stopping.signal.aborted) break
      const { issued, stateChanges, unchanged, rejected } = await department.issue()
      const { id, name } = department.config
      process.stdout.write(`${name}（${id}）：签发 ${issued}，状态变更 ${stateChanges}，未变 ${unchanged}，退回 ${rejected}  issued, changed state, unchanged, rejected\n`)
      if (rejected > 0) process.exitCode = EXIT.failed
    }
  } finally {
    for (const department of opened) await department.close()
  }
}
