import { readFileSync, writeFileSync } from 'node:fs'
import { DEFAULT_CRL_DAYS, publishAuthorities, readOwnList } from '../../../keys/index.js'
import type { QuarantineList } from '../../../schemas/http/quarantine-list.v1.js'
import { systemClock } from '../../../services/core/clock.js'
import { Failure } from '../../../services/core/failure.js'
import { FAILURE_WORDS } from '../../../services/core/words.js'
import { REASONS } from '../../../services/intake/reasons.js'
import { newShop, RegisterFile } from '../register-file.js'
import type { Stage } from '../stage.js'
import { expect, expectSame, Unexpected, type Story } from '../story.js'
import { daysFromNow } from './issue.js'

/** The authority list lacks an item; the operator has it mended and what was refused judged anew. An older list is never taken again. */
export async function listsScene (stage: Stage, story: Story): Promise<void> {
  story.scene({ zh: '修好原因，重新检查', en: 'The cause is mended, and what was refused is judged anew' })
  const { settings: { data: { directory } }, layout } = stage
  const fire = stage.department('fire')
  const list = { clock: systemClock, crlDays: DEFAULT_CRL_DAYS }
  const { items } = readOwnList(layout, 'authority-list').list
  let lacking: Buffer | undefined
  const [opinion] = fire.licences
  if (opinion === undefined) throw new Unexpected('fire rescue issues nothing')
  let issued = 0
  const open = async (): Promise<number> => {
    const { body } = await stage.call<QuarantineList>('operator', 'GET', '/v1/quarantine?cause=NOT_COMPETENT&limit=1')
    return body.causes?.['NOT_COMPETENT'] ?? body.items.length
  }

  await story.step({ zh: `发证清单漏了${fire.name}，它的上报全部进隔离区`, en: 'An item is missing from the authority list, so all that fire rescue reports is held' }, async () => {
    const { version } = publishAuthorities(directory, items.filter(({ issuer }) => issuer !== fire.uscc), list)
    lacking = readFileSync(`${layout.authorityList}.jws`)
    await stage.exchange.reload()
    issued = (await stage.issue('fire')).issued
    const held = await open()
    expect(held > 0 && held >= issued, `${held} of ${issued} are held`)
    return `清单第 ${version} 版；隔离 ${held} 件：${REASONS.NOT_COMPETENT.zh} [NOT_COMPETENT]`
  })
  await story.step({ zh: '补上清单条目（签名的新版本），运维一次重放', en: 'A new signed version of the list; the operator has all of them judged again' }, async () => {
    const { version } = publishAuthorities(directory, items, list)
    await stage.exchange.reload()
    const { status, body } = await stage.call<{ requested: number }>('operator', 'POST', '/v1/quarantine/replay', { json: { cause: 'NOT_COMPETENT', reason: '发证清单已补全（演示）' } })
    expectSame(status, 202, 'the answer')
    await stage.exchange.settled()
    const left = (await stage.call<QuarantineList>('operator', 'GET', '/v1/quarantine?limit=1000')).body.items.filter(({ source }) => source === fire.uscc).length
    expectSame([await open(), left], [0, 0], 'what stands in quarantine')
    return `清单第 ${version} 版；重放 ${body.requested} 件，全部接收，无一丢失  all accepted, none lost`
  })
  await story.step({ zh: '有人放回缺条目的旧版清单', en: 'Somebody puts back the old list' }, async () => {
    if (lacking === undefined) throw new Unexpected('there is no older list')
    const path = `${layout.authorityList}.jws`
    const current = readFileSync(path)
    writeFileSync(path, lacking)
    try {
      const refused = await stage.exchange.reload().then(() => undefined, (error: unknown) => error)
      expectSame(refused instanceof Failure ? refused.code : String(refused), 'AUTHORITY_LIST_ROLLBACK', 'the reload')
      new RegisterFile(stage.registerPath('fire', opinion.type)).put(newShop({
        licenceType: opinion.type,
        licenceTypeName: opinion.name,
        region: '990101',
        serial: 18,
        issuedOn: daysFromNow(-1),
        validUntil: daysFromNow(1800),
        name: '云川市云东区晨光影院有限公司',
        face: { 场所地址: '云川市云东区朝晖路9号', 场所面积: '900平方米' }
      }))
      expectSame([(await stage.issue('fire')).issued, await open()], [1, 0], 'issued now, and in quarantine')
    } finally { writeFileSync(path, current) }
    await stage.exchange.reload()
    return [`${FAILURE_WORDS.AUTHORITY_LIST_ROLLBACK.zh}  [AUTHORITY_LIST_ROLLBACK]`, `仍按新版办：${fire.name}再发一份，照常接收  the new one still holds`]
  })
}
