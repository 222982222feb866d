/** `lamppost person invite`, `person remove`, `steward invite`: who can sign in. */
import { isRole, roles, type InvitationMade, type Role } from '../../accounts/accounts.ts'
import { toIso } from '../../model/time.ts'
import { option, plain, WrongUse, type Command, type CommandContext, type CommandResult } from '../command.ts'
import { personText } from './person-text.ts'

const operator = { kind: 'operator' } as const

export const accountCommands: Command[] = [
  {
    words: 'person invite',
    usage: 'person invite ID [--role host|steward|researcher]',
    says: 'Create a link that lets a person sign in, once; --role adds steward or researcher',
    options: { role: { type: 'string' } },
    positionals: [1, 1],
    run: plain(async ({ registry, accounts, dashboardUrl }, input) => {
      const person = registry.needPerson(input.positionals[0]!)
      const made = accounts.invite({
        personId: person.personId,
        role: roleOf(option(input, 'role') ?? 'host'),
        by: operator
      })
      return invitationResult(made, dashboardUrl(), personText(person))
    })
  },
  {
    words: 'person role',
    usage: 'person role ID steward|researcher on|off',
    says: 'Give a person with an account a role, or take it away at once; the last steward stays one',
    options: {},
    positionals: [3, 3],
    run: plain(async ({ registry, accounts }, { positionals: [nameOrId = '', role = '', said = ''] }) => {
      const person = registry.needPerson(nameOrId)
      if (role !== 'steward' && role !== 'researcher')
        throw new WrongUse(`"${role}" is not a role to give. Choose steward or researcher.`)
      if (said !== 'on' && said !== 'off') throw new WrongUse('Give on or off.')
      const account = accounts.setRole(person.personId, role, said === 'on', operator)
      return {
        json: { personId: person.personId, roles: account.roles },
        text: `${personText(person)}: ${account.roles.join(', ')}.`
      }
    })
  },
  {
    words: 'person recover',
    usage: 'person recover ID',
    says: 'Create a link for a person who forgot their password to choose a new one',
    options: {},
    positionals: [1, 1],
    run: plain(async ({ registry, accounts, dashboardUrl }, input) => {
      const person = registry.needPerson(input.positionals[0]!)
      const made = accounts.invite({
        personId: person.personId,
        role: 'host',
        purpose: 'recover',
        by: operator
      })
      return invitationResult(made, dashboardUrl(), personText(person))
    })
  },
  {
    words: 'person remove',
    usage: 'person remove ID',
    says: 'Remove the account of a person and sign them out everywhere; their sensors and readings stay',
    options: {},
    positionals: [1, 1],
    run: plain(async ({ registry, accounts }, input) => {
      const person = registry.needPerson(input.positionals[0]!)
      await accounts.removeAccount(person.personId, operator)
      return {
        json: { personId: person.personId, removed: true },
        text:
          `${personText(person)} cannot sign in any more. Their sensors and readings stay. ` +
          `To erase those too: npx lamppost person erase ${person.personId}`
      }
    })
  },
  {
    words: 'steward invite',
    usage: 'steward invite',
    says: 'Create a link for a new steward, who manages the hub on the web',
    options: {},
    positionals: [0, 0],
    run: plain(async (context) =>
      invitationResult(inviteSteward(context), context.dashboardUrl(), 'a new steward')
    )
  }
]

/** A new person, who says their name when they sign up. */
export function inviteSteward({
  registry,
  accounts,
  clock
}: Pick<CommandContext, 'registry' | 'accounts' | 'clock'>): InvitationMade {
  const { personId } = registry.addPerson({ name: 'Steward' }, clock.now())
  return accounts.invite({ personId, role: 'steward', by: operator })
}

export function invitationUrl(code: string, dashboardUrl: string): string {
  return `${dashboardUrl}/invitation/${code}`
}

function roleOf(name: string): Role {
  if (isRole(name)) return name
  throw new WrongUse(`"${name}" is not a role. Choose one of: ${roles.join(', ')}.`)
}

function invitationResult(
  { invitation, code }: InvitationMade,
  dashboardUrl: string,
  forWhom: string
): CommandResult {
  const url = invitationUrl(code, dashboardUrl)
  const { invitationId, personId, role, purpose, expiresAt } = invitation
  const until = toIso(expiresAt).slice(0, 16).replace('T', ' ')
  return {
    json: { invitationId, personId, role, purpose, url, code, expiresAt: toIso(expiresAt) },
    text:
      `For ${forWhom}:\n  ${url}\n` +
      `The link works once, until ${until} UTC. It is shown only this time. ` +
      `On the hub's sign-in page, this code can be typed instead: ${code}`
  }
}
