import { accessScene } from './scenes/access.js'
import { changesScene } from './scenes/changes.js'
import { eventsScene } from './scenes/events.js'
import { issueScene } from './scenes/issue.js'
import { listsScene } from './scenes/lists.js'
import { revokedScene } from './scenes/revoked.js'
import { sealsScene } from './scenes/seals.js'
import { verifyScene } from './scenes/verify.js'
import { wholeScene } from './scenes/whole.js'
import type { Stage } from './stage.js'
import type { Story } from './story.js'

/** Those with a part of their own in the story; all others issue in the background. */
const IN_THE_STORY = new Set(['market', 'civil', 'fire'])

/**
 * A licence is issued, verified, imitated, tampered with and revoked, events and tokens are attacked, a mistake is mended.
 */
export async function firstAct (stage: Stage, story: Story, memoryMib: number): Promise<void> {
  story.act({ zh: '第一幕：发证与核验', en: 'The first act: issuing and verifying' })
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
