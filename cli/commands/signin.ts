import { randomUUID } from 'node:crypto'
import { Command } from 'commander'
import { loadSettings } from '../../config/settings.js'
import { KeyLayout, readClients, readSigningKey } from '../../keys/index.js'
import { signCompact } from '../../platform/crypto/index.js'
import { systemClock, type Clock } from '../../services/core/clock.js'
import { Failure } from '../../services/core/failure.js'
import { told } from '../../services/core/words.js'
import { TICKET_TYPE } from '../../services/identity/index.js'
import { exchangeUrl, URL_OPTION } from '../url.js'

interface Options { url?: string, person?: string, number?: string }

const TICKET_SECONDS = 300
/** Made-up people of the sample province, by their system; a department's own clerk has the last name. */
const NAMES: Record<string, string> = { 'approval-window': '李明', auditor: '赵敏', operator: '孙立' }

/** `mianzheng signin CLIENT`: a link that signs a person in at the console, once, on standard output and nothing else. */
export function signinCommand (): Command {
  return new Command('signin')
    .description('打印网页控制台的一次性登录链接  Print a one-time link that signs a person in at the console')
    .argument('<CLIENT>', '替谁登录：approval-window、auditor、operator，或部门代号  whose person: approval-window, auditor, operator, or a department')
    .option('--person <NAME>', '姓名  the person\'s name')
    .option('--number <ID>', '工号  the staff number')
    .option(...URL_OPTION)
    .action((clientId: string, options: Options) => { process.stdout.write(`${signInLink({ clientId, ...options })}\n`) })
}

/** @throws {Failure} NOT_FOUND there is no such client among the keys of this data directory */
function signInLink ({ clientId, url, person, number }: Options & { clientId: string }): string {
  const settings = loadSettings(process.env)
  const { directory } = settings.data
  const client = readClients(directory).find(({ id }) => id === clientId)
  if (client === undefined || client.roles.includes('console')) {
    const known = readClients(directory).filter(({ roles }) => !roles.includes('console')).map(({ id }) => id).sort().join(', ')
    throw new Failure('NOT_FOUND', known === '' ? told('还没有任何客户端：请先 npm start', 'there is no client yet: npm start first') : `${told('没有这个客户端，有', 'there is no client of that name; there are')}: ${known}`)
  }
  const ticket = signInTicket({
    directory, issuer: settings.identity.issuer, client, clock: systemClock, id: number ?? `${clientId}-01`, name: person ?? NAMES[clientId] ?? '王芳'
  })
  return `${url ?? exchangeUrl(settings)}/signin?ticket=${ticket}`
}

/** What an organisation's own system says of its person. @see RFC 7523 */
export function signInTicket ({ directory, issuer, client, clock, id, name }: {
  directory: string, issuer: string, client: { id: string, roles: readonly string[] }, clock: Clock, id: string, name: string
}): string {
  const iat = Math.floor(clock.now().getTime() / 1000)
  const claims = { iss: client.id, sub: id, name, roles: client.roles, aud: issuer, iat, exp: iat + TICKET_SECONDS, jti: randomUUID() }
  return signCompact(Buffer.from(JSON.stringify(claims)), readSigningKey(new KeyLayout(directory).client(client.id).key), { typ: TICKET_TYPE })
}
