import type { Words } from '../core/words.js'

const w = (zh: string, en: string, mendZh: string, mendEn: string): Words => ({ zh, en, mend: { zh: mendZh, en: mendEn } })

/**
 * Why a material comes out as it does, for the clerk to read out, and what to do next. `{}` stands for the source. Short, no blame; each
 * ends in a next step. In each group the first one that applies is said of the material.
 */
const BY_OUTCOME = {
  skip: {
    RESULT_OF_STEP: w('由本事项前一步“{}”产生，不用交', 'It comes from the earlier step "{}" of this matter', '前一步办成后系统自动取用', 'It is taken over once that step is done'),
    ASSERTION_YES: w('“{}”已核实（是/否查询），不用交', 'Confirmed, yes or no, by "{}"', '无需提交；数据不对可提出校核', 'Nothing to hand in; if it is wrong, ask for a correction'),
    DATA_FOUND: w('已从“{}”取得所需信息，不用交', 'What it would show was read from "{}"', '无需提交；数据不对可提出校核', 'Nothing to hand in; if it is wrong, ask for a correction'),
    LICENCE_VALID: w('电子证照“{}”已核验通过，不用交', 'The electronic licence "{}" was verified', '无需提交；请保留回执', 'Nothing to hand in; keep the receipt')
  },
  commit: {
    COMMITMENT_ALLOWED: w('可以用书面承诺（“{}”）代替，事后核查', 'A written commitment ("{}") may stand for it, checked afterwards', '请申请人阅读并签署承诺书；不愿承诺的交原件', 'The applicant reads and signs it, or hands in the paper')
  },
  undecided: {
    FLAGGED: w('申请人提出“{}”里的数据不对，已请来源部门校核', 'The applicant says that what "{}" says is wrong; its department was asked to check it', '先收件；校核答复后重查，急办请收原件', 'Take it in for now and check again once it answered, or take the paper'),
    SOURCE_DISPUTED: w('“{}”里的这条信息有人提出不对，来源部门正在校核', 'What "{}" says here was flagged as wrong and is being checked', '先收件；来源部门答复后重查，急办请收原件', 'Take it in for now and check again once its department has answered, or take the paper'),
    SOURCES_CONFLICT: w('两个来源的说法不一致（{}）', 'Two sources do not agree ({})', '先收件；请向来源部门提出校核，不要据此免交', 'Take it in for now; ask the sources to correct it, and do not skip it'),
    HOLDER_NOT_MATCHED: w('“{}”上的姓名或名称与所填的不一致', 'The name in "{}" is not the one given', '请核对姓名和证件号码；填错的改正后重新查询', 'Check name and number; mend what was mistyped and ask again'),
    LICENCE_NOT_IN_FORCE: w('“{}”目前不在有效状态（吊销、注销、暂停或过期）', 'The licence "{}" is not in force: revoked, cancelled, suspended or expired', '不要收旧证代替；请申请人向发证机关办理延续、换证或恢复', 'Do not take the old paper instead; the applicant has it renewed or restored by its issuer'),
    VERDICT_NOT_VALID: w('电子证照“{}”没有核验通过', 'The electronic licence "{}" was not found valid', '不能据此免交；请按核验回执处理或收原件', 'It does not spare the paper; see the receipt, or take the original'),
    SEVERAL_MATCHES: w('“{}”里查到不止一条，分不清是哪一条', 'There is more than one match in "{}"', '请申请人指明是哪一份，或收原件', 'The applicant says which one it is, or hands in the paper'),
    AGENT_UNAUTHORISED: w('代理人还没有登记授权，没有查询“{}”', 'The agent\'s authorisation is not given, so "{}" was not asked', '请登记授权委托书后重新查询', 'Register the authorisation and ask again'),
    CONSENT_MISSING: w('还没有登记当事人本人的同意，没有查询“{}”', 'The person concerned has not consented, so "{}" was not asked', '请取得本人同意并登记后重新查询，或收原件', 'Get and register the consent, then ask again, or take the paper'),
    PARTY_MISSING: w('还不知道“{}”是谁，没有查询', 'It is not known who "{}" is, so nothing was asked', '请补填该当事人的姓名和号码', 'Give name and number of that party'),
    PARTY_CONFLICT: w('所填的“{}”与登记的不一致', 'The party "{}" is not the one that the register names', '请核对；登记有误的提出校核', 'Check it; if the register is wrong, ask for a correction'),
    PARTY_UNCONFIRMED: w('还不能核实“{}”是不是登记的那个人', 'The register could not confirm who "{}" is', '请稍后重查，或核对原件', 'Check again later, or look at the original'),
    QUESTION_OPEN: w('要先回答“{}”，才知道要不要', 'Whether it is needed depends on a question that is open: "{}"', '请先回答所列问题', 'Answer the questions listed'),
    NO_ALTERNATIVE: w('所答的情形不符合任何一种材料组合', 'The answers fit none of the alternatives', '请核对回答，或请窗口人工判断', 'Check the answers, or let the window decide'),
    VALUE_MISSING: w('“{}”的记录缺少所需的内容', 'The record in "{}" lacks what is needed', '请收原件，并向来源部门提出校核', 'Take the paper, and ask the source to complete it'),
    SOURCE_EMPTY: w('“{}”还没有收到过数据', '"{}" has never received any data', '请收原件；请来源部门尽快提供', 'Take the paper; its department should supply the data'),
    SOURCE_SILENT: w('“{}”暂时没有答复', '"{}" does not answer for now', '先收件，稍后重查；仍无答复请收原件', 'Take it in for now and check again later; if it stays silent, take the paper'),
    SOURCE_FAILED: w('查询“{}”时出错', 'Asking "{}" failed', '先收件，稍后重查；持续出现请告知运维', 'Take it in for now and check again; if it lasts, tell the operator'),
    GRANT_PULLED: w('查看“{}”的授权已被撤回', 'The grant for "{}" was pulled', '请收原件；由单位与来源部门联系', 'Take the paper; the office should ask the provider'),
    GRANT_ENDED: w('查看“{}”的授权已到期', 'The grant for "{}" has ended', '请收原件；由单位申请续期', 'Take the paper; the office should ask for a new grant'),
    GRANT_NOT_YET: w('查看“{}”的授权还没有开始', 'The grant for "{}" has not begun', '请收原件；授权开始后重查', 'Take the paper, or check again once it has begun'),
    PURPOSE_NOT_GRANTED: w('查看“{}”的授权不包括这个用途', 'The grant for "{}" is for another purpose', '请核对用途；确需的由单位申请授权', 'Check the purpose, or ask for a grant for it'),
    MATTER_NOT_GRANTED: w('查看“{}”的授权不包括这个事项', 'The grant for "{}" is for other matters', '请收原件，或由单位申请授权', 'Take the paper, or ask for a grant'),
    FIELD_NOT_GRANTED: w('授权不包括“{}”里要查的内容', 'The grant for "{}" does not hold what is asked', '请收原件，或由单位申请授权', 'Take the paper, or ask for a grant'),
    FORM_NOT_GRANTED: w('授权不允许这样查询“{}”', 'The grant for "{}" does not allow this kind of question', '请收原件，或由单位申请授权', 'Take the paper, or ask for a grant'),
    REGION_NOT_GRANTED: w('授权不包括“{}”里这个地区的数据', 'The grant for "{}" does not hold that region', '请收原件，或由单位申请授权', 'Take the paper, or ask for a grant'),
    GRANT_MISSING: w('本单位没有查看“{}”的授权', 'This office has no grant for "{}"', '请收原件，或由单位申请授权', 'Take the paper, or ask for a grant'),
    NO_MATCH: w('“{}”里没有查到', 'There is no match in "{}"', '请核对号码；无误的收原件，并可提出校核', 'Check the number; if it is right take the paper, and ask for a correction')
  },
  submit: {
    REFUSED_BY_APPLICANT: w('申请人选择自己提交', 'The applicant chose to hand it in', '请收原件', 'Take the paper'),
    REGISTER_SAYS_NO: w('“{}”的登记与所需的不符', 'What "{}" holds is not what is asked for', '请交原件，窗口须与登记核对；登记有误的提出校核', 'Hand in the paper, which the window compares with the register; if that is wrong, ask for a correction'),
    COMMITMENT_NOT_ALLOWED: w('按所答情形不能用承诺“{}”代替', 'The commitment "{}" is not allowed in this scenario', '请交原件', 'Hand in the paper'),
    RESULT_COMES_LATER: w('“{}”办成前就要用到，不能等它的结果', 'It is needed before the step "{}" has made it', '请交原件', 'Hand in the paper'),
    RESULT_NOT_IN_CASE: w('产生它的步骤“{}”不在这次办理之中', 'The step "{}" that would make it is not part of this case', '请交原件，或一并办理该步骤', 'Hand in the paper, or take that step too'),
    LICENCE_TYPE_UNKNOWN: w('发证清单里没有“{}”这类电子证照', 'The authority list has no licences of type "{}"', '请交原件', 'Hand in the paper'),
    NOT_SHARED: w('没有部门共享“{}”', 'No department shares "{}"', '请交原件', 'Hand in the paper'),
    NOTHING_HELD: w('政府部门没有这份材料', 'No department holds it', '请申请人提交', 'The applicant hands it in')
  },
  form: {
    FIELD_FILLED: w('已从“{}”取得', 'Read from "{}"', '请申请人核对；不对的可提出校核', 'The applicant checks it; if it is wrong, ask for a correction'),
    FIELD_CONFLICT: w('“{}”的内容不一致，没有填写', '"{}" do not agree, so it was left empty', '请申请人填写并提供依据；登记有误的提出校核', 'The applicant fills it in with proof; if a register is wrong, ask for a correction')
  },
  /** Said in explanations only: of a way or a branch that had no part in the decision. */
  aside: {
    NOT_ASKED: w('已有更省事的办法，没有再查“{}”', 'Something simpler sufficed, so "{}" was not asked', '无需处理', 'Nothing to do'),
    NOT_CHOSEN: w('选了另一组更省事的材料', 'Another set that asks for less was chosen', '无需提交；也可改交这一组', 'Nothing to hand in; this set would serve too'),
    DOES_NOT_APPLY: w('按所答情形不需要', 'It is not needed in this scenario', '无需处理；情形有变请重新回答', 'Nothing to do; if the scenario changes, answer again'),
    TAKES_NO_PART: w('这次不办这一项', 'This sub-matter takes no part', '要办的请勾选后重新查询', 'Choose it and ask again if it is wanted')
  }
} as const satisfies Record<string, Record<string, Words>>

type Groups = typeof BY_OUTCOME
export type ReasonCode = { [Group in keyof Groups]: keyof Groups[Group] }[keyof Groups] & string
export const REASONS: Record<ReasonCode, Words> = Object.assign({}, ...Object.values(BY_OUTCOME)) as Record<ReasonCode, Words>

const RANKS = new Map(Object.values(BY_OUTCOME).flatMap(group => Object.keys(group)).map((code, rank) => [code, rank]))
/** Which of several reasons is said: the lower. */
export function rankOf (code: ReasonCode): number { return RANKS.get(code) as number }

/** What a material comes out as for each reason, or where else it is said. */
export const REASON_GROUPS = Object.fromEntries(Object.entries(BY_OUTCOME).flatMap(([group, words]) => Object.keys(words).map(code => [code, group]))) as Record<ReasonCode, keyof Groups>

export function isReasonCode (code: string): code is ReasonCode { return Object.hasOwn(REASONS, code) }

/** The sentence for people. */
export function said (code: ReasonCode, about: string): { reason: { zh: string, en: string }, needs: { zh: string, en: string } } {
  const { zh, en, mend } = REASONS[code]
  return { reason: { zh: zh.replace('{}', about), en: en.replace('{}', about) }, needs: { zh: mend.zh, en: mend.en } }
}

type NotSpared = { [Group in 'undecided' | 'commit' | 'submit']: keyof Groups[Group] }['undecided' | 'commit' | 'submit']
const to = (zh: string, en: string): { zh: string, en: string } => ({ zh, en })
const BRING = to('请带原件来交', 'Bring the paper')
const HAND_IN = to('请提交', 'Hand it in')
const WAIT_OR_BRING = to('请等{}答复，答复后由窗口再查；急办请带原件来交', 'Wait until {} has answered and the window has checked again; if it is urgent, bring the paper')
const LATER_OR_BRING = to('窗口稍后会再查；急办请带原件来交', 'The window checks again later; if it is urgent, bring the paper')
const MISTYPED = to('请核对所报的姓名（名称）和号码，报错的到窗口改正；没有报错的请带原件来交', 'Check the name and number that were given and have a mistake mended at the window; if there is none, bring the paper')
const COMPARE = to('请带原件来，由窗口与登记核对；登记有误的可在窗口提出校核', 'Bring the paper, which the window compares with the register; if the register is wrong, ask there for a correction')
/** What is said to the applicant, who reads it at home: what to bring, what to wait for, whom to ask. `{}` stands for the organisation behind the source. */
const TO_APPLICANT: Record<NotSpared, { zh: string, en: string }> = {
  FLAGGED: WAIT_OR_BRING,
  SOURCE_DISPUTED: WAIT_OR_BRING,
  SOURCES_CONFLICT: COMPARE,
  HOLDER_NOT_MATCHED: MISTYPED,
  LICENCE_NOT_IN_FORCE: to('请先到{}办理延续、换证或恢复；旧证不能代替', 'Have it renewed or restored by {} first; the old one does not serve'),
  VERDICT_NOT_VALID: to('请带原件来交；对核验结果有疑问的，可询问{}', 'Bring the paper; about what was found, ask {}'),
  SEVERAL_MATCHES: to('请告诉窗口是哪一份，或带原件来交', 'Tell the window which one it is, or bring the paper'),
  AGENT_UNAUTHORISED: to('请把授权委托书交窗口登记，或带原件来交', 'Have the authorisation of your agent registered at the window, or bring the paper'),
  CONSENT_MISSING: to('请取得当事人本人的同意，到窗口登记，或带原件来交', 'Get the consent of the person concerned and have it registered at the window, or bring the paper'),
  PARTY_MISSING: to('请告诉窗口该当事人的姓名（名称）和号码', 'Tell the window name and number of that party'),
  PARTY_CONFLICT: to('请核对所报的当事人；登记有误的可在窗口提出校核', 'Check which party was given; if the register is wrong, ask at the window for a correction'),
  PARTY_UNCONFIRMED: LATER_OR_BRING,
  QUESTION_OPEN: to('请回答窗口所问的问题', 'Answer what the window asks'),
  NO_ALTERNATIVE: to('请与窗口核对您的回答', 'Go through your answers with the window'),
  VALUE_MISSING: to('请带原件来交；也可请{}补全登记', 'Bring the paper; {} can be asked to complete its register'),
  SOURCE_EMPTY: BRING,
  SOURCE_SILENT: LATER_OR_BRING,
  SOURCE_FAILED: LATER_OR_BRING,
  GRANT_PULLED: BRING,
  GRANT_ENDED: BRING,
  GRANT_NOT_YET: BRING,
  PURPOSE_NOT_GRANTED: BRING,
  MATTER_NOT_GRANTED: BRING,
  FIELD_NOT_GRANTED: BRING,
  FORM_NOT_GRANTED: BRING,
  REGION_NOT_GRANTED: BRING,
  GRANT_MISSING: BRING,
  NO_MATCH: MISTYPED,
  COMMITMENT_ALLOWED: to('您可以阅读并签署承诺书代替；不愿承诺的请交原件', 'You may read and sign the commitment instead, or hand in the paper'),
  REFUSED_BY_APPLICANT: HAND_IN,
  REGISTER_SAYS_NO: COMPARE,
  COMMITMENT_NOT_ALLOWED: HAND_IN,
  RESULT_COMES_LATER: HAND_IN,
  RESULT_NOT_IN_CASE: to('请提交，或一并办理该步骤', 'Hand it in, or take that step too'),
  LICENCE_TYPE_UNKNOWN: HAND_IN,
  NOT_SHARED: HAND_IN,
  NOTHING_HELD: HAND_IN
}

/**
 * @param who - name of the organisation behind the source, where it is known
 * @returns undefined for what spares a material
 */
export function saidToApplicant (code: ReasonCode, who: string | undefined): { zh: string, en: string } | undefined {
  if (!Object.hasOwn(TO_APPLICANT, code)) return undefined
  const { zh, en } = TO_APPLICANT[code as NotSpared]
  return { zh: zh.replace('{}', who ?? '来源部门'), en: en.replace('{}', who ?? 'the department behind it') }
}

/** What to do about a question that no register could settle: what is said of a material, to take it in, makes no sense there. */
export const QUESTION_NEEDS = {
  zh: '请与来源部门核对清楚；随后重新发起一次查询（新办件），知道答案的一并填上',
  en: 'Settle it with the department behind the source; then ask anew, in a new case, with the answer where you know it'
}
