import { accessScene } from './scenes/access.js'
import { changesScene } from './scenes/changes.js'
import { eventsScene } from './scenes/events.js'
import { issueScene } from './scenes/issue.js'
import { listsScene } from './scenes/lists.js'
import { revokedScene } from './scenes/revoked.js'
import { sealsScene } from './scenes/seals.js'
import { verifyScene } from './scenes/verify.js'
import { wholeScene } from './scenes/whole.js'
import { removeFolder, Stage } from './stage.js'
import { Stopped, Story, type Teller } from './story.js'

export interface FirstActOptions {
  teller: Teller
  /** Leave the province's folder behind. */
  keep: boolean
  /** How much memory may be resident at the end. */
  memoryMib: number
}

/** Those with a part of their own in the story; all others issue in the background. */
const IN_THE_STORY = new Set(['market', 'civil', 'fire'])

/**
 * Tells the first act: a licence is issued, verified, imitated, tampered with and revoked, events and tokens are attacked, a mistake is
 * mended. @returns whether each step came out as it should
 */
export async function tellFirstAct ({ teller, keep, memoryMib }: FirstActOptions): Promise<boolean> {
  const began = performance.now()
  const story = new Story(teller)
  let folder: string | undefined
  let stage: Stage | undefined
  const stopped = (signal: NodeJS.Signals): void => {
    story.say(`\n${signal}：正在停下  stopping`)
    story.stop()
    stage?.stopCommands()
  }
  process.once('SIGINT', stopped).once('SIGTERM', stopped)
  story.say('免证 Mianzheng · 第一幕  The first act')
  try {
    stage = await Stage.open(process.env, dir => { folder = dir })
    await tell(stage, story, memoryMib)
  } catch (error) {
    if (!(error instanceof Stopped)) throw error
    return false
  } finally {
    await stage?.close()
    if (folder !== undefined && !keep) removeFolder(folder)
    process.off('SIGINT', stopped).off('SIGTERM', stopped)
  }
  const seconds = Math.round((performance.now() - began) / 1000)
  story.say()
  if (story.failed.length === 0) story.say(`✓ ${story.passed} 步都如所应当，用时 ${seconds} 秒  every step came out as it should`)
  else {
    story.say(`✗ ${story.failed.length} 步不如所应当（共 ${story.passed + story.failed.length} 步）  steps that did not come out as they should:`)
    for (const step of story.failed) story.say(`   - ${step}`)
  }
  if (keep && folder !== undefined) story.say(`数据目录 data directory: ${folder}/data`)
  return story.failed.length === 0
}

async function tell (stage: Stage, story: Story, memoryMib: number): Promise<void> {
  const { departments } = stage.province
  story.note({
    zh: `一个虚构的省：${departments.length} 个部门，各管各的登记簿；交换平台在 ${stage.url}。人、店、证照都是编的。`,
    en: 'A province that there is not: each department keeps its own register, the exchange listens on loopback.'
  })
  const followed = await issueScene(stage, story)
  const others = departments.filter(({ id }) => !IN_THE_STORY.has(id))
  const from = performance.now()
  const rest = stage.issue(...others.map(({ id }) => id)).then(outcome => ({ outcome, seconds: (performance.now() - from) / 1000, departments: others.length }))
  rest.catch(() => {}) // the last scene tells
  story.note({ zh: `其余 ${others.length} 个部门在后台继续签发。`, en: 'Meanwhile the other departments go on issuing in the background.' })
  if (followed === undefined) story.note({ zh: '没有可以跟随的证照，有几场演不了。', en: 'There is no licence to follow, so scenes are left out.' })
  else {
    await verifyScene(stage, story, followed)
    await sealsScene(stage, story, followed)
    await changesScene(stage, story, followed)
    await revokedScene(stage, story, followed)
    await eventsScene(stage, story, followed)
  }
  await accessScene(stage, story)
  await listsScene(stage, story)
  await wholeScene(stage, story, { rest, memoryMib, followed })
}
