/** `lamppost calibration …`: boxes beside a reference, from the start to the corrections that come of it. The same as on the web. */
import { deskCalibrations } from '../../hub/desk/calibrations.ts'
import type { Calibration, CalibrationFit } from '../../contract/desk/calibrations.ts'
import { counted } from '../../model/counted.ts'
import { optionList, plain, requiredOption, type Command, type CommandContext } from '../command.ts'
import { refusedAsWrongUse } from '../refusal.ts'

const text = { type: 'string' } as const

export const calibrationCommands: Command[] = [
  {
    words: 'calibration start',
    usage: 'calibration start --reference SITE --quantity Q --device ID [--device ID…] [--from T]',
    says: 'Begin a calibration: the named sensors stand beside a reference from now on, or since T',
    options: { reference: text, quantity: text, device: { type: 'string', multiple: true }, from: text },
    positionals: [0, 0],
    run: plain(async (context, input) => {
      const started = await refusedAsWrongUse(async () =>
        desk(context).start(operator, {
          referenceSiteId: requiredOption(input, 'reference', 'the site of the reference instrument.'),
          quantity: requiredOption(input, 'quantity', 'what is compared, for example pm2_5.'),
          deviceIds: optionList(input, 'device'),
          ...(typeof input.values['from'] === 'string' ? { from: input.values['from'] } : {})
        })
      )
      return {
        json: started,
        text: `${started.calibrationId} has begun. Next: npx lamppost calibration show ${started.calibrationId}`
      }
    })
  },
  {
    words: 'calibration list',
    usage: 'calibration list',
    says: 'List calibrations, newest first',
    options: {},
    positionals: [0, 0],
    run: plain(async (context) => {
      const all = desk(context).list()
      return {
        json: all,
        text:
          all.length > 0
            ? all.map(line).join('\n')
            : 'No calibrations. Next: npx lamppost help calibration start'
      }
    })
  },
  {
    words: 'calibration show',
    usage: 'calibration show ID',
    says: 'Show how each sensor follows the reference so far',
    options: {},
    positionals: [1, 1],
    run: plain(async (context, { positionals: [id = ''] }) => {
      const detail = await desk(context).detail(id)
      return { json: detail, text: [line(detail.calibration), ...detail.fits.map(fitLine)].join('\n') }
    })
  },
  {
    words: 'calibration finish',
    usage: 'calibration finish ID',
    says: 'End a calibration: the sensors leave the reference now',
    options: {},
    positionals: [1, 1],
    run: plain(async (context, { positionals: [id = ''] }) => {
      const detail = await desk(context).finish(operator, id)
      return {
        json: detail,
        text: [
          ...detail.fits.map(fitLine),
          `Next: npx lamppost calibration sign-off ${id} --device ID … --expires ${detail.suggestedEnd ?? 'DATE'}`
        ].join('\n')
      }
    })
  },
  {
    words: 'calibration sign-off',
    usage: 'calibration sign-off ID --device ID [--device ID…] --expires DATE',
    says: 'Correct the named sensors by their fitted lines, from the end of the calibration until DATE',
    options: { device: { type: 'string', multiple: true }, expires: text },
    positionals: [1, 1],
    run: plain(async (context, input) => {
      const id = input.positionals[0]!
      const detail = await refusedAsWrongUse(async () =>
        desk(context).signOff(operator, id, {
          deviceIds: optionList(input, 'device'),
          expiresAt: requiredOption(input, 'expires', 'when the corrections end, for example 2027-06-01.')
        })
      )
      const made = detail.fits.filter(({ correctionId }) => correctionId !== null).length
      return { json: detail, text: `Signed off: ${counted(made, 'sensor')} corrected from now on.` }
    })
  },
  {
    words: 'calibration cancel',
    usage: 'calibration cancel ID',
    says: 'Cancel a calibration: nothing comes of it',
    options: {},
    positionals: [1, 1],
    run: plain(async (context, { positionals: [id = ''] }) => ({
      json: desk(context).cancel(operator, id),
      text: `${id} was cancelled.`
    }))
  }
]

const operator = { kind: 'operator' } as const

function desk({ registry, pipeline, accounts, clock, timezone, directoryTold }: CommandContext) {
  return deskCalibrations({ registry, readings: pipeline.service, accounts, clock, timezone, directoryTold })
}

function line({ calibrationId, quantity, reference, deviceIds, from, until, state }: Calibration): string {
  const end = until === null ? 'now' : until
  return `${calibrationId}  ${state}  ${quantity}, ${counted(deviceIds.length, 'sensor')} beside ${reference.name}, ${from} to ${end}`
}

function fitLine({ deviceId, name, verdict, n, slope, intercept, r2, rmse }: CalibrationFit): string {
  const numbers =
    slope === null
      ? ''
      : `, value = ${slope} × reference + ${intercept}, R² ${r2}, RMSE ${rmse}, from ${n} pairs`
  return `${deviceId}  ${name}: ${verdicts[verdict]}${numbers}`
}

const verdicts: Record<CalibrationFit['verdict'], string> = {
  fit: 'follows the reference',
  poor: 'does not follow the reference; no line corrects it',
  tooFew: 'too few pairs yet',
  silent: 'sent nothing'
}
