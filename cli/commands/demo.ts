import { Command, InvalidArgumentError } from 'commander'
import { tellStory } from '../demo/tell.js'
import { EXIT } from '../exit.js'

/** `mianzheng demo`: the story of a licence, a shop and a grant, told against a fresh province. Fails when a step does not come out as it should. */
export function demoCommand (): Command {
  return new Command('demo')
    .description('在一个全新的示例省里演示全过程；有一步不符即以非零退出  Tell the whole story in a fresh province; fails when a step does')
    .option('--keep', '结束后保留数据目录  keep the data directory')
    .option('--memory-mib <MIB>', '常驻内存的上限  how much memory may be resident', megabytes, 300)
    .action(async ({ keep = false, memoryMib }: { keep?: boolean, memoryMib: number }) => {
      const colour = process.stdout.isTTY && process.env['NO_COLOR'] === undefined
      const good = await tellStory({ keep, memoryMib, teller: { write: text => { process.stdout.write(text) }, colour, columns: process.stdout.columns ?? 100 } })
      process.exitCode = good ? EXIT.ok : EXIT.failed
    })
}

function megabytes (text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('请写一个整数  a whole number')
  return Number(text)
}
