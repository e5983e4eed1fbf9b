#!/usr/bin/env node
import { Command, CommanderError } from 'commander'
import { Failure } from '../services/core/failure.js'
import { EXIT } from './exit.js'
import { tellFailure } from './tell-failure.js'

/** Commands are loaded when they are asked for: `verify` must not wait for the server's code. */
const COMMANDS: Record<string, () => Promise<Command>> = {
  serve: async () => (await import('./commands/serve.js')).serveCommand(),
  verify: async () => (await import('./commands/verify.js')).verifyCommand(),
  sample: async () => (await import('./commands/sample.js')).sampleCommand(),
  receipt: async () => (await import('./commands/receipt.js')).receiptCommand(),
  token: async () => (await import('./commands/token.js')).tokenCommand(),
  signin: async () => (await import('./commands/signin.js')).signinCommand(),
  connector: async () => (await import('./commands/connector.js')).connectorCommand(),
  demo: async () => (await import('./commands/demo.js')).demoCommand(),
  keys: async () => (await import('./commands/keys.js')).keysCommand(),
  catalogue: async () => (await import('./commands/catalogue.js')).catalogueCommand()
}

async function main (argv: string[]): Promise<void> {
  const program = new Command('mianzheng')
    .description('免证：政务数据共享交换与电子证照核验  Data-sharing exchange and electronic-licence verification')
    .helpOption('-h, --help', '显示帮助  show help')
    .helpCommand('help [command]', '显示某个命令的帮助  show the help of a command')
    .configureOutput({ writeErr: text => process.stderr.write(text) })
    .exitOverride()
  const wanted = COMMANDS[argv[2] ?? '']
  for (const load of wanted === undefined ? Object.values(COMMANDS) : [wanted]) program.addCommand(throwing(await load()))
  await program.parseAsync(argv)
}

/** Every command throws in place of ending the process, so that all of them end with the exit statuses of exit.ts. */
function throwing (command: Command): Command {
  for (const child of command.commands) throwing(child)
  if (command.commands.length > 0) command.helpCommand('help [command]', '显示某个命令的帮助  show the help of a command')
  return command.helpOption('-h, --help', '显示帮助  show help').exitOverride()
}

main(process.argv).catch((error: unknown) => {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 || error.code === 'commander.helpDisplayed' ? EXIT.ok : EXIT.usage
  } else if (error instanceof Failure) {
    process.stderr.write(tellFailure(error))
    process.exitCode = EXIT.failed
  } else {
    process.stderr.write(`${error instanceof Error ? error.stack ?? error.message : String(error)}\n`)
    process.exitCode = EXIT.failed
  }
})
