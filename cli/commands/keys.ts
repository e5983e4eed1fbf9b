import { readFileSync } from 'node:fs'
import { Command, Option } from 'commander'
import { loadSettings } from '../../config/settings.js'
import { importKey, refreshCrls, revokeSeal, SERVICE_KEYS, type ServiceKey } from '../../keys/index.js'
import { parseInstant, systemClock } from '../../services/core/clock.js'
import { Failure } from '../../services/core/failure.js'
import { FAULT } from '../../services/core/violations.js'
import { told } from '../../services/core/words.js'
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
      if (instant === undefined) throw new Failure('INPUT_INVALID', `--at: ${FAULT.notInstant}`)
      const revoked = revokeSeal(loadSettings(process.env).data.directory, id, { at: instant, clock: systemClock })
      process.stdout.write(revoked ? `已吊销 ${id}  revoked\n` : `${id} 早已吊销，时间不变  it was revoked before; the first instant stands\n`)
    })
  command.command('import')
    .description('带入外部密钥：PEM、PKCS#8、PKCS#12（RSA）；口令从环境变量 MIANZHENG_KEY_PASSPHRASE 读取  Bring a key from outside; the passphrase comes from the environment')
    .argument('<FILE>', '密钥文件  the key file')
    .addOption(new Option('--for <KIND>', '用途  what it is for').choices(['client', 'events', 'seal', 'service']).makeOptionMandatory())
    .requiredOption('--id <ID>', '客户端或部门代号；service 时为 log、receipt、token、list  client or department; of the service: log, receipt, token, list')
    .option('--certificate <FILE>', '印章密钥的证书  the certificate of a seal\'s key')
    .option('--seal <FILE>', '印章（SESeal）  the seal')
    .option('--replace', '替换现有密钥  in the place of the one that stands there')
    .option('--old-until <INSTANT>', '旧密钥有效至（UTC）  until when the old one still counts')
    .action((file: string, options: ImportCommand) => { importFile(file, options) })
  return command
}

interface ImportCommand { for: 'client' | 'events' | 'seal' | 'service', id: string, certificate?: string, seal?: string, replace?: boolean, oldUntil?: string }

function importFile (file: string, { for: kind, id, certificate, seal, replace, oldUntil }: ImportCommand): void {
  const { MIANZHENG_KEY_PASSPHRASE: passphrase, ...environment } = process.env
  const service = SERVICE_KEYS.find(name => name === id)
  if (kind === 'service' && service === undefined) throw new Failure('NOT_FOUND', `--id: ${told('应为其中之一', 'one of')}: ${SERVICE_KEYS.join(', ')}`)
  const oldKeyUntil = oldUntil === undefined ? undefined : parseInstant(oldUntil)
  if (oldUntil !== undefined && oldKeyUntil === undefined) throw new Failure('INPUT_INVALID', `--old-until: ${FAULT.notInstant}`)
  const taken = importKey({
    dataDir: loadSettings(environment).data.directory,
    target: kind === 'service' ? { kind, name: service as ServiceKey } : { kind, id },
    key: read(file),
    clock: systemClock,
    ...(passphrase === undefined ? {} : { passphrase }),
    ...(certificate === undefined ? {} : { certificate: read(certificate) }),
    ...(seal === undefined ? {} : { seal: read(seal) }),
    ...(replace === undefined ? {} : { replace }),
    ...(oldKeyUntil === undefined ? {} : { oldKeyUntil })
  })
  process.stdout.write(taken ? '密钥已带入；运行中的服务会在下次重读时采用  taken in; a running exchange takes it up when it reads its keys again\n' : '同一密钥已在  this very key stands there already\n')
}

function read (file: string): Buffer {
  try { return readFileSync(file) } catch (cause) { throw new Failure('NOT_FOUND', `${file}: ${told('读不出来', 'cannot be read')}`, { cause }) }
}
