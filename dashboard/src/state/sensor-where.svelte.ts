/** Where a sensor is, as somebody says it step by step: its street, indoors or outdoors, how exactly that is told. */
import type { ClaimBody } from '../../../contract/own.ts'
import type { PlaceBody } from '../../../contract/place.ts'
import type { Placement } from '../../../model/place.ts'
import type { Facing, Mount, Precision } from '../../../model/site-place.ts'
import { readNumber } from '../typed-number.ts'

export class SensorWhere {
  street = $state('')
  placement = $state<Placement>()
  /** '' for a new one; undefined until it is known which there are. */
  home = $state<string>()
  name = $state('')
  precision = $state<Precision>('street')
  position = $state.raw<[longitude: number, latitude: number]>()
  height = $state('')
  facing = $state<Facing | ''>('')
  mount = $state<Mount | ''>('')

  readonly isWhole = $derived(
    this.placement !== undefined &&
      this.street.trim() !== '' &&
      this.name.trim() !== '' &&
      (this.placement === 'indoor' || this.precision === 'street' || this.position !== undefined)
  )

  body(): ClaimBody {
    const { placement, home } = this
    return {
      street: this.street,
      placement: placement!,
      ...(this.name.trim() === '' ? {} : { name: this.name.trim() }),
      ...(placement === 'indoor' && home ? { home } : {}),
      place: this.place()
    }
  }

  place(): PlaceBody {
    const isTold = this.placement === 'outdoor' && this.precision !== 'street' && this.position
    return {
      ...(this.placement === 'outdoor' ? { precision: this.precision } : {}),
      ...(isTold ? { longitude: isTold[0], latitude: isTold[1] } : {}),
      heightM: readNumber(this.height) ?? null,
      facing: this.placement === 'indoor' || this.facing === '' ? null : this.facing,
      mount: this.mount === '' ? null : this.mount
    }
  }
}
