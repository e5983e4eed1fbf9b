import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { senderProof } from '../../../connectors/sdk/index.js'
import { readSigningKey } from '../../../keys/index.js'
import { keyThumbprint, signCompact } from '../../../platform/crypto/index.js'
import type { AccessRecordV2 } from '../../../schemas/documents/access-record.v2.js'
import type { FailureCode } from '../../../services/core/failure.js'
import { FAILURE_WORDS } from '../../../services/core/words.js'
import type { Answer, Stage } from '../stage.js'
import { expect, expectSame, type Story } from '../story.js'

export interface Problem { code?: FailureCode, title?: string }

/** @returns what the caller is told */
export function expectRefused ({ status, body }: Answer<Problem>, wanted: number, code: FailureCode): string {
  expectSame([status, body.code], [wanted, code], 'status and code')
  return `${status} ${FAILURE_WORDS[code].zh}  [${code}]`
}

/** Who calls: tokens that were stolen, assertions that were overheard, and a denial that stands in the records. */
export async function accessScene (stage: Stage, story: Story): Promise<void> {
  story.scene({ zh: '谁在调用', en: 'Who is calling' })
  const path = `/v1/licences?holder=${stage.province.definer.uscc}&purpose=demo&case=DEMO-1`
  await story.step({ zh: '偷来的令牌：没有持有者的密钥', en: 'A stolen token, without its holder\'s key' }, async () => {
    const { authorization, dpop } = await stage.client('approval-window').authorize('GET', path)
    const token = authorization.replace('DPoP ', '')
    const { privateKey } = generateKeyPairSync('ed25519')
    const thief = { key: privateKey, kid: keyThumbprint(privateKey), algorithm: 'EdDSA' as const }
    const proof = senderProof({ key: thief, method: 'GET', url: new URL(path, stage.url).href, at: new Date(), id: randomUUID(), token })
    const ask = async (headers: Record<string, string>): Promise<Answer<Problem>> => await stage.send<Problem>('GET', path, { headers })
    const seen = [
      `当普通令牌用：${expectRefused(await ask({ authorization: `Bearer ${token}` }), 401, 'SENDER_PROOF_REQUIRED')}`,
      `配上自己的密钥：${expectRefused(await ask({ authorization, dpop: proof }), 401, 'SENDER_PROOF_INVALID')}`
    ]
    expectSame((await ask({ authorization, dpop })).status, 200, 'the holder itself')
    return [...seen, `连证明一起截获再发：${expectRefused(await ask({ authorization, dpop }), 401, 'SENDER_PROOF_REPLAYED')}`]
  })
  await story.step({ zh: '截获的客户端断言再用一次', en: 'A client assertion used a second time' }, async () => {
    const key = readSigningKey(stage.layout.client('approval-window').key)
    const iat = Math.floor(Date.now() / 1000)
    const claims = { iss: 'approval-window', sub: 'approval-window', aud: stage.settings.identity.issuer, jti: randomUUID(), iat, exp: iat + 60 }
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: signCompact(Buffer.from(JSON.stringify(claims)), key, { typ: 'JWT' })
    }).toString()
    const ask = async (): Promise<Answer<Problem>> => await stage.send<Problem>('POST', '/v1/tokens', {
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        dpop: senderProof({ key, method: 'POST', url: new URL('/v1/tokens', stage.url).href, at: new Date(), id: randomUUID() })
      },
      body: form
    })
    expectSame((await ask()).status, 200, 'the first time')
    return expectRefused(await ask(), 401, 'ASSERTION_REPLAYED')
  })
  await story.step({ zh: '提供部门想看访问记录：拒绝，拒绝本身也入记录', en: 'A provider asks for the audit records: denied, and the denial is recorded' }, async () => {
    const asked = new Date().toISOString()
    const seen = expectRefused(await stage.call<Problem>('market', 'GET', '/v1/audit/records'), 403, 'SCOPE_MISSING')
    const found = (await recordsSince(stage, asked)).filter(({ client, code, route }) => client === 'market' && code === 'SCOPE_MISSING' && route === '/v1/audit/records')
    expect(found.length === 1, `the auditor finds ${found.length} records of it`)
    const [{ at, status }] = found as [AccessRecordV2]
    return [seen, `审计员看到：${at.slice(0, 19)}Z  market  GET /v1/audit/records  ${status} SCOPE_MISSING`]
  })
}

/** What the auditor reads, page by page. */
export async function recordsSince (stage: Stage, at: string): Promise<AccessRecordV2[]> {
  const found: AccessRecordV2[] = []
  for (let from = 0, end = 1; from < end;) {
    const { status, body } = await stage.call<{ items: Array<{ record: AccessRecordV2 }>, next: number, end: number }>('auditor', 'GET', `/v1/audit/records?from=${from}&limit=1000`)
    expectSame(status, 200, 'the answer to the auditor')
    if (body.items.length === 0) break
    found.push(...body.items.map(({ record }) => record).filter(record => record.at >= at))
    from = body.next
    end = body.end
  }
  return found
}
