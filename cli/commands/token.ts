import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import { loadSettings } from '../../config/settings.js'
import { KeyLayout } from '../../keys/index.js'
import { Failure } from '../../services/core/failure.js'
import { clientOf } from '../department.js'
import { exchangeUrl } from '../url.js'

/** `mianzheng token CLIENT`: an access token of a development client, on standard output and nothing else. */
export function tokenCommand (): Command {
  return new Command('token')
    .description('换取开发客户端的访问令牌  Print an access token of a development client')
    .argument('<CLIENT>', '客户端：approval-window、auditor、operator，或部门代号  approval-window, auditor, operator, or a department')
    .option('--url <URL>', '交换平台地址，默认本机  where the exchange stands, this machine unless given')
    .action(async (clientId: string, { url }: { url?: string }) => {
      const settings = loadSettings(process.env)
      const layout = new KeyLayout(settings.data.directory)
      if (!/^[a-z0-9-]+$/.test(clientId) || !existsSync(layout.client(clientId).key)) {
        const folder = join(layout.keys, 'clients')
        const known = existsSync(folder) ? readdirSync(folder).sort().join(', ') : 'none; run npm start first'
        throw new Failure('NOT_FOUND', `${folder} holds no client of that name; there are: ${known}`)
      }
      process.stdout.write(`${await clientOf({ settings, url: url ?? exchangeUrl(settings), clientId }).token()}\n`)
    })
}
