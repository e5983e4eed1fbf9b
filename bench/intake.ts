import { generateKeyPairSync, sign, verify } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { signDetached } from '../platform/crypto/index.js'
import { openEmbeddedDocuments } from '../platform/documents/embedded/index.js'
import { openEmbeddedEventLog } from '../platform/event-log/embedded/index.js'
import { loadSchemas, validators } from '../platform/http/schemas.js'
import { openDatabase } from '../platform/sqlite/database.js'
import { systemClock } from '../services/core/clock.js'
import { licenceId } from '../services/core/identifiers.js'
import { projectRoot } from '../services/core/project-root.js'
import { createIntake, DEFAULT_LIMITS } from '../services/intake/index.js'
import { median, type Suite } from './measure.js'

const SOURCE = '11990000YYYY01015Y'
const TYPE = '11990000YYYY010074002'
const ROUNDS = 5
const EVENTS = 2000
const BATCH = 250

/** Signed events per second from handing in to `trusted`, beside the engine appending bare batches and Node verifying signatures. */
export const intake: Suite = async () => {
  const dir = mkdtempSync(join(tmpdir(), 'bench-intake-'))
  const database = await openDatabase({ file: join(dir, 'bench.db') })
  const eventLog = await openEmbeddedEventLog(database, { clock: systemClock })
  const documents = await openEmbeddedDocuments(database)
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const service = await createIntake({
    eventLog,
    documents,
    clock: systemClock,
    validate: validators(loadSchemas(join(projectRoot(), 'schemas'))),
    partitions: 1,
    limits: DEFAULT_LIMITS,
    keyFor: async () => ({ key: publicKey, algorithm: 'EdDSA', valid: true }),
    mayIssue: async () => true
  })
  await eventLog.createTopic('bare', { partitions: 1 })
  service.start()

  const times = { intake: [] as number[], append: [] as number[], verify: [] as number[] }
  for (let round = 0; round <= ROUNDS; round++) {
    const events = Array.from({ length: EVENTS }, (_, index) => {
      const value = event(round * EVENTS + index + 1)
      return { value, signature: signDetached(value, { key: privateKey, kid: 'bench', algorithm: 'EdDSA' }), bare: sign(null, value, privateKey) }
    })
    const batches = Array.from({ length: EVENTS / BATCH }, (_, index) => events.slice(index * BATCH, (index + 1) * BATCH))
    const ms = {
      intake: await timed(async () => {
        for (const batch of batches) await service.receive(batch, SOURCE)
        await service.idle()
      }),
      append: await timed(async () => { for (const batch of batches) await eventLog.append('bare', batch.map(({ value, signature }) => ({ key: SOURCE, value, headers: { signature } }))) }),
      verify: await timed(async () => { for (const { value, bare } of events) if (!verify(null, value, publicKey, bare)) throw new Error('a signature of ours does not verify') })
    }
    if (round > 0) for (const name of ['intake', 'append', 'verify'] as const) times[name].push(ms[name])
  }
  const { accepted, refused } = service.counts()
  if (accepted !== EVENTS * (ROUNDS + 1) || refused > 0) throw new Error(`${accepted} accepted, ${refused} refused`)
  await service.stop()
  await eventLog.close()
  await documents.close()
  await database.close()
  rmSync(dir, { recursive: true })

  const rate = (name: keyof typeof times): number => EVENTS / median(times[name]) * 1000
  const slower = rate('append') < rate('verify') ? 'append' as const : 'verify' as const
  return [{
    work: 'intake: signed and checked events',
    ours: rate('intake'),
    unit: 'events/s',
    beside: slower === 'append' ? 'the same engine appending bare batches' : 'Node verifying Ed25519',
    theirs: rate(slower),
    figure: rate('intake') / rate(slower),
    aim: { atLeast: 0.5 }
  }]
}

async function timed (work: () => Promise<void>): Promise<number> {
  const start = process.hrtime.bigint()
  await work()
  return Number(process.hrtime.bigint() - start) / 1e6
}

function event (sequence: number): Buffer {
  const id = licenceId({ type: TYPE, issuer: SOURCE, serial: String(sequence).padStart(10, '0'), version: '001' })
  return Buffer.from(JSON.stringify({
    specversion: '1.0',
    id: `bench-${sequence}`,
    source: `urn:uscc:${SOURCE}`,
    type: 'licence.issued.v1',
    subject: id,
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    sequence,
    data: {
      licenceId: id,
      licenceType: TYPE,
      licenceTypeName: '食品经营许可证',
      number: `JY${sequence}`,
      issuer: { uscc: SOURCE, name: '示例省市场监督管理局' },
      holder: { name: '示例面馆', code: '92990106MAYYY0021M', codeType: '001' },
      issuedOn: '2026-03-02',
      validFrom: '2026-03-02',
      validUntil: '2031-03-01',
      region: '990000',
      effectiveAt: '2026-03-02T01:00:00.000Z',
      file: { sha256: 'a1'.repeat(32), sm3: 'b2'.repeat(32), size: 40960, mediaType: 'application/ofd' },
      face: { 主体业态: '餐饮服务经营者', 经营项目: '热食类食品制售，冷食类食品制售' }
    }
  }))
}
