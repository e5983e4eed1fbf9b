import { setTimeout } from 'node:timers/promises'
import { Command } from 'commander'
import { loadMatters } from '../../config/matters.js'
import { loadProvince } from '../../config/province.js'
import { loadSampleCatalogue } from '../../config/sample-catalogue.js'
import { loadSettings } from '../../config/settings.js'
import { systemClock } from '../../services/core/clock.js'
import { Failure } from '../../services/core/failure.js'
import { Api } from '../api.js'
import { loadCatalogue, type Loaded, type LoadOptions } from '../sample-catalogue.js'
import { exchangeUrl, URL_OPTION } from '../url.js'

const ATTEMPTS = 6
const FIRST_WAIT_MS = 500

/** `mianzheng sample catalogue`: what `serve` does for the catalogue of the sample province, by hand. */
export function sampleCommand (): Command {
  const command = new Command('sample').description('示例省  The sample province')
  command.command('catalogue')
    .description('各部门编目、发布、定责任、授权，已有的不动  Describe, publish, set duties and grant, as far as it is missing')
    .option(...URL_OPTION)
    .action(async ({ url }: { url?: string }) => {
      const settings = loadSettings(process.env)
      const province = loadProvince()
      const stopping = new AbortController()
      for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => { stopping.abort() })
      const api = new Api({ settings, url: url ?? exchangeUrl(settings), signal: stopping.signal })
      const { resources, duties, grants } = await untilDone({ api, province, catalogue: loadSampleCatalogue(province), matters: loadMatters(), clock: systemClock })
      process.stdout.write(`示例省目录：发布 ${resources}，责任 ${duties}，授权 ${grants}  catalogue: published, duties, grants\n`)
    })
  return command
}

/** Begins again where the exchange did not answer: what was done by then stands. Counts the last time alone. */
async function untilDone (options: LoadOptions): Promise<Loaded> {
  for (let attempt = 1, waitMs = FIRST_WAIT_MS; ; attempt++, waitMs *= 2) {
    try { return await loadCatalogue(options) } catch (error) {
      if (!(error instanceof Failure && error.code === 'EXCHANGE_UNAVAILABLE') || attempt === ATTEMPTS) throw error
    }
    await setTimeout(waitMs)
  }
}
