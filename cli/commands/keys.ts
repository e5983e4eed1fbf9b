import { Command } from 'commander'
import { loadSettings } from '../../config/settings.js'
import { refreshCrls, revokeSeal } from '../../keys/index.js'
import { parseInstant, systemClock } from '../../services/core/clock.js'
import { Failure } from '../../services/core/failure.js'
import { makeAuthority } from '../sample.js'

/** `mianzheng keys …`: the development authority in DATA_DIR. */
export function keysCommand (): Command {
  const command = new Command('keys').description('开发用的证书机构、印章和密钥（不得用于生产）  The development authority: never for production')
  command.command('init')
    .description('建立或补全：根证书、印章、名单、客户端密钥  Make what is missing: root, seals, lists, client keys')
    .action(async () => {
      const settings = loadSettings(process.env)
      const { made, kept } = await makeAuthority({ settings, clock: systemClock })
      process.stdout.write(`${settings.data.directory}：新建 ${made.length} 个文件，保留 ${kept} 个  made ${made.length} files, kept ${kept}\n`)
    })
  command.command('refresh')
    .description('重新签发过半有效期的吊销列表  Sign lists of revoked certificates anew that are past half of their life')
    .action(() => {
      const signed = refreshCrls(loadSettings(process.env).data.directory, systemClock)
      process.stdout.write(signed.length === 0 ? '吊销列表都还新  all lists are fresh\n' : `已重签：${signed.join('、')}  signed anew\n`)
    })
  command.command('revoke')
    .description('吊销一枚印章的证书  Revoke the certificate of a seal')
    .argument('<SEAL>', '部门代号或演示印章代号  id of a department or of a seal for the demonstration')
    .option('--at <INSTANT>', '自何时起无效（UTC），默认现在  from when on it does not count, now unless given')
    .action((id: string, { at }: { at?: string }) => {
      const instant = at === undefined ? systemClock.now() : parseInstant(at)
      if (instant === undefined) throw new Failure('INPUT_INVALID', '--at: an instant in UTC, such as 2026-01-31T08:00:00Z')
      const revoked = revokeSeal(loadSettings(process.env).data.directory, id, { at: instant, clock: systemClock })
      process.stdout.write(revoked ? `已吊销 ${id}  revoked\n` : `${id} 早已吊销，时间不变  it was revoked before; the first instant stands\n`)
    })
  return command
}
