import type { Issued, Stage } from '../stage.js'
import { residentMib } from '../resident.js'
import { expect, expectSame, type Story } from '../story.js'
import type { Followed } from './issue.js'

/** Meanwhile the other departments have gone on issuing: how much the register holds, how long it took, how much memory it takes. */
export async function wholeScene (stage: Stage, story: Story, { rest, memoryMib, followed }: {
  /** Of the departments that issued while the story was told. */
  rest: Promise<{ outcome: Issued, seconds: number, departments: number }>
  memoryMib: number
  followed: Followed | undefined
}): Promise<void> {
  story.scene({ zh: '全省', en: 'The whole province' })
  await story.step({ zh: '其余部门在此期间也签发完了', en: 'The other departments have finished meanwhile' }, async () => {
    const { outcome: { issued, rejected }, seconds, departments } = await rest
    expectSame(rejected, 0, 'rejected')
    return `${departments} 个部门 ${issued} 份，用时 ${seconds.toFixed(1)} 秒  departments, licences, seconds`
  })
  await story.step({ zh: '登记库里一份不少，一份不多', en: 'The register holds just what was issued' }, async () => {
    const held = await stage.exchange.licences()
    expectSame(held, stage.issued, 'licences in the register')
    return `${held} 份证照  licences`
  })
  await story.step({ zh: `常驻内存不超过 ${memoryMib} MB`, en: 'Resident memory stays within its limit' }, async () => {
    const resident = await residentMib()
    expect(resident <= memoryMib, `${resident} MB`)
    return `交换平台连同本演示 ${resident} MB，最高时 ${Math.ceil(process.resourceUsage().maxRSS / 1024)} MB  the exchange and this demonstration now, and at most`
  })
  await story.step({ zh: '停下再启动：什么都没有丢', en: 'Stopped and started again: nothing is lost' }, async () => {
    const seconds = await stage.reopen()
    expectSame(await stage.exchange.licences(), stage.issued, 'licences in the register')
    if (followed !== undefined) {
      const { body } = await stage.call<{ state: string }>('approval-window', 'GET', `/v1/licences/${followed.licenceId}`)
      expectSame(body.state, 'revoked', 'the licence of the story')
    }
    return `${seconds.toFixed(1)} 秒后恢复服务  in service again`
  })
}
