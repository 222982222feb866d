/** Persons, their accounts and invitations, as stewards look after them: by the code of the commands, and audited. */
import { invitationsShownMax } from '../limits.ts'
import type { Accounts, Actor, Invitation, InvitationMade, Role } from '../../accounts/accounts.ts'
import type {
  DeskInvitation,
  DeskPeople,
  InvitationShown,
  InviteBody,
  RolesBody
} from '../../contract/desk/people.ts'
import { toIso, type Clock, type UnixMs } from '../../model/time.ts'
import { lastSiteOf } from '../../model/place.ts'
import { RegistryRefusal, type Registry } from '../../registry/registry.ts'

export interface DeskPeopleRooms {
  registry: Pick<
    Registry,
    | 'persons'
    | 'person'
    | 'needPerson'
    | 'addPerson'
    | 'renamePerson'
    | 'homes'
    | 'deployments'
    | 'devices'
    | 'site'
  >
  accounts: Accounts
  clock: Clock
}

export type DeskPeopleActs = ReturnType<typeof deskPeople>

export function deskPeople({ registry, accounts, clock }: DeskPeopleRooms) {
  const needPerson = (personId: string): string => {
    if (registry.person(personId)) return personId
    throw new RegistryRefusal('personUnknown', 'There is no such person any more. Look at the list again.')
  }

  return {
    people(): DeskPeople {
      const homes = Map.groupBy(registry.homes(), ({ personId }) => personId)
      const boxes = Map.groupBy(boxesOf(registry), ({ personId }) => personId)
      const own = new Map(accounts.accounts().map((account) => [account.personId, account]))
      const now = clock.now()
      return {
        persons: registry.persons().map(({ personId, name, keepMonths }) => {
          const account = own.get(personId)
          return {
            personId,
            name,
            homes: homes.get(personId)?.length ?? 0,
            boxes: (boxes.get(personId) ?? []).map(({ deviceId, name: called }) => ({
              deviceId,
              name: called
            })),
            account: account ? { userName: account.userName, roles: account.roles } : null,
            keepMonths
          }
        }),
        invitations: accounts
          .invitations()
          .slice(0, invitationsShownMax)
          .map((one) => shownInvitation(one, now))
      }
    },

    add(by: Actor, name: string): { personId: string } {
      const { personId } = registry.addPerson({ name }, clock.now())
      accounts.note({ by, action: 'personAdd', personId })
      return { personId }
    },

    rename(by: Actor, personId: string, name: string): void {
      registry.renamePerson(needPerson(personId), name)
      accounts.note({ by, action: 'personRename', personId })
    },

    invite(by: Actor, personId: string, { role, purpose }: InviteBody): InvitationShown {
      const made = accounts.invite({ personId: needPerson(personId), role, purpose, by })
      return invitationShown(made)
    },

    revoke(by: Actor, invitationId: string): void {
      accounts.revokeInvitation(invitationId, by)
    },

    setRoles(by: Actor, personId: string, wanted: RolesBody): Role[] {
      needPerson(personId)
      for (const role of ['steward', 'researcher'] as const) {
        const has = accounts.accountOf(personId)?.roles.includes(role) ?? false
        if (has !== wanted[role]) accounts.setRole(personId, role, wanted[role], by)
      }
      return accounts.accountOf(personId)?.roles ?? []
    },

    async removeAccount(by: Actor, personId: string): Promise<void> {
      await accounts.removeAccount(needPerson(personId), by)
    },

    /** The other has the role before one's own ends: a crash in between leaves two stewards, never none. */
    handOver(personId: string, to: string): void {
      const by = { kind: 'person', personId } as const
      needPerson(to)
      if (to === personId)
        throw new RegistryRefusal(
          'samePerson',
          'You are a steward already. Choose somebody else to hand over to.'
        )
      if (!accounts.accountOf(to))
        throw new RegistryRefusal(
          'personUnknown',
          'They have no account yet. Invite them first, and hand over once they have signed in.'
        )
      accounts.setRole(to, 'steward', true, by)
      accounts.setRole(personId, 'steward', false, by)
    }
  }
}

function boxesOf(
  registry: DeskPeopleRooms['registry']
): { deviceId: string; name: string; personId: string }[] {
  return registry.devices().flatMap(({ deviceId, removedAt }) => {
    const site = registry.site(lastSiteOf(registry, deviceId) ?? '')
    return removedAt === null && site ? [{ deviceId, name: site.name, personId: site.personId }] : []
  })
}

function shownInvitation(invitation: Invitation, now: UnixMs): DeskInvitation {
  const { invitationId, purpose, role, personId, createdAt, expiresAt, usedAt, revokedAt } = invitation
  const state =
    usedAt !== null ? 'used' : revokedAt !== null ? 'revoked' : expiresAt <= now ? 'expired' : 'open'
  return {
    invitationId,
    purpose,
    role,
    personId,
    createdAt: toIso(createdAt),
    expiresAt: toIso(expiresAt),
    state
  }
}

function invitationShown({ invitation, code }: InvitationMade): InvitationShown {
  return { path: `/invitation/${code}`, code, expiresAt: toIso(invitation.expiresAt) }
}
