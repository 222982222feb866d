/** What a signed-in person wants to be told, and where. */
import { Type, type Static } from 'typebox'
import { alertChoices, type AlertChoice } from '../model/alert.ts'
import { Nullable } from './shape.ts'

const Choice = Type.Unsafe<AlertChoice>(Type.Union(alertChoices.map((choice) => Type.Literal(choice))))
const minuteOfDay = Type.Integer({
  minimum: 0,
  maximum: 1_439,
  description: 'Minutes after midnight of the hub'
})

export const AlertSettingsBody = Type.Object(
  {
    mail: Type.String({ maxLength: 254, description: "'' for no mail" }),
    ntfyTopic: Type.String({ maxLength: 64, description: "'' for none" }),
    causes: Type.Array(Choice, { maxItems: alertChoices.length, uniqueItems: true }),
    quietFromMin: minuteOfDay,
    quietUntilMin: minuteOfDay,
    withReadings: Type.Boolean({ description: 'Figures of my rooms may stand in messages' })
  },
  { additionalProperties: false }
)
export type AlertSettingsBody = Static<typeof AlertSettingsBody>

export const PushSubscriptionBody = Type.Object(
  {
    endpoint: Type.String({ maxLength: 1_000, description: 'Where its push service takes messages: https' }),
    keys: Type.Object(
      { p256dh: Type.String({ maxLength: 100 }), auth: Type.String({ maxLength: 40 }) },
      { additionalProperties: false }
    )
  },
  { additionalProperties: false }
)
export type PushSubscriptionBody = Static<typeof PushSubscriptionBody>

export const ListedBrowser = Type.Object({
  browserId: Type.String(),
  browser: Type.String({ description: 'What it says of itself' }),
  endpoint: Type.String({ description: 'By which it knows itself' }),
  since: Type.String()
})
export type ListedBrowser = Static<typeof ListedBrowser>

export const OwnAlerts = Type.Object({
  settings: AlertSettingsBody,
  mail: Type.Boolean({ description: 'This hub can send mail' }),
  ntfyUrl: Nullable(Type.String({ description: 'Its ntfy server' })),
  pushKey: Nullable(Type.String({ description: 'For browsers that messages may go to (RFC 8292)' })),
  browsers: Type.Array(ListedBrowser)
})
export type OwnAlerts = Static<typeof OwnAlerts>

export const AlertsStopped = Type.Object({ choice: Choice })
export type AlertsStopped = Static<typeof AlertsStopped>
