/** What the registry promises about what stewards and imports write down. */
import type { Books } from '../books.ts'
import type { DeskBooks } from '../promise/desk.ts'
import type { Calibrations } from '../promise/calibrations.ts'
import type { Forwardings } from '../promise/forwardings.ts'
import type { CorrectionBook } from '../promise/corrections.ts'
import type { ImportBook } from '../promise/imports.ts'

export function offerDesk(
  books: Books
): DeskBooks & Calibrations & Forwardings & CorrectionBook & ImportBook {
  return {
    corrections: () => books.corrections.standing(),
    correctionHistory: () => books.corrections.all(),
    addCorrection: (correction, now) => books.changed(books.corrections.add(correction, now)),
    endCorrection: (correctionId, until, now) =>
      books.changed(books.corrections.end(correctionId, until, now)),
    removeCorrection: (correctionId, now) => books.changed(books.corrections.remove(correctionId, now)),
    annotations: (streetId) => books.annotations.all(streetId),
    annotate: (annotation) => books.changed(books.annotations.add(annotation)),
    removeAnnotation: (annotationId) => books.changed(books.annotations.remove(annotationId)),
    hostRequests: () => books.requests.all(),
    addHostRequest: (request, now) => books.requests.add(request, now),
    removeHostRequest: (requestId) => books.requests.remove(requestId),
    forgetHostRequests: (before) => books.requests.forget(before),
    calibrations: () => books.calibrations.all(),
    startCalibration: (calibration) => books.calibrations.start(calibration),
    finishCalibration: (calibrationId, until) => books.calibrations.finish(calibrationId, until),
    cancelCalibration: (calibrationId, now) => books.calibrations.cancel(calibrationId, now),
    signOffCalibration: (calibrationId, signOff) => books.calibrations.signOff(calibrationId, signOff),
    forwardings: () => books.forwardings.all(),
    forward: (forwarding) => books.changed(books.forwardings.set(forwarding)),
    endForwarding: (deviceId) => books.changed(books.forwardings.end(deviceId)),
    imports: () => books.imports.all(),
    saveImport: (record) => books.imports.save(record),
    forgetImport: (importId) => books.imports.forget(importId)
  }
}
