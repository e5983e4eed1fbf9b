import t from 'tap'
import { loadMatters } from '../../../config/matters.js'
import type { Question } from '../../../schemas/documents/matter.v1.js'
import type { ExemptionExplanation, Node } from '../../../schemas/http/exemption-explanation.v1.js'
import type { ExemptionRequest } from '../../../schemas/http/exemption-request.v1.js'
import { REASONS, type ReasonCode } from '../../../services/exemptions/index.js'
import { REASON_GROUPS, saidToApplicant } from '../../../services/exemptions/reasons.js'
import { fakes, ground, matterWith, material, OTHER, PERSON, SHOP, subMatter, WINDOW, yesNo, type Held } from './support.js'

const LEGAL = { kind: 'legal' as const, code: '91990105MAYYY0013F', name: '示例公司' }

function leaves (node: Node): Node[] { return node.parts === undefined ? [node] : node.parts.length === 0 ? [] : node.parts.flatMap(leaves) }
function every ({ subMatters }: ExemptionExplanation): Node[] { return subMatters.flatMap(({ requires }) => leaves(requires)) }

/** Some answer that the question allows; which, a number says. */
function answerOf ({ type, options = [] }: Question, seed: number): boolean | number | string | string[] {
  switch (type) {
    case 'yes-no': return seed % 2 === 0
    case 'number': return seed % 2 === 0 ? 0 : 1000
    case 'one-of': return options[seed % options.length]?.id ?? ''
    case 'some-of': return options.filter((_, index) => (seed >> (index % 8) & 1) === 1).map(({ id }) => id)
  }
}

t.test('"why not?" ends in a next step: on every leaf of every matter, whatever sources say and whatever was answered', async t => {
  const { matters } = loadMatters()
  t.ok(matters.length > 0)
  const worlds: Array<Partial<Held>> = [{}, { unbound: [...new Set(matters.flatMap(({ materials }) => materials.flatMap(({ ways }) => ways.flatMap(way => 'data' in way ? [way.data] : 'licenceType' in way ? [way.licenceType] : []))))] }]
  let walked = 0
  const codes = new Set<string>()
  for (const [world, held] of worlds.entries()) {
    const fake = fakes(held)
    const { ask, exemptions } = await ground(t, fake)
    for (const matter of matters) {
      for (let seed = 0; seed < 6; seed++) {
        const applicant = matter.applicants.includes('natural') ? PERSON : matter.applicants.includes('legal') ? LEGAL : SHOP
        const parties = Object.fromEntries(matter.parties.map(({ id, kind }) => [id, kind === 'natural' ? OTHER : { code: LEGAL.code, name: LEGAL.name }]))
        const request: Partial<ExemptionRequest> = {
          applicant,
          parties,
          ...(seed % 2 === 0 ? { agent: OTHER } : {}),
          subMatters: matter.subMatters.filter(({ optional }) => optional === true && seed % 3 === 0).map(({ id }) => id),
          answers: seed === 0 ? {} : Object.fromEntries(matter.questions.filter(({ when }) => when === undefined).map((question, index) => [question.id, answerOf(question, seed + index)]))
        }
        const { answer } = await ask(matter, request)
        const explanation = await exemptions.explain(answer.caseId, WINDOW)
        for (const leaf of every(explanation)) {
          walked++
          const steps = [leaf, ...leaf.ways ?? []]
          for (const { code, reason, needs } of steps) {
            codes.add(code ?? '')
            if (code === undefined || !(code in REASONS) || [reason?.zh, reason?.en, needs?.zh, needs?.en].some(text => text === undefined || text === '' || text.includes('{}') || text.includes('（）') || text.includes('“”'))) {
              t.fail(`${matter.id} ${leaf.material ?? leaf.kind}: no next step (${code ?? 'no code'}: ${reason?.zh ?? ''})`, { world, seed })
            }
          }
        }
        for (const { id, outcome, applicantNeeds } of answer.materials) if ((applicantNeeds === undefined) !== (outcome === 'skip')) t.fail(`${matter.id} ${id}: ${outcome}, and the applicant is told ${applicantNeeds?.zh ?? 'nothing'}`)
        for (const { code, reason, needs } of [...answer.materials, ...answer.questions.filter(({ code }) => code !== undefined)]) {
          if (code === undefined || reason === undefined || needs === undefined || reason.zh.includes('“”')) t.fail(`${matter.id}: no reason`)
        }
      }
    }
  }
  t.ok(walked > 200, `${walked} leaves`)
  t.ok(codes.size > 5, [...codes].sort().join(' '))
})

t.test('the applicant is told what to bring, to wait for or to answer, and by whom, never what the clerk does', async t => {
  const codes = Object.keys(REASONS) as ReasonCode[]
  for (const code of codes) {
    const told = saidToApplicant(code, '示例省市场监督管理局')
    t.equal(told !== undefined, ['undecided', 'commit', 'submit'].includes(REASON_GROUPS[code]), code)
    if (told === undefined) continue
    t.notMatch(told.zh, /申请人|先收件|收原件|重查|\{\}/, code)
    t.match(told.zh, /请|窗口/, code)
    t.notMatch(told.en, /the applicant|[Tt]ake (it in|the paper)|\{\}/, code)
  }
  t.same(saidToApplicant('FLAGGED', '示例省市场监督管理局'), { zh: '请等示例省市场监督管理局答复，答复后由窗口再查；急办请带原件来交', en: 'Wait until 示例省市场监督管理局 has answered and the window has checked again; if it is urgent, bring the paper' })
  t.match(saidToApplicant('LICENCE_NOT_IN_FORCE', undefined), { zh: /请先到来源部门办理/ }, 'where nobody knows its name')
  const fake = fakes({ assertions: { 登记: 'none' } })
  const { ask } = await ground(t, fake)
  const matter = matterWith({ materials: [material('a', [{ way: 'assertion', data: '登记', subject: 'applicant', ask: { item: '状态', is: '存续' } }]), material('b')], subMatters: [subMatter('food', { allOf: [{ material: 'a' }, { material: 'b' }] })] })
  t.match((await ask(matter)).answer.materials, [{ outcome: 'undecided', code: 'NO_MATCH', needs: { zh: /可提出校核/ }, applicantNeeds: { zh: /请核对所报的/ } }, { outcome: 'submit', applicantNeeds: { zh: '请提交' } }])
})

t.test('the tree shows what was chosen, what was not, and what became of each way', async t => {
  const { ask, exemptions } = await ground(t, fakes({ assertions: { 登记: 'yes', 名单: 'GRANT_MISSING' } }))
  const matter = matterWith({
    questions: [yesNo('sign')],
    materials: [
      material('a', [{ way: 'assertion', data: '登记', subject: 'applicant', ask: { item: '状态', is: '存续' } }]), material('b'), material('c', [{ way: 'assertion', data: '名单', subject: 'applicant', ask: {} }]), material('d')
    ],
    subMatters: [
      subMatter('food', { allOf: [{ anyOf: [{ material: 'b' }, { material: 'a' }] }, { material: 'c' }, { if: { answer: 'sign', is: true }, then: { material: 'd' } }] }), subMatter('extra', { material: 'd' }, { optional: true })
    ]
  })
  const { answer: { caseId } } = await ask(matter, { answers: { sign: false } })
  const explanation = await exemptions.explain(caseId, WINDOW)
  t.match(explanation.subMatters[0]?.requires, {
    kind: 'all',
    parts: [
      { kind: 'any', parts: [{ material: 'b', chosen: false, code: 'NOT_CHOSEN' }, { material: 'a', chosen: true, outcome: 'skip', ways: [{ way: 'assertion', result: 'proved' }] }] },
      { material: 'c', outcome: 'undecided', code: 'GRANT_MISSING', needs: { zh: '请收原件，或由单位申请授权' } },
      { kind: 'if', applies: 'no', when: { zh: '问题sign？ = 是' }, parts: [{ material: 'd', applies: 'no', code: 'DOES_NOT_APPLY' }] }
    ]
  })
  t.match(explanation.subMatters[1], { takesPart: 'no', code: 'TAKES_NO_PART' })
})
