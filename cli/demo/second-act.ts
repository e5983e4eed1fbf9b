import { dutiesScene } from './scenes/duties.js'
import { grantScene } from './scenes/grant.js'
import { openingScene } from './scenes/opening.js'
import { recordsScene } from './scenes/records.js'
import { returnScene } from './scenes/return.js'
import { sharedScene } from './scenes/shared.js'
import type { Stage } from './stage.js'
import type { Story } from './story.js'

/**
 * What departments hold is catalogued, owed and granted; an applicant hands in what is left; a grant is made, used and pulled; a county
 * gets its rows; a duty turns late and is met; the records of it all are read.
 */
export async function secondAct (stage: Stage, story: Story, memoryMib: number): Promise<void> {
  const since = new Date().toISOString()
  story.act({ zh: '第二幕：免交与共享', en: 'The second act: skipping and sharing' })
  await sharedScene(stage, story)
  await openingScene(stage, story)
  await grantScene(stage, story)
  await returnScene(stage, story)
  await dutiesScene(stage, story)
  await recordsScene(stage, story, { since, memoryMib })
}
