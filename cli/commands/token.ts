import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import { loadSettings } from '../../config/settings.js'
import { KeyLayout } from '../../keys/index.js'
import { Failure } from '../../services/core/failure.js'
import { clientOf } from '../department.js'
import { EXIT } from '../exit.js'
import { exchangeUrl } from '../url.js'

interface Options { url?: string, dpop?: string }

/** `mianzheng token CLIENT`: an access token of a development client, on standard output and nothing else. */
export function tokenCommand (): Command {
  return new Command('token')
    .description('换取开发客户端的访问令牌  Print an access token of a development client')
    .argument('<CLIENT>', '客户端：approval-window、county-window、catalogue-manager、auditor、operator，或部门代号（如 market）  one of these, or a department such as market')
    .option('--url <URL>', '交换平台地址，默认本机  where the exchange stands, this machine unless given')
    .option('--dpop <"METHOD PATH">', '改为输出绑定密钥的请求头，只供这一次请求：curl -H @-  print the headers of one request instead, bound to the key: curl -H @-')
    .action(async (clientId: string, options: Options, command: Command) => { await token(clientId, options, command) })
}

async function token (clientId: string, { url, dpop }: Options, command: Command): Promise<void> {
  const settings = loadSettings(process.env)
  const layout = new KeyLayout(settings.data.directory)
  if (!/^[a-z0-9-]+$/.test(clientId) || !existsSync(layout.client(clientId).key)) {
    const folder = join(layout.keys, 'clients')
    const known = existsSync(folder) ? readdirSync(folder).sort().join(', ') : 'none; run npm start first'
    throw new Failure('NOT_FOUND', `${folder} holds no client of that name; there are: ${known}`)
  }
  const client = clientOf({ settings, url: url ?? exchangeUrl(settings), clientId, attempts: 3 }) // somebody sits there and waits
  if (dpop !== undefined) {
    const [, method, path] = /^([A-Z]{1,16}) (\/\S*)$/.exec(dpop) ?? []
    if (method === undefined || path === undefined) command.error('请写成 --dpop "POST /v1/verifications"  write it like this', { exitCode: EXIT.usage })
    const { authorization, dpop: proof } = await client.authorize(method as string, path as string)
    process.stdout.write(`Authorization: ${authorization}\nDPoP: ${proof}\n`)
    return
  }
  try {
    process.stdout.write(`${await client.token()}\n`)
  } catch (error) {
    if (!(error instanceof Failure && error.code === 'SENDER_PROOF_REQUIRED')) throw error
    throw new Failure('SENDER_PROOF_REQUIRED', `this exchange binds each token to a key; for one request:\n  mianzheng token ${clientId} --dpop "POST /v1/verifications" | curl -H @- -F file=@FILE ${url ?? exchangeUrl(settings)}/v1/verifications`, { cause: error })
  }
}
