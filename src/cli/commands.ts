import type { Command } from './command.ts'

/** All commands, in the order of the help; the first is the one that is run when none is named. */
export const commands: readonly Command[] = [
  {
    name: 'start',
    summary: 'runs the bot; with nothing set, the demo (this is what npm start does)',
    run: async () => {
      const { start } = await import('./start.ts')
      await start()
      return undefined
    },
  },
  {
    name: 'doctor',
    summary: 'looks at all that a call needs, and says for each fault what to do',
    help: [
      'It goes by the settings of the bot and over its own SIP side. It changes nothing, registers nothing and rings',
      'nobody but the phone of --call; a bot that runs is not disturbed. It ends with 0 where nothing has failed.',
    ],
    options: {
      call: {
        value: '<number>',
        help: 'rings this phone of PEOPLE_FILE (or any that may be dialled) and measures the sound both ways',
      },
      'service-url': {
        value: '<address>',
        help: 'the connector to look for, where it is not that of Teams: serviceUrl of an activity',
      },
      json: { help: 'one JSON document in place of lines' },
    },
    run: async ({ options }) => {
      const { examine } = await import('../doctor/doctor.ts')
      const value = (name: string) => (typeof options[name] === 'string' ? options[name] : undefined)
      const asked = { call: value('call'), serviceUrl: value('service-url') }
      const code = await examine(asked, {
        json: options['json'] === true,
        say: (text) => {
          console.log(text)
        },
      })
      // Connections that are still closing keep nobody waiting.
      process.exit(code)
    },
  },
  {
    name: 'people import',
    operands: ['<file.csv>'],
    summary: 'brings people of a CSV file into PEOPLE_FILE',
    help: [
      'Reads exports of Microsoft 365 and Entra ID, FreePBX and 3CX, and plain lists (name, extension, mobile,',
      'email), in English or Spanish. People who are in PEOPLE_FILE already, by object id, e-mail or extension,',
      'get what is new; nobody is taken out, and what else stands there stays. docs/people.md has the columns.',
    ],
    options: {
      'dry-run': { help: 'tells what would change, and writes nothing' },
      to: { value: '<people.json>', help: 'writes there; else to PEOPLE_FILE' },
      country: { value: '<ES>', help: 'whose national numbers are meant; else COUNTRY' },
      'skip-faulty': { help: 'takes the other lines where some are faulty; else nothing is written then' },
    },
    run: async ({ operands: [file = ''], options }) => {
      const { peopleImport } = await import('./people-import.ts')
      return peopleImport(file, options)
    },
  },
]
