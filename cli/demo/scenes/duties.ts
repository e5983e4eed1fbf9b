import type { Duty } from '../../../schemas/http/duty.v1.js'
import type { Stage } from '../stage.js'
import { expect, expectSame, type Story } from '../story.js'
import { daysFromNow } from './issue.js'

/** A duty is late by what did not come in, and met by what did: nobody sets its state. */
export async function dutiesScene (stage: Stage, story: Story): Promise<void> {
  story.scene({ zh: '责任到期没到，到了自动销号', en: 'A duty turns late, and is met' })
  const path = '/v1/catalogue/duties/demo-fire-checks'
  const standing = async (at = ''): Promise<Duty> => {
    const { status, body } = await stage.call<Duty>('approval-window', 'GET', `${path}${at === '' ? '' : `?at=${at}`}`)
    expectSame(status, 200, 'the answer')
    return body
  }
  const tomorrow = `${daysFromNow(1)}T04:00:00.000Z` // noon in China
  await story.step({ zh: '消防检查信息今天到期；到明天还没有，就是逾期', en: 'Fire checks are due today; tomorrow without them it is overdue' }, async () => {
    const fire = stage.department('fire')
    const { status, body } = await stage.call<Duty & { code?: string }>('catalogue-manager', 'PUT', path, {
      json: {
        resourceId: stage.resourceId('fire', 'fire-checks'), consumers: [stage.province.definer.uscc], dueOn: daysFromNow(0), updateCycle: 'weekly', matters: ['open-restaurant'], contact: { office: '防火监督处' }, why: '演示'
      }
    })
    expect(status === 200, `answered with ${status} ${body.code ?? ''}`)
    expectSame([body.state, (await standing(tomorrow)).state], ['not-yet-due', 'overdue'], 'states today and tomorrow')
    const late = await standing(tomorrow)
    return [`今天：${body.clock.zh}`, `明天：${late.clock.zh}  ${late.clock.en}`, `${fire.name}欠${stage.province.definer.name}`]
  })
  await story.step({ zh: '有一条早就到期了：逾期，谁也改不了', en: 'Another was due days ago: overdue, and nobody can set it otherwise' }, async () => {
    const { status, body } = await stage.call<Duty>('approval-window', 'GET', '/v1/catalogue/duties/owes-penalties')
    expectSame([status, body.state, body.proofs], [200, 'overdue', []], 'how it stands')
    return `行政处罚信息：${body.clock.zh}  ${body.clock.en}`
  })
  await story.step({ zh: '两家上报数据，责任随之履行，凭的是收到的事件', en: 'Both publish, and the events that came in meet the duties' }, async () => {
    await stage.publish(['market', 'fire'], ['penalties', 'fire-checks'])
    const met = await standing()
    const { body: late } = await stage.call<Duty>('approval-window', 'GET', '/v1/catalogue/duties/owes-penalties')
    expectSame([met.state, late.state], ['met', 'late'], 'states')
    const [proof] = met.proofs
    expect(proof !== undefined && late.proofs.length > 0, 'no event proves it')
    const event = await stage.call<{ state?: string }>('fire', 'GET', proof.href)
    expectSame(event.status, 200, 'the event')
    return [`消防安全检查信息：${met.clock.zh}  ${met.clock.en}`, `行政处罚信息：${late.clock.zh}  ${late.clock.en}`, `凭据 ${proof.type}  ${proof.href}`]
  })
}
