import { Command } from 'commander'
import { deliveriesCommand, dutiesCommand } from './catalogue-ledger.js'
import { lintCommand } from './catalogue-lint.js'

/** `mianzheng catalogue …`: what is held and owed. */
export function catalogueCommand (): Command {
  return new Command('catalogue').description('目录、责任清单和证照清单  The catalogue, what is owed, and the lists of licences')
    .addCommand(dutiesCommand()).addCommand(deliveriesCommand()).addCommand(lintCommand())
}
