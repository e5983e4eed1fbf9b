import { generateKeyPairSync } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { ISSUING_LIMITS, openIssuing, type IssuingOptions, type Outbox, type RegisterLine } from '../../../connectors/issuing/connector.js'
import { linesOfRows, linesOfSource } from '../../../connectors/issuing/source-lines.js'
import { recordOfRow, REGISTER_COLUMNS, type RegisterRow } from '../../../connectors/register-row.js'
import { openPublisher, type Exchange, type Publisher, type Source } from '../../../connectors/sdk/index.js'
import { digest } from '../../../platform/crypto/index.js'
import { loadSchemas, validators } from '../../../platform/http/schemas.js'
import { fixedClock } from '../../../services/core/clock.js'
import type { Event } from '../../../services/core/event.js'
import { projectRoot } from '../../../services/core/project-root.js'
import { told } from '../../../services/core/words.js'
import { OFD_LIMITS } from '../../../services/verification/ofd/limits.js'
import { readOfd } from '../../../services/verification/ofd/read.js'
import { ISSUER, sampleAuthority, SIGNED_AT } from '../../support/sample-licence.js'

type LicenceEvent = Event<Record<string, never> & { licenceId: string, effectiveAt: string, file?: { sha256: string, sm3: string, size: number }, replaces?: string, replacedBy?: string }>

const { privateKey } = generateKeyPairSync('ed25519')
const key = { key: privateKey, kid: 'sample', algorithm: 'EdDSA' as const }
const check = validators(loadSchemas(join(projectRoot(), 'schemas')))
const TYPE = '11990000YYYY010074002'

function row (serial: string, changes: Partial<RegisterRow> = {}): RegisterRow {
  return {
    licenceType: TYPE,
    licenceTypeName: '食品经营许可证',
    number: `JY${serial}`,
    holder: { name: '示例面馆', code: '92990106MAYYY0021M', codeType: '001' },
    issuedOn: '2026-03-02',
    validFrom: '2026-03-02',
    validUntil: '2031-03-01',
    region: '990106',
    face: { 主体业态: '餐饮服务经营者' },
    serial,
    ...changes
  }
}
const rows = (count: number): RegisterRow[] => Array.from({ length: count }, (_, i) => row(`2026${i}`))

/** A department: its folders, and an exchange that keeps what it is sent. */
function department (dir: string) {
  const sent: LicenceEvent[] = []
  const exchange: Pick<Exchange, 'send'> = {
    send: async batch => {
      for (const { event } of batch) sent.push(JSON.parse(Buffer.from(event, 'base64url').toString()) as LicenceEvent)
      return 'acknowledged'
    }
  }
  const clock = fixedClock(SIGNED_AT)
  const open = async (changes: Partial<IssuingOptions> = {}, wrap: (outbox: Publisher) => Outbox = outbox => outbox) => {
    const publisher = await openPublisher({ source: `urn:uscc:${ISSUER.uscc}`, key, dir: join(dir, 'outbox'), exchange, clock })
    try {
      const { signer } = await sampleAuthority()
      const connector = await openIssuing({ issuer: ISSUER, signer, outbox: wrap(publisher), dir: join(dir, 'issuing'), clock, ...changes })
      return { connector, publisher }
    } catch (error) { await publisher.close(); throw error }
  }
  /** Opens, goes through these rows, closes. */
  const run = async (lines: Iterable<RegisterRow | RegisterLine>, changes: Partial<IssuingOptions> = {}, wrap?: (outbox: Publisher) => Outbox, confirmed?: string) => {
    const { connector, publisher } = await open(changes, wrap)
    try {
      return await connector.run([...lines].map((one, i) => 'record' in one ? one : { at: `row ${i + 1}`, record: recordOfRow(one) }), confirmed)
    } finally { await publisher.close() }
  }
  const said = (from = 0) => sent.slice(from).map(({ type, subject }) => `${type.split('.')[1]} ${subject.split('.').slice(7, 9).join('.')}`)
  const files = () => existsSync(join(dir, 'issuing/licences'))
    ? readdirSync(join(dir, 'issuing/licences'), { recursive: true, withFileTypes: true }).filter(entry => entry.isFile()).map(({ name }) => name)
    : []
  const rejects = () => readFileSync(join(dir, 'issuing/rejects.jsonl'), 'utf8').split('\n').filter(Boolean)
    .map(line => JSON.parse(line) as { at: string, code: string, violations: Array<{ pointer: string }> })
  return { dir, sent, clock, open, run, said, files, rejects }
}

t.test('each row becomes a sealed licence and an event that names its file', async t => {
  const { run, sent, dir, open } = department(t.testdir())
  t.same(await run(rows(3)), { issued: 3, replaced: 0, stateChanges: 0, unchanged: 0, rejected: 0 })
  t.equal(sent.length, 3)
  const { connector, publisher } = await open()
  t.teardown(async () => { await publisher.close() })
  for (const [i, event] of sent.entries()) {
    t.same(check('https://mianzheng.example/schemas/events/licence-issued.v1.json')(event), [])
    t.equal(event.sequence, i + 1)
    const { file, licenceId, effectiveAt } = event.data
    t.equal(effectiveAt, '2026-03-01T16:00:00.000Z', 'the day of issue begins in China')
    const bytes = await connector.files.read(file?.sha256 as string)
    t.equal(bytes.length, file?.size)
    t.equal(digest('sm3', bytes).toString('hex'), file?.sm3)
    const read = readOfd(bytes, OFD_LIMITS)
    t.equal('package' in read && read.package.documents[0]?.customDatas.get('ZZBS'), licenceId)
  }
  t.ok(existsSync(join(dir, 'issuing/licences')))
})

t.test('a row that says what it said before says nothing', async t => {
  const { run, sent, files } = department(t.testdir())
  await run(rows(3))
  t.same(await run(rows(3)), { issued: 0, replaced: 0, stateChanges: 0, unchanged: 3, rejected: 0 })
  t.equal(sent.length, 3)
  t.equal(files().length, 3)
})

t.test('a row that changed becomes a new version, which replaces the one before from now, or from its own day of issue', async t => {
  const { run, said, sent, clock } = department(t.testdir())
  await run(rows(2))
  clock.set('2026-05-01T03:00:00Z')
  t.match(await run([row('20260', { face: { 主体业态: '单位食堂' } }), row('20261', { issuedOn: '2026-04-30' })]), { issued: 2, replaced: 2, stateChanges: 0 })
  t.same(said(2), ['issued 20260.002', 'replaced 20260.001', 'issued 20261.002', 'replaced 20261.001'])
  const [issued, replaced, later] = sent.slice(2)
  t.equal(issued?.data.replaces, sent[0]?.subject)
  t.equal(replaced?.data.replacedBy, issued?.subject)
  t.same([issued?.data.effectiveAt, replaced?.data.effectiveAt], ['2026-05-01T03:00:00.000Z', '2026-05-01T03:00:00.000Z'])
  t.equal(later?.data.effectiveAt, '2026-04-29T16:00:00.000Z')
  t.same(check('https://mianzheng.example/schemas/events/licence-replaced.v1.json')(replaced), [])
})

t.test('states of the register are told as they change, each with its day and reason', async t => {
  const { run, said, sent, clock } = department(t.testdir())
  clock.set('2026-06-01T00:00:00Z')
  const suspended = { changed: { to: 'suspended', on: '2026-04-01', reason: '停业整顿' } } as const
  const revoked = { changed: { to: 'revoked', on: '2026-05-01', reason: '严重违法' } } as const
  await run([row('1', suspended)])
  t.same(said(), ['issued 1.001', 'suspended 1.001'], 'a register may hold a suspended licence from the first')
  t.match(await run([row('1', suspended)]), { unchanged: 1 })
  t.match(await run([row('1')]), { issued: 0, stateChanges: 1 })
  t.match(await run([row('1', revoked)]), { stateChanges: 1 })
  t.same(said(2), ['restored 1.001', 'revoked 1.001'])
  t.equal(sent[3]?.data.effectiveAt, '2026-04-30T16:00:00.000Z')
  for (const event of sent) t.same(check(`https://mianzheng.example/schemas/events/${event.type.replace('.v1', '').replace('.', '-')}.v1.json`)(event), [], event.type)
})

t.test('a new version of a suspended licence is suspended from its first instant', async t => {
  const { run, said, sent, clock } = department(t.testdir())
  clock.set('2026-06-01T00:00:00Z')
  const changed = { to: 'suspended', on: '2026-04-01', reason: '停业整顿' } as const
  await run([row('1', { changed })])
  await run([row('1', { changed, number: 'JY2' })])
  t.same(said(2), ['issued 1.002', 'replaced 1.001', 'suspended 1.002'])
  t.equal(sent[4]?.data.effectiveAt, sent[2]?.data.effectiveAt)
})

t.test('what the register may not say is rejected, and says nothing', async t => {
  const { run, sent, rejects, clock } = department(t.testdir())
  clock.set('2026-06-01T00:00:00Z')
  const state = (to: 'suspended' | 'revoked' | 'cancelled', on: string, reason = '依法') => ({ changed: { to, on, reason } })
  await run([row('1', state('revoked', '2026-05-01')), row('2', state('suspended', '2026-05-01')), row('3')])
  const before = sent.length
  const pointer = async (again: RegisterRow) => {
    t.match(await run([again]), { rejected: 1 })
    return rejects()[0]?.violations.map(({ pointer }) => pointer.slice(1))
  }
  t.same(await pointer(row('1')), [REGISTER_COLUMNS.status], 'a revoked licence comes back')
  t.same(await pointer(row('1', state('cancelled', '2026-05-02'))), [REGISTER_COLUMNS.status])
  t.same(await pointer(row('1', { ...state('revoked', '2026-05-01'), number: 'JY2' })), [''], 'a revoked licence is written anew')
  t.same(await pointer(row('2', state('suspended', '2026-05-02'))), [REGISTER_COLUMNS.changedOn], 'the day of a state that was told')
  t.same(await pointer(row('3', { issuedOn: '2026-03-01' })), [REGISTER_COLUMNS.issuedOn], 'an older day of issue')
  t.same(await pointer(row('4', { issuedOn: '2026-06-02' })), [REGISTER_COLUMNS.issuedOn], 'tomorrow')
  t.same(await pointer(row('4', state('revoked', '2026-06-02'))), [REGISTER_COLUMNS.changedOn], 'tomorrow')
  t.same(await pointer(row('4', state('revoked', '2026-03-01'))), [REGISTER_COLUMNS.changedOn], 'before its issue')
  t.same(await pointer(row('4', state('revoked', '2026-05-01', ''))), [REGISTER_COLUMNS.changeReason])
  t.equal(sent.length, before)
})

t.test('bad rows go to the rejects with every reason, without their values, and the rest goes on', async t => {
  const { run, said, rejects } = department(t.testdir())
  const bad = { ...recordOfRow(row('2')), [REGISTER_COLUMNS.region]: '99', [REGISTER_COLUMNS.holderCode]: 'geheim' }
  const outcome = await run([row('1'), { at: 'register.csv:3', record: bad }, row('3', { face: { 主体业态: '暗\u202e门' } }), row('1'), row('4')])
  t.match(outcome, { issued: 2, rejected: 3 })
  t.same(said(), ['issued 1.001', 'issued 4.001'])
  t.match(rejects(), [
    { at: 'register.csv:3', code: 'INPUT_INVALID', violations: [{ pointer: `/${REGISTER_COLUMNS.holderCode}` }, { pointer: `/${REGISTER_COLUMNS.region}` }] },
    { at: 'row 3', code: 'INPUT_INVALID', violations: [{ pointer: '/face/主体业态' }] },
    { at: 'row 4', code: 'INPUT_INVALID' }
  ])
  t.notMatch(JSON.stringify(rejects()), /geheim|暗/)
  await run([row('1')])
  t.same(rejects(), [], 'the next run replaces them')
})

t.test('types that the department does not issue are rejected', async t => {
  const { run } = department(t.testdir())
  t.match(await run([row('1')], { licenceTypes: new Set(['11990000YYYY010074001']) }), { issued: 0, rejected: 1 })
  t.match(await run([row('1')], { licenceTypes: new Set([TYPE]) }), { issued: 1, rejected: 0 })
})

t.test('a row is as long as the limit allows and no longer', async t => {
  const { run, rejects } = department(t.testdir())
  const rowBytes = Buffer.byteLength(JSON.stringify(recordOfRow(row('1'))))
  t.match(await run([row('1')], { limits: { ...ISSUING_LIMITS, rowBytes: rowBytes - 1 } }), { rejected: 1 })
  t.equal(rejects()[0]?.code, 'RECORD_TOO_LARGE')
  t.match(await run([row('1')], { limits: { ...ISSUING_LIMITS, rowBytes } }), { issued: 1 })
})

t.test('after a crash at any point the next run leaves one file and one event for each licence, numbered without a gap', async t => {
  const limits = { ...ISSUING_LIMITS, batchRows: 2 }
  const crash = new Error('crash')
  for (const [name, point] of [['before events are kept', 'before'], ['after events are kept', 'after']] as const) {
    for (const at of [1, 2, 3]) {
      const { run, sent, files } = department(t.testdir({}))
      let calls = 0
      const wrap = (outbox: Publisher): Outbox => ({
        marks: outbox.marks,
        get pending () { return outbox.pending },
        flush: async () => { await outbox.flush() },
        publishMany: async (events, marks) => {
          if (++calls === at && point === 'before') throw crash
          await outbox.publishMany(events, marks)
          if (calls === at) throw crash
        }
      })
      await t.rejects(run(rows(5), { limits }, wrap), crash, `${name}, batch ${at}`)
      await run(rows(5), { limits })
      t.same(sent.map(({ sequence }) => sequence), [1, 2, 3, 4, 5])
      t.equal(new Set(sent.map(({ subject }) => subject)).size, 5)
      t.same(files().sort(), sent.map(({ data }) => `${data.file?.sha256}.ofd`).sort())
    }
  }
})

t.test('files begun and files of which nothing was said are taken away at the start, others stay', async t => {
  const { run, files, dir } = department(t.testdir())
  await run(rows(1))
  const [kept] = files()
  const stray = 'ab'.repeat(32)
  mkdirSync(join(dir, 'issuing/licences/a'), { recursive: true })
  writeFileSync(join(dir, 'issuing/licences/a', `${stray}.ofd`), 'stray')
  writeFileSync(join(dir, 'issuing/licences/a', `${stray}.ofd.part`), 'stray')
  writeFileSync(join(dir, 'issuing/licences/a', 'readme.txt'), 'not ours')
  await run(rows(1))
  t.same(files().sort(), [kept, 'readme.txt'].sort())
})

t.test('the files of older versions stay', async t => {
  const { run, files } = department(t.testdir())
  await run([row('1')])
  await run([row('1', { number: 'JY2' })])
  await run([row('1', { number: 'JY2' })])
  t.equal(files().length, 2)
})

t.test('a licence file that was changed on the disk is not given out', async t => {
  const { run, sent, open, dir } = department(t.testdir())
  await run(rows(1))
  const { sha256 } = sent[0]?.data.file as { sha256: string }
  const { connector, publisher } = await open()
  t.teardown(async () => { await publisher.close() })
  await t.resolves(connector.files.read(sha256))
  writeFileSync(join(dir, 'issuing/licences', sha256.slice(0, 1), `${sha256}.ofd`), 'changed')
  await t.rejects(connector.files.read(sha256), { code: 'STORE_CORRUPT' })
  await t.rejects(connector.files.read('0'.repeat(64)), { code: 'NOT_FOUND' })
})

t.test('rows come from any source of the SDK; what it could not read is rejected', async t => {
  const { open, rejects } = department(t.testdir())
  const source: Source = {
    resource: 'register',
    complete: true,
    read: async function * () {
      yield { rows: [{ key: '1', values: { ...recordOfRow(row('1')), [REGISTER_COLUMNS.validUntil]: null } }], rejected: [{ at: 'line 2', code: 'ROW_TOO_LONG', message: told('太长', 'too long') }] }
    }
  }
  const { connector, publisher } = await open()
  t.teardown(async () => { await publisher.close() })
  t.match(await connector.run(linesOfSource(source)), { issued: 1, rejected: 1 })
  t.match(rejects(), [{ at: 'line 2', code: 'ROW_TOO_LONG' }])
  t.match(await connector.run(linesOfRows([row('1', { validUntil: undefined } as unknown as RegisterRow)])), { unchanged: 1 })
})

t.test('two runs at once are refused', async t => {
  const { connector, publisher } = await department(t.testdir()).open()
  t.teardown(async () => { await publisher.close() })
  const first = connector.run([])
  await t.rejects(connector.run([]), { code: 'VERSION_CONFLICT' })
  await first
})

t.test('a register that would end a large part of the licences at once', async t => {
  const revoked = (from: number, to: number, on = '2026-05-01'): RegisterRow[] => rows(40).map((one, n) => n >= from && n < to ? { ...one, changed: { to: 'revoked', on, reason: '严重违法' } } : one)
  const opened = async (t: Test) => {
    const here = department(t.testdir())
    await here.run(rows(40))
    here.clock.set('2026-06-01T00:00:00Z')
    const heldAs = async (lines: RegisterRow[], confirmed?: string): Promise<string> => {
      const { held } = await here.run(lines, {}, undefined, confirmed)
      t.equal(held?.code, 'REVOCATIONS_HELD')
      return /--confirm-revocations ([0-9a-f]{16})$/.exec(held?.message ?? '')?.[1] ?? ''
    }
    return { ...here, heldAs }
  }

  t.test('is held: no licence ends, and all else is told', async t => {
    const { run, sent, said, heldAs, dir } = await opened(t)
    const name = await heldAs([...revoked(0, 21), row('NEW')])
    t.same(said(40), ['issued NEW.001'])
    t.equal(await heldAs([row('NEW'), ...revoked(0, 21).reverse()]), name, 'in whatever order the register says it')
    t.match(readFileSync(join(dir, 'issuing/held.txt'), 'utf8').split('\n'), { 0: `${TYPE}/20260 revoked 2026-05-01`, length: 22 })
    t.match(await run([...rows(40), row('NEW')]), { unchanged: 41, stateChanges: 0, heldBefore: 2, held: undefined }, 'mended, it goes on')
    t.equal(sent.length, 41)
    t.notOk(existsSync(join(dir, 'issuing/held.txt')))
  })

  t.test('goes on once just this is confirmed', async t => {
    const { run, sent, heldAs } = await opened(t)
    const name = await heldAs(revoked(0, 21))
    t.not(await heldAs(revoked(0, 22), name), name)
    t.not(await heldAs(revoked(0, 21, '2026-05-02'), name), name, 'with another day it is something else')
    t.equal(sent.length, 40)
    t.match(await run(revoked(0, 21), {}, undefined, name), { stateChanges: 21, heldBefore: 3, held: undefined })
    t.match(await run(revoked(0, 40), {}, undefined, name), { stateChanges: 19, held: undefined }, 'twenty go freely')
    t.equal(sent.filter(({ type }) => type === 'licence.revoked.v1').length, 40)
  })

  t.test('up to twenty, or a fifth, end without a word; the limits can be set', async t => {
    const { run } = await opened(t)
    t.match(await run(revoked(0, 20)), { stateChanges: 20, held: undefined })
    t.match(await run(revoked(0, 25), { deletions: { holdAbovePercent: 20, holdAboveRows: 4 } }), { held: { code: 'REVOCATIONS_HELD' } })
    t.match(await run(revoked(0, 25), { deletions: { holdAbovePercent: 25, holdAboveRows: 4 } }), { stateChanges: 5 }, 'five of the twenty that had not ended')
    t.match(await run([]), { stateChanges: 0, held: undefined }, 'rows that are gone say nothing')
  })

  t.test('that is so from its first row on is an old register, and not held', async t => {
    const { run } = department(t.testdir())
    t.match(await run(rows(40).map(one => ({ ...one, issuedOn: '2026-03-01', changed: { to: 'cancelled', on: '2026-03-02', reason: '歇业' } }))), { issued: 40, stateChanges: 40, held: undefined })
  })

  t.test('and was confirmed, but broke off, goes on without being asked again', async t => {
    const { run, sent, heldAs } = await opened(t)
    const name = await heldAs(revoked(0, 30))
    let batches = 0
    const wrap = (outbox: Publisher): Outbox => ({
      get marks () { return outbox.marks },
      get pending () { return outbox.pending },
      flush: async () => { await outbox.flush() },
      publishMany: async (events, marks) => {
        if (events.length > 0 && ++batches === 3) throw new Error('the power failed')
        await outbox.publishMany(events, marks)
      }
    })
    const limits = { ...ISSUING_LIMITS, batchRows: 5 }
    await t.rejects(run(revoked(0, 30), { limits }, wrap, name), { message: 'the power failed' })
    const done = (await run(revoked(0, 30))).stateChanges
    t.equal(done, 22, 'of batches of five, with the mark four of them rows, two were kept')
    t.same(new Set(sent.filter(({ type }) => type === 'licence.revoked.v1').map(({ subject }) => subject)).size, 30)
    t.same(sent.map(({ sequence }) => sequence), sent.map((_, n) => n + 1))
  })
})
