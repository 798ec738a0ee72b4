/** The Teams app as Microsoft's manifest schema describes it: one object, and one file for each further language. */
import { commands } from '../src/core/command/command.ts'
import { MESSAGE_COMMAND } from '../src/core/command/meeting-rows.ts'
import type { Language } from '../src/core/party.ts'
import { texts } from './texts.ts'

/** The newest schema in `@microsoft/app-manifest`; a test tells when that package has a newer one. */
export const SCHEMA = '1.30'

export type AppOptions = {
  /** `MicrosoftAppId`: Teams app and bot are one registration. */
  readonly appId: string
  /** Semantic version; Teams takes a changed package only where it is a higher one. */
  readonly version: string
  /** Pages of whoever runs the bot: whoever installs the app is shown them. */
  readonly website: string
  readonly privacy: string
  readonly terms: string
  /**
   * Asks for all messages of the teams and group chats that the app is added to, not only for those that mention it
   * (resource-specific consent).
   */
  readonly watch: boolean
}

/** Permissions of the `--watch` variant: the messages of one team's channels, and of one group chat. */
export const WATCH = { channel: 'ChannelMessage.Read.Group', groupChat: 'ChatMessage.Read.Chat' } as const

const menu = commands.filter(({ unlisted }) => unlisted === undefined)

const SCOPES = ['personal', 'team', 'groupChat'] as const
const schemaUrl = (name: string) =>
  `https://developer.microsoft.com/json-schemas/teams/v${SCHEMA}/${name}.schema.json`

/** `manifest.json`, in English. */
export function manifestOf(options: AppOptions) {
  const { appId, version, website, privacy, terms, watch } = options
  return {
    $schema: schemaUrl('MicrosoftTeams'),
    manifestVersion: SCHEMA,
    version,
    id: appId,
    developer: { name: 'Dialback', websiteUrl: website, privacyUrl: privacy, termsOfUseUrl: terms },
    name: texts.en.name,
    description: texts.en.description,
    icons: { color: 'color.png', outline: 'outline.png' },
    accentColor: '#1859D6',
    defaultInstallScope: 'personal',
    localizationInfo: {
      defaultLanguageTag: 'en',
      additionalLanguages: [{ languageTag: 'es', file: 'es.json' }],
    },
    bots: [
      {
        botId: appId,
        scopes: SCOPES,
        isNotificationOnly: false,
        supportsFiles: false,
        commandLists: [{ scopes: SCOPES, commands: commandList('en') }],
      },
    ],
    composeExtensions: [
      {
        botId: appId,
        commands: [
          {
            id: MESSAGE_COMMAND,
            type: 'action',
            context: ['message'],
            fetchTask: true,
            ...texts.en.meetingCard,
          },
        ],
      },
    ],
    permissions: ['identity', 'messageTeamMembers'],
    validDomains: [],
    ...(watch ? watching(appId, website) : {}),
  }
}

/** `es.json`: the same texts and commands, by the path at which they stand in the manifest. */
export function localizationOf(language: Exclude<Language, 'en'>): Readonly<Record<string, string>> {
  const { name, description, meetingCard } = texts[language]
  const list = commandList(language).flatMap(({ title, description }, i) => {
    const at = `bots[0].commandLists[0].commands[${i}]`
    return [
      [`${at}.title`, title],
      [`${at}.description`, description],
    ]
  })
  return {
    $schema: schemaUrl('MicrosoftTeams.Localization'),
    'name.short': name.short,
    'name.full': name.full,
    'description.short': description.short,
    'description.full': description.full,
    'composeExtensions[0].commands[0].title': meetingCard.title,
    'composeExtensions[0].commands[0].description': meetingCard.description,
    ...(Object.fromEntries(list) as Record<string, string>),
  }
}

/** What Teams offers while somebody types: the word that is taught first, and the help's own sentence. */
function commandList(language: Language) {
  return menu.map(({ words, help }) => ({
    title: words[language][0] ?? '',
    description: help[language],
  }))
}

/** Teams wants a `resource` that is not empty, and does nothing with it. */
function watching(appId: string, resource: string) {
  return {
    webApplicationInfo: { id: appId, resource },
    authorization: {
      permissions: {
        resourceSpecific: Object.values(WATCH).map((name) => ({ name, type: 'Application' })),
      },
    },
  }
}
