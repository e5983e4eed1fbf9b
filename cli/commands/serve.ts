import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import closeWithGrace from 'close-with-grace'
import { Command } from 'commander'
import { loadSettings, type Settings } from '../../config/settings.js'
import { KeyLayout } from '../../keys/index.js'
import { systemClock } from '../../services/core/clock.js'
import { Failure } from '../../services/core/failure.js'
import { projectRoot } from '../../services/core/project-root.js'
import { told } from '../../services/core/words.js'
import { openExchange } from '../../services/host/exchange.js'
import { makeAuthority, makeRegisters } from '../sample.js'
import { exchangeUrl } from '../url.js'

/** `mianzheng serve`: every service in one process, and the sample departments in another. */
export function serveCommand (): Command {
  return new Command('serve')
    .description('启动交换平台；数据目录为空时先建一个示例省  Start the exchange, with a sample province where the data directory is empty')
    .addHelpText('after', `
设置 Settings：
  PORT=8081 HOST=127.0.0.1 DATA_DIR=./data mianzheng serve
  MIANZHENG_PROFILE=production  生产环境  production; MIANZHENG_CONFIG=FILE  设置文件  a file of settings
  其余见 docs/operating.md  the others stand there`)
    .action(async () => { await serve() })
}

async function serve (): Promise<void> {
  const settings = loadSettings(process.env)
  const production = process.env['MIANZHENG_PROFILE'] === 'production'
  const { directory } = settings.data
  const layout = new KeyLayout(directory)
  const { sample } = settings.province
  if (sample) await makeAuthority({ settings, clock: systemClock })
  else if (!existsSync(layout.service('token').key)) {
    throw new Failure('CONFIG_INVALID', `${layout.keys}: ${told('里面没有密钥：请放入正式密钥；开发环境可运行 mianzheng keys init', 'holds no keys: bring them, or run mianzheng keys init for development')}`)
  }

  const exchange = await openExchange({ settings, clock: systemClock, production, logLines: process.stderr })
  const url = await exchange.listen().catch(async (error: unknown) => {
    await exchange.close() // its readers of the log and workers would keep the process alive behind the message
    throw error
  })
  process.stdout.write(banner(url, settings))
  const children = sample ? [startDepartments(settings, url), startCatalogue(settings, url)] : []
  closeWithGrace({ delay: settings.http.closeTimeoutMs, logger: { error: (...args: unknown[]) => { process.stderr.write(`${args.map(String).join(' ')}\n`) } } }, async ({ err }) => {
    if (err !== undefined) process.stderr.write(`${err.stack ?? err.message}\n`)
    await Promise.all(children.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null).map(async child => {
      child.kill('SIGTERM')
      await once(child, 'exit')
    }))
    await exchange.close()
    process.stdout.write('已停止  stopped\n')
  })
}

/** A process of their own, over HTTP like anyone else. docs/decisions/0004-departments-are-processes.md */
function startDepartments (settings: Settings, url: string): ChildProcess {
  makeRegisters({ settings, clock: systemClock })
  return startProcess(settings, ['connector', 'issue', '--samples', '--records', '--url', url], {
    done: '示例省的证照都已签发  all licences of the sample province are issued',
    failed: '示例部门没有全部完成；再次启动会接着做  the sample departments did not finish; the next start goes on'
  })
}

/** Departments and the data administration fill the catalogue, as clients of the published API. */
function startCatalogue (settings: Settings, url: string): ChildProcess {
  return startProcess(settings, ['sample', 'catalogue', '--url', url], { failed: '示例省的目录没有全部建好；再次启动会接着做  the catalogue of the sample province is not complete; the next start goes on' })
}

function startProcess (settings: Settings, command: string[], says: { done?: string, failed: string }): ChildProcess {
  // Young objects in a quarter of the usual room: as fast here, and some 20 MB less beside the exchange.
  const child = spawn(process.execPath, ['--max-semi-space-size=4', join(projectRoot(), 'dist', 'cli', 'main.js'), ...command], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, DATA_DIR: settings.data.directory }
  })
  child.once('exit', code => {
    if (code !== 0 && code !== null) process.stderr.write(`${says.failed}\n`)
    else if (code === 0 && says.done !== undefined) process.stdout.write(`${says.done}\n`)
  })
  child.once('error', error => { process.stderr.write(`${says.failed}: ${error.message}\n`) })
  return child
}

function banner (url: string, { data: { directory }, province: { sample }, identity: { senderConstrained } }: Settings): string {
  // In another terminal, which knows nothing of this one's environment.
  const elsewhere = process.env['DATA_DIR'] === undefined ? '' : `DATA_DIR='${directory.replaceAll("'", "'\\''")}' `
  const token = `${elsewhere}npx mianzheng token approval-window${url === exchangeUrl(loadSettings({})) ? '' : ` --url ${url}`}`
  const curl = senderConstrained === 'required' // docs/decisions/0090-departments-prove-their-key.md
    ? `${token} --dpop "POST /v1/verifications" | curl -H @- \\`
    : `curl -H "Authorization: Bearer $(${token})" \\`
  const first = sample
    ? `
第一次核验 First verdict（样例几秒后就绪 samples are there within seconds）：
  ${curl}
       -F file=@${join(directory, 'samples', 'business-licence.ofd')} ${url}/v1/verifications
  npx mianzheng verify ${join(directory, 'samples', 'business-licence.ofd')} --trust ${join(directory, 'trust')}
`
    : ''
  return `免证 Mianzheng  ${url}   数据目录 data: ${directory}   接口 API: ${url}/openapi.json\n${first}\n`
}
