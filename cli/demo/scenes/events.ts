import { openPublisher, type Publisher } from '../../../connectors/sdk/index.js'
import { readSigningKey } from '../../../keys/index.js'
import { signDetached } from '../../../platform/crypto/index.js'
import type { EventState } from '../../../schemas/http/event-state.v1.js'
import type { QuarantineEntry } from '../../../schemas/http/quarantine-entry.v1.js'
import type { QuarantineList } from '../../../schemas/http/quarantine-list.v1.js'
import { startOfDayInChina, systemClock } from '../../../services/core/clock.js'
import { licenceId } from '../../../services/core/identifiers.js'
import { REASONS, type ReasonCode } from '../../../services/intake/reasons.js'
import { departmentFolders } from '../../department.js'
import type { Stage } from '../stage.js'
import { expect, expectSame, Unexpected, type Story } from '../story.js'
import { daysFromNow, type Followed } from './issue.js'

type Sent = Parameters<Parameters<typeof openPublisher>[0]['exchange']['send']>[0][number]

/** The line between a department and the exchange, and somebody who listens there. */
interface Line { heard: Sent[], before?: ((sent: Sent) => Sent) | undefined }

/** What stands in quarantine of one event, as an operator sees it. */
async function inQuarantine (stage: Stage, source: string, sequence: number): Promise<QuarantineEntry[]> {
  const { status, body } = await stage.call<QuarantineList>('operator', 'GET', '/v1/quarantine?limit=1000')
  expectSame(status, 200, 'the list of refused events')
  return body.items.filter(item => item.source === source && item.sequence === sequence)
}

/** @returns what an operator sees: the reasons, and nothing of what the event says */
function expectReasons (entries: QuarantineEntry[], ...codes: ReasonCode[]): string {
  const [entry, ...more] = entries
  expect(entry !== undefined && more.length === 0, `wanted one entry in quarantine, got ${entries.length}`)
  expectSame(entry.reasons.map(({ code }) => code), codes, 'reasons')
  expect(entry.event === undefined && entry.signature === undefined, 'an operator is shown the event itself')
  return `隔离：${codes.map(code => `${REASONS[code].zh} [${code}]`).join('；')}   内容不外露 no payload is shown`
}

/** Events that were altered, replayed, doubled, or that say what their source may not say. */
export async function eventsScene (stage: Stage, story: Story, { row }: Followed): Promise<void> {
  story.scene({ zh: '上报途中的手脚', en: 'Events that are tampered with' })
  const civil = stage.department('civil')
  const source = `urn:uscc:${civil.uscc}`
  await story.step({ zh: `${civil.name}把登记簿签发成电子证照`, en: 'Civil affairs issues what its register holds' }, async () => {
    const { issued } = await stage.issue('civil')
    return `签发 ${issued} 份  issued`
  })

  const key = readSigningKey(stage.layout.department('civil').eventKey)
  const client = stage.client('civil')
  const line: Line = { heard: [] }
  const exchange = {
    send: async (batch: readonly Sent[]) => {
      line.heard.push(...batch)
      if (line.before !== undefined) await client.send(batch.map(line.before))
      return await client.send(batch)
    }
  }
  const publisher = await openPublisher({ source, key, dir: departmentFolders(stage.settings.data.directory, 'civil').outbox, exchange, clock: systemClock })
  try {
    await tampering({ stage, story, uscc: civil.uscc, line, publisher, send: async sent => { await client.send([sent]) }, signed: text => signedAs(text, key) })
    await incompetent({ stage, story, publisher, row, civil })
  } finally { await publisher.close() }
}

interface Tampering {
  stage: Stage
  story: Story
  /** Of the department. */
  uscc: string
  line: Line
  publisher: Publisher
  /** Puts these bytes on the line. */
  send: (sent: Sent) => Promise<void>
  /** Signs other words with the department's own key. */
  signed: (text: string) => Sent
}

/** What somebody on the line can do, and a department that says two things under one number. */
async function tampering ({ stage, story, uscc, line, publisher, send, signed }: Tampering): Promise<void> {
  const record = async (text: string): Promise<void> => {
    await publisher.publish('record.upserted.v1', 'M2026-0001', { resource: 'marriage-registrations', key: 'M2026-0001', values: { 登记状态: text } })
    await publisher.flush()
    await stage.exchange.settled()
  }
  const stateOf = async (sequence: number): Promise<EventState> => (await stage.call<EventState>('civil', 'GET', `/v1/events/${uscc}/${sequence}`)).body

  await story.step({ zh: '途中改了一个字节', en: 'One byte altered on the way' }, async () => {
    line.before = sent => ({ ...sent, event: Buffer.from(Buffer.from(sent.event, 'base64url').toString().replace('"1"', '"0"')).toString('base64url') })
    try { await record('1') } finally { line.before = undefined }
    const seen = expectReasons(await inQuarantine(stage, uscc, publisher.sequence), 'SIGNATURE_INVALID')
    expectSame((await stateOf(publisher.sequence)).state, 'accepted', 'the true event behind it')
    return [seen, '随后到达的原件照常接收  the true one behind it is accepted']
  })
  await story.step({ zh: '截获的事件原样重放', en: 'An overheard event sent again' }, async () => {
    const overheard = line.heard.at(-1)
    if (overheard === undefined) throw new Unexpected('nothing was overheard')
    const before = await stateOf(overheard.sequence)
    await send(overheard)
    await stage.exchange.settled()
    expectSame(await stateOf(overheard.sequence), before, 'the event after it came again')
    return '认出是同一件，没有第二次生效  known for the same, nothing happens twice'
  })
  await story.step({ zh: '同一序号，另一套说法（签名也真）', en: 'The same number with other words, truly signed' }, async () => {
    const first = line.heard.at(-1)
    if (first === undefined) throw new Unexpected('nothing was overheard')
    await send(signed(Buffer.from(first.event, 'base64url').toString().replace('"1"', '"2"')))
    await stage.exchange.settled()
    const forks = (await inQuarantine(stage, uscc, first.sequence)).filter(({ reasons }) => reasons.some(({ code }) => code === 'FORK'))
    return expectReasons(forks, 'FORK')
  })
}

function signedAs (text: string, key: ReturnType<typeof readSigningKey>): Sent {
  const bytes = Buffer.from(text)
  return { sequence: (JSON.parse(text) as { sequence: number }).sequence, event: bytes.toString('base64url'), signature: signDetached(bytes, key) }
}

async function incompetent ({ stage, story, publisher, row, civil }: { stage: Stage, story: Story, publisher: Publisher, row: Followed['row'], civil: ReturnType<Stage['department']> }): Promise<void> {
  let refused: QuarantineEntry | undefined
  const id = licenceId({ type: row.licenceType, issuer: civil.uscc, serial: row.serial, version: '001' })
  await story.step({ zh: `${civil.name}上报一份食品经营许可证（超出职权）`, en: 'A department states what it may not' }, async () => {
    const { serial: _serial, ...said } = row
    const effectiveAt = startOfDayInChina(row.issuedOn)?.toISOString()
    await publisher.publish('licence.issued.v1', id, { ...said, licenceId: id, issuer: { uscc: civil.uscc, name: civil.name }, effectiveAt })
    await publisher.flush()
    await stage.exchange.settled()
    const entries = await inQuarantine(stage, civil.uscc, publisher.sequence)
    const seen = expectReasons(entries, 'NOT_COMPETENT')
    refused = entries[0]
    const { body } = await stage.call<{ state: string }>('approval-window', 'GET', `/v1/licences/${id}`)
    expectSame(body.state, 'unknown', 'the register')
    return [seen, '登记库里没有它  the register does not hold it']
  })
  await story.step({ zh: '运维写明理由作废这一件，民政厅后面的上报继续', en: 'The operator puts it aside with a reason, the department goes on' }, async () => {
    if (refused === undefined) throw new Unexpected('nothing stands in quarantine')
    const { status } = await stage.call('operator', 'POST', `/v1/quarantine/${refused.id}/discard`, { json: { reason: '来源确认误报（演示）' } })
    expectSame(status, 202, 'the answer')
    await publisher.publish('record.upserted.v1', 'M2026-0002', { resource: 'marriage-registrations', key: 'M2026-0002', values: { 登记状态: '1', 登记日期: daysFromNow(0) } })
    await publisher.flush()
    await stage.exchange.settled()
    const { body } = await stage.call<EventState>('civil', 'GET', `/v1/events/${civil.uscc}/${publisher.sequence}`)
    expectSame(body.state, 'accepted', 'the next event')
    const { body: { state, acts } } = await stage.call<QuarantineEntry>('operator', 'GET', `/v1/quarantine/${refused.id}`)
    expectSame([state, acts.map(({ request, by }) => [request, by.client])], ['discarded', [['discard', 'operator']]], 'what is kept of it')
    return `留痕：${acts[0]?.at.slice(0, 19) ?? ''}Z  operator  ${acts[0]?.why ?? ''}  who, when and why are kept`
  })
}
