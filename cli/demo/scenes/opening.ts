import type { ExemptionCase } from '../../../schemas/http/exemption-case.v1.js'
import type { ExemptionExplanation } from '../../../schemas/http/exemption-explanation.v1.js'
import type { FormCheckAnswer } from '../../../schemas/http/form-check-answer.v1.js'
import type { PrefillAnswer } from '../../../schemas/http/prefill-answer.v1.js'
import type { Stage } from '../stage.js'
import { expect, expectSame, Unexpected, type Story } from '../story.js'
import { expectRefused, type Problem } from './access.js'
import { OWNER, SHOP, SISTER, STRANGER } from './cast.js'

type Material = ExemptionCase['materials'][number]
type Node = ExemptionExplanation['subMatters'][number]['requires']

const CASE = { purpose: '开办餐饮店', caseNumber: 'DEMO-2' }
const APPLICANT = { kind: 'legal', code: SHOP.code, name: SHOP.name }
const ANSWERS = {
  'only-prepacked': false,
  'small-eatery': false,
  'food-items': ['catering'],
  'risky-dishes': [],
  'simple-handling': true,
  'further-activities': [],
  'public-gathering': true,
  'fire-way': 'with-commitment',
  sign: true
}

/** Somebody opens a restaurant, and hands in what is left. */
export async function openingScene (stage: Stage, story: Story): Promise<void> {
  story.scene({ zh: '开一家餐饮店', en: 'Somebody opens a restaurant' })
  const ask = async (more: object): Promise<ExemptionCase> => {
    const { status, body } = await stage.call<ExemptionCase & Problem>('approval-window', 'POST', '/v1/exemptions', { json: { matterId: 'open-restaurant', applicant: APPLICANT, ...CASE, ...more } })
    expect(status === 200, `answered with ${status} ${body.code ?? ''}`)
    return body
  }
  const agent = (who: { code: string, name: string }): object => ({ agent: { ...who, authorisation: { reference: '授权委托书-1' } } })

  await story.step({ zh: '登记簿能答的不问人', en: 'What a register can answer nobody is asked' }, async () => {
    const { state, questions, answers } = await ask({})
    expectSame(state, 'open', 'the state')
    const asked = questions.map(({ id }) => id)
    expect(asked.includes('only-prepacked') && !asked.includes('registered'), `asked: ${asked.join()}`)
    expect(answers.some(({ question, from, value }) => question === 'registered' && from === 'register' && value === true), 'the register answered nothing')
    return `“是否已经登记且处于存续状态” 由登记簿答：是；还要问申请人 ${asked.length} 个问题  the register answers one, the applicant the others`
  })
  let stranger: ExemptionCase | undefined
  await story.step({ zh: '代理人查不到：不猜，说明怎么办', en: 'The agent is found nowhere: no guess, but what to do' }, async () => {
    stranger = await ask({ ...agent(STRANGER), answers: ANSWERS })
    const identity = materialOf(stranger, 'agent-identity')
    expectSame([identity.outcome, identity.code], ['undecided', 'NO_MATCH'], 'the agent\'s identity')
    return read(identity)
  })
  await story.step({ zh: '为什么不能免？逐条说明，每条都有下一步', en: 'Why not? Each way with its reason and a next step' }, async () => {
    if (stranger === undefined) throw new Unexpected('there is no such case')
    const { status, body } = await stage.call<ExemptionExplanation>('approval-window', 'GET', `/v1/exemptions/${stranger.caseId}/explanation`)
    expectSame(status, 200, 'the answer')
    const node = body.subMatters.map(({ requires }) => find(requires, 'agent-identity')).find(node => node !== undefined)
    const ways = node?.ways ?? []
    expect(ways.length === 3 && ways.every(({ code, needs }) => code !== '' && needs.zh !== ''), `the ways are ${JSON.stringify(ways)}`)
    return ways.map(({ reason, needs, code }) => `· ${reason.zh} → ${needs.zh}  [${code}]`)
  })
  let open: ExemptionCase | undefined
  await story.step({ zh: '换妹妹来办：窗口照着念', en: 'The owner\'s sister comes instead: the clerk reads it out' }, async () => {
    open = await ask({ ...agent(SISTER), answers: ANSWERS })
    expectSame(open.state, 'decided', 'the state')
    const by = (outcome: Material['outcome']): string[] => needed(open as ExemptionCase).filter(material => material.outcome === outcome).map(({ id }) => id).sort()
    expectSame(by('skip'), ['agent-identity', 'business-licence'], 'not handed in')
    expectSame(by('commit'), ['fire-commitment'], 'committed to')
    expectSame(by('undecided'), [], 'undecided')
    expectSame(by('submit'), ['authorisation', 'equipment-layout', 'fire-application', 'food-application', 'operation-process', 'safety-rules', 'sign-design'], 'handed in')
    return [...needed(open).filter(({ outcome }) => outcome !== 'submit').flatMap(read), `要交的：${needed(open).filter(({ outcome }) => outcome === 'submit').map(({ name }) => name.zh).join('、')}`]
  })
  const act = async <Body extends object>(material: string, what: string, json: Body): Promise<{ status: number, body: ExemptionCase & Problem }> => {
    if (open === undefined) throw new Unexpected('there is no such case')
    return await stage.call<ExemptionCase & Problem>('approval-window', 'POST', `/v1/exemptions/${open.caseId}/materials/${material}/${what}`, { json })
  }
  await story.step({ zh: '当事人说登记信息不对：来源部门答复前，哪个窗口都不据此免交', en: 'What the register says is said to be wrong: until its department answers, no office skips anything on it' }, async () => {
    const first = await ask({ ...agent(SISTER), answers: ANSWERS })
    const flagged = await stage.call<ExemptionCase & Problem>('approval-window', 'POST', `/v1/exemptions/${first.caseId}/materials/business-licence/flags`, { json: { kind: 'outdated' } })
    expectSame([flagged.status, flagged.body.code], [200, undefined], 'status and code')
    const [{ correctionId } = { correctionId: '' }] = materialOf(flagged.body, 'business-licence').flags ?? []
    const disputed = materialOf(await ask({ ...agent(SISTER), answers: ANSWERS }), 'business-licence')
    expectSame([disputed.outcome, disputed.code], ['undecided', 'SOURCE_DISPUTED'], 'the licence in a new case')
    const answered = await stage.call<Problem>('market', 'POST', `/v1/catalogue/corrections/${correctionId}/answers`, { json: { outcome: 'confirmed', why: '经核对，登记信息无误（演示）' } })
    expectSame(answered.status, 200, 'the answer of its department')
    const after = materialOf(await ask({ ...agent(SISTER), answers: ANSWERS }), 'business-licence')
    expectSame(after.outcome, 'skip', 'the licence once that is answered')
    return [...read(disputed), `来源部门答复：无误 → ${after.reason.zh}  its department confirms it, and it counts again`]
  })
  await story.step({ zh: '申请人不愿被查执照，自己交原件', en: 'The applicant would rather hand in the licence' }, async () => {
    const { status, body } = await act('business-licence', 'refusals', { reason: '申请人要求提交原件（演示）' })
    expectSame([status, materialOf(body, 'business-licence').outcome], [200, 'submit'], 'the answer')
    return read(materialOf(body, 'business-licence'))
  })
  await story.step({ zh: '消防承诺：文本一字不差才算', en: 'The commitment counts word for word' }, async () => {
    if (open === undefined) throw new Unexpected('there is no such case')
    const { commitment } = materialOf(open, 'fire-commitment')
    if (commitment === undefined) throw new Unexpected('no commitment is offered')
    const { id, text } = commitment
    const wrong = expectRefused(await act('fire-commitment', 'commitments', { commitment: id, text: '我承诺。', signedBy: 'applicant' }), 409, 'COMMITMENT_TEXT_DIFFERS')
    const { status, body } = await act('fire-commitment', 'commitments', { commitment: id, text: text.zh, signedBy: 'applicant' })
    expectSame(status, 200, 'the answer')
    const { outcome, commitment: kept } = materialOf(body, 'fire-commitment')
    expectSame([outcome, kept?.made?.text], ['commit', text.zh], 'what was kept')
    return [`改了字的：${wrong}`, `签署：${text.zh}`, `后果：${commitment.consequences.zh} ${kept?.made?.followUpOn ?? ''} 前由${commitment.followUpBy}核查  kept with consequences and follow-up`]
  })
  await story.step({ zh: '申请表智能预填，交前预审', en: 'The form is filled in from the registers, and checked before it is handed in' }, async () => {
    const filled = await stage.call<PrefillAnswer & Problem>('approval-window', 'POST', '/v1/forms/open-restaurant/prefill', { json: { applicant: APPLICANT, ...CASE } })
    expectSame([filled.status, filled.body.code], [200, undefined], 'status and code')
    const value = (pointer: string): unknown => filled.body.fields.find(field => field.pointer === pointer)?.value
    expectSame([value('/applicant/name'), value('/applicant/legalRepresentative'), value('/food/region')], [SHOP.name, OWNER.name, SHOP.region], 'what was filled in')
    const checked = await stage.call<FormCheckAnswer & Problem>('approval-window', 'POST', '/v1/forms/open-restaurant/checks', { json: { form: filled.body.form, applicant: APPLICANT, ...CASE } })
    expectSame([checked.status, checked.body.passed], [200, false], 'the check of a form that is half filled in')
    const { findings } = checked.body
    expect(findings.length > 1, 'not all findings at once')
    return [
      `预填 ${filled.body.fields.filter(({ outcome }) => outcome === 'filled').length} 项，每项有来源和时间  fields with source and time`,
      `预审一次说全 ${findings.length} 处，例如：${findings[0]?.say.zh ?? ''}  all findings at once`
    ]
  })
}

function needed ({ materials }: ExemptionCase): Material[] { return materials.filter(({ need }) => need === 'needed') }

function materialOf ({ materials }: ExemptionCase, id: string): Material {
  const found = materials.find(material => material.id === id)
  if (found === undefined) throw new Unexpected(`the case has no material ${id}`)
  return found
}

function read ({ name, reason, needs, code }: Material): string[] { return [`${name.zh}：${reason.zh}  [${code}]`, `  ${needs.zh}`] }

/** The node of a material, wherever it stands in the tree. */
function find (node: Node, material: string): Node | undefined {
  if (node.kind === 'material') return node.material === material ? node : undefined
  for (const child of node.parts ?? []) {
    const found = find(child as Node, material)
    if (found !== undefined) return found
  }
  return undefined
}
