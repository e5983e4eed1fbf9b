import { firstAct } from './first-act.js'
import { secondAct } from './second-act.js'
import { removeFolder, Stage } from './stage.js'
import { Stopped, Story, type Teller } from './story.js'

export interface TellOptions {
  teller: Teller
  /** Leave the province's folder behind. */
  keep: boolean
  /** How much memory may be resident at the end. */
  memoryMib: number
}

/** Tells the whole story against a province of its own. @returns whether each step came out as it should */
export async function tellStory ({ teller, keep, memoryMib }: TellOptions): Promise<boolean> {
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
  story.say('免证 Mianzheng')
  try {
    stage = await Stage.open(process.env, dir => { folder = dir })
    await firstAct(stage, story, memoryMib)
    await secondAct(stage, story, memoryMib)
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
