import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import { loadSettings } from '../../config/settings.js'
import { KeyLayout } from '../../keys/index.js'
import { Failure } from '../../services/core/failure.js'
import { told } from '../../services/core/words.js'
import { clientOf } from '../department.js'
import { tellingExchange } from '../exchange-news.js'
import { EXIT } from '../exit.js'
import { exchangeUrl, URL_OPTION } from '../url.js'

interface Options { url?: string, dpop?: string }

/** `mianzheng token CLIENT`: an access token of a development client, on standard output and nothing else. */
export function tokenCommand (): Command {
  return new Command('token')
    .description('换取开发客户端的访问令牌  Print an access token of a development client')
    .argument('<CLIENT>', '客户端：approval-window、county-window、catalogue-manager、auditor、operator，或部门代号（如 market）  one of these, or a department such as market')
    .option(...URL_OPTION)
    .option('--dpop <"METHOD PATH">', '改为输出绑定密钥的请求头，只供这一次请求：curl -H @-  print the headers of one request instead, bound to the key: curl -H @-')
    .action(async (clientId: string, options: Options, command: Command) => { await token(clientId, options, command) })
}

async function token (clientId: string, { url, dpop }: Options, command: Command): Promise<void> {
  const settings = loadSettings(process.env)
  const layout = new KeyLayout(settings.data.directory)
  if (!/^[a-z0-9-]+$/.test(clientId) || !existsSync(layout.client(clientId).key)) {
    const folder = join(layout.keys, 'clients')
    throw new Failure('NOT_FOUND', existsSync(folder)
      ? `${folder}: ${told('没有这个客户端，有', 'holds no client of that name; there are')}: ${readdirSync(folder).sort().join(', ')}`
      : `${folder}: ${told('还没有：先 npm start，或用 DATA_DIR 指明它的数据目录', 'is not there: npm start first, or say with DATA_DIR where its data stand')}`)
  }
  const exchange = url ?? exchangeUrl(settings)
  const onNews = tellingExchange(exchange, line => { process.stderr.write(line) })
  const client = clientOf({ settings, url: exchange, clientId, attempts: 3, onNews }) // somebody sits there and waits
  if (dpop !== undefined) {
    const [, method, path] = /^([A-Z]{1,16}) (\/\S*)$/.exec(dpop) ?? []
    if (method === undefined || path === undefined) command.error('请写成 --dpop "POST /v1/verifications"  write it like this', { exitCode: EXIT.usage })
    const { authorization, dpop: proof } = await client.authorize(method as string, path as string).catch((error: unknown) => {
      throw error instanceof Failure ? withHint(error, layout.keys) : error
    })
    process.stdout.write(`Authorization: ${authorization}\nDPoP: ${proof}\n`)
    return
  }
  try {
    process.stdout.write(`${await client.token()}\n`)
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    if (error.code !== 'SENDER_PROOF_REQUIRED') throw withHint(error, layout.keys)
    throw new Failure('SENDER_PROOF_REQUIRED', `${told('平台的令牌都绑定密钥；单个请求可以这样发', 'this exchange binds each token to a key; for one request')}:\n  mianzheng token ${clientId} --dpop "POST /v1/verifications" | curl -H @- -F file=@FILE ${exchange}/v1/verifications`, { cause: error })
  }
}

/** What a newcomer most likely has to do about it. */
function withHint (cause: Failure, keys: string): Failure {
  const { code, message } = cause
  switch (code) {
    case 'EXCHANGE_UNAVAILABLE': return new Failure(code, `${message}\n  没有启动的，另开一个终端 npm start；在别的端口或机器上的，加 --url http://127.0.0.1:端口\n  not started: npm start in another terminal; on another port or machine: add --url http://127.0.0.1:PORT`, { cause })
    case 'EXCHANGE_REFUSED': return new Failure(code, `${message}\n  所用密钥在 ${keys}；平台若以另一个 DATA_DIR 启动，请设成同一个\n  the keys are those of ${keys}; where the exchange was started with another DATA_DIR, set the same one`, { cause })
    default: return cause
  }
}
