import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { OfdPackage, PARTS } from '../ofd-package.js'
import type { Stage } from '../stage.js'
import { expectVerdict, Unexpected, type Story } from '../story.js'
import type { Followed } from './issue.js'

/** A genuine licence, with one thing done to the file. */
export async function changesScene (stage: Stage, story: Story, { bytes, path }: Followed): Promise<void> {
  story.scene({ zh: '改动过的文件', en: 'Files that were changed' })
  const changed = (): OfdPackage => new OfdPackage(bytes)
  await story.step({ zh: '换页：正文换成另一份真证照的', en: 'The page swapped for that of another genuine licence' }, async () => {
    const other = new OfdPackage(readFileSync(anotherFile(path)))
    return expectVerdict(await stage.verify(changed().set(PARTS.page, other.get(PARTS.page)).bytes()), 'invalid', 'CONTENT_CHANGED')
  })
  await story.step({ zh: '加页：盖章之后多出一页', en: 'A page added after it was sealed' }, async () => {
    const page = 'Pages/Page_1/Content.xml'
    const added = changed().edit(PARTS.document, '</ofd:Pages>', `<ofd:Page ID="9001" BaseLoc="${page}"/></ofd:Pages>`)
    return expectVerdict(await stage.verify(added.set(`Doc_0/${page}`, added.get(PARTS.page).toString().replace(/ ID="/g, ' ID="90')).bytes()), 'invalid', 'CONTENT_CHANGED', 'NOT_ALL_COVERED')
  })
  await story.step({ zh: '去章：把印章从文件里拿掉', en: 'The seal taken out of the file' }, async () => {
    const removed = changed().edit(PARTS.root, /<ofd:Signatures>[^<]*<\/ofd:Signatures>/, '').drop(PARTS.value)
    return expectVerdict(await stage.verify(removed.bytes()), 'invalid', 'SIGNATURE_REMOVED')
  })
}

/** Another licence of the same department, from the folder that the connector writes. */
function anotherFile (path: string): string {
  const folder = dirname(dirname(path))
  for (const name of readdirSync(folder)) {
    for (const file of readdirSync(join(folder, name))) if (join(folder, name, file) !== path) return join(folder, name, file)
  }
  throw new Unexpected('there is no other licence')
}
