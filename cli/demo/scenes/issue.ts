import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { digest } from '../../../platform/crypto/index.js'
import { dayInChina } from '../../../services/core/clock.js'
import type { LicenceStatus } from '../../../schemas/http/licence-status.v1.js'
import type { RegisterRow } from '../../../connectors/register-row.js'
import { newShop, RegisterFile } from '../register-file.js'
import type { Stage } from '../stage.js'
import { expect, expectSame, Unexpected, type Story } from '../story.js'

/** The licence that the story follows: as the register has it, and its file. */
export interface Followed { row: RegisterRow, register: RegisterFile, licenceId: string, path: string, bytes: Buffer, recordedBy: Date }

export function daysFromNow (days: number): string { return dayInChina(new Date(Date.now() + days * 86_400_000)) }

/** One row more in a department's own register becomes a sealed licence, a signed event, and an entry in the register of licences. */
export async function issueScene (stage: Stage, story: Story): Promise<Followed | undefined> {
  const market = stage.department('market')
  const food = market.licences.find(({ id }) => id === 'food-licence')
  if (food === undefined) throw new Unexpected('the province has no food licence')
  story.scene({ zh: '部门发证', en: 'A department issues' })
  const row = newShop({
    licenceType: food.type,
    licenceTypeName: food.name,
    region: '990101',
    serial: 17,
    issuedOn: daysFromNow(-10),
    validUntil: daysFromNow(1800),
    name: '云川市云东区晨光面馆有限公司',
    face: { 法定代表人: '陆晨光', 经营场所: '云川市云东区朝晖路8号', 主体业态: '餐饮服务经营者（小型餐馆）', 经营项目: '热食类食品制售' }
  })
  await story.step({ zh: `${market.name}把已有的登记簿签发成电子证照`, en: 'Market supervision turns the register it has into licences' }, async () => {
    const { issued, rejected } = await stage.issue('market')
    expect(issued > 0 && rejected === 0, `issued ${issued}, rejected ${rejected}`)
    return `签发 ${issued} 份，退回 0  issued, none rejected`
  })

  let followed: Followed | undefined
  await story.step({ zh: `登记簿里新增一家：${row.holder.name}`, en: 'One row more in the register' }, async () => {
    const register = new RegisterFile(stage.registerPath('market', food.type))
    register.put(row)
    const { issued, stateChanges, rejected } = await stage.issue('market')
    expectSame([issued, stateChanges, rejected], [1, 0, 0], 'issued, changed state, rejected')
    const { status, body } = await stage.call<{ items: LicenceStatus[] }>('approval-window', 'GET', `/v1/licences?holder=${row.holder.code}&purpose=demo&case=DEMO-1`)
    expectSame([status, body.items.map(({ state }) => state)], [200, ['valid']], 'licences of this holder')
    const { licenceId, files } = body.items[0] as LicenceStatus
    const [file] = files ?? []
    expect(file !== undefined, 'the register names no file')
    const own = await stage.call<LicenceStatus>('market', 'GET', `/v1/licences/${licenceId}`)
    expectSame(own.body.history?.map(({ move }) => move), ['issued'], 'what was said of it')
    const path = stage.files('market').pathOf(file.sha256)
    const bytes = readFileSync(path)
    expectSame([createHash('sha256').update(bytes).digest('hex'), digest('sm3', bytes).toString('hex')], [file.sha256, file.sm3], 'digests of the file')
    followed = { row, register, licenceId, path, bytes, recordedBy: new Date() }
    return [
      `证照标识 ${licenceId}`,
      `盖章单位 ${market.name}（印章 ${market.sealId}）`,
      `事件 licence.issued.v1 验签接收，登记于 ${own.body.history?.[0]?.recordedAt ?? ''}  the signed event was accepted`,
      `文件 ${Math.ceil(bytes.length / 1024)} KB，SHA-256 ${file.sha256.slice(0, 16)}…，与登记一致  the file is the one that the register names`
    ]
  })
  if (followed === undefined) return undefined
  const { licenceId } = followed
  await story.step({ zh: '发证机关看全部，窗口只看需要的', en: 'The issuer sees all of it, a window only what it needs' }, async () => {
    const path = `/v1/licences/${licenceId}`
    const [own, others] = [await stage.call<LicenceStatus>('market', 'GET', path), await stage.call<LicenceStatus>('approval-window', 'GET', path)]
    expectSame([own.status, own.body.holder?.code, others.status, others.body.face], [200, row.holder.code, 200, undefined], 'what each sees')
    expect(others.body.holder?.code.includes('*') === true, 'the holder is not masked')
    const other = await stage.call<{ code: string }>('health', 'GET', path)
    expectSame([other.status, other.body.code], [404, 'NOT_FOUND'], 'what another department sees')
    return `窗口看到的持证主体：${others.body.holder?.name ?? ''} ${others.body.holder?.code ?? ''}；别的部门：404`
  })
  return followed
}
