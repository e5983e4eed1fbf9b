import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { consoleRoutes, type ApiRequest, type CodeWords, type KeptSession, type NamedFile, type SendToApi } from '../../console/index.js'
import type { Settings } from '../../config/settings.js'
import { senderProof } from '../../connectors/sdk/proof.js'
import { KeyLayout, readSigningKey } from '../../keys/index.js'
import { signCompact } from '../../platform/crypto/index.js'
import type { Documents } from '../../platform/documents/port.js'
import { failureOf, STATUS } from '../../platform/http/problem.js'
import type { Clock } from '../core/clock.js'
import { FAILURES } from '../core/failure.js'
import { projectRoot } from '../core/project-root.js'
import { FAILURE_WORDS, type Words } from '../core/words.js'
import { REASONS as EXEMPTION_REASONS } from '../exemptions/index.js'
import { REASONS } from '../intake/index.js'
import { REGISTER_REASONS } from '../licences/index.js'
import { FINDINGS } from '../verification/index.js'

const CLIENT = 'console'
/** Where the console finds the API of its own process: a name that no address of the outside has. */
const HERE = 'console.invalid'
const ASSERTION_SECONDS = 60

/**
 * The pages, over the API of the same process: through its router and all its checks, as a request from outside would come.
 * Without keys of the client `console` in the data directory there are none.
 */
export async function openConsole (app: FastifyInstance, { settings, documents, clock, development }: {
  settings: Settings, documents: Documents, clock: Clock, development: boolean
}): Promise<boolean> {
  const { key: keyFile } = new KeyLayout(settings.data.directory).client(CLIENT)
  if (!existsSync(keyFile)) return false
  const key = readSigningKey(keyFile)
  const { issuer } = settings.identity
  await app.register(consoleRoutes, {
    send: sendHere(app),
    credentials: {
      assertion: () => {
        const iat = Math.floor(clock.now().getTime() / 1000)
        return signCompact(Buffer.from(JSON.stringify({ iss: CLIENT, sub: CLIENT, aud: issuer, iat, exp: iat + ASSERTION_SECONDS, jti: randomUUID() })), key, { typ: 'JWT' })
      },
      proof: ({ method, path, token }) => senderProof({ key, method, url: `http://${HERE}${path}`, at: clock.now(), id: randomUUID(), ...(token === undefined ? {} : { token }) })
    },
    sessions: await documents.collection<KeptSession>('console-sessions', { indexes: { until: { on: ['until'] } } }),
    fileNames: await documents.collection<NamedFile>('console-file-names', { indexes: { until: { on: ['until'] } } }),
    codes: codeWords,
    explain: error => {
      const { code } = failureOf(error)
      return { code, status: STATUS[code], retryable: FAILURES[code].retryable }
    },
    clock,
    newId: randomUUID,
    allow: app.allow,
    development,
    settings: { ...settings.console, fileBytes: settings.verification.fileBytes },
    assetsDir: join(projectRoot(), 'console', 'assets')
  })
  return true
}

function sendHere (app: FastifyInstance): SendToApi {
  return async ({ method, path, headers, body, address }: ApiRequest) => {
    const response = await app.inject({
      method, url: path, headers: { ...headers, host: HERE }, remoteAddress: address, ...(body === undefined ? {} : { payload: typeof body === 'string' ? body : Buffer.from(body) })
    })
    return { status: response.statusCode, contentType: String(response.headers['content-type'] ?? ''), body: response.rawPayload }
  }
}

/** Every code that a page may have to explain. What several say is told by who says it first here: findings are for clerks. */
const ALL: Array<Record<string, Words>> = [FINDINGS, EXEMPTION_REASONS, REASONS, REGISTER_REASONS, FAILURE_WORDS]
export const codeWords: CodeWords = code => ALL.find(words => Object.hasOwn(words, code))?.[code]
