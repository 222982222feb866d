/** A photo made smaller in the browser: a phone's is 5 MB, which takes a minute on slow mobile data, and 500 kB show as much. */
import { photoSidePxMax } from './limits.ts'

/** The file as it is where the browser cannot read it: the hub then says what is wrong with it. */
export async function smallerPhoto(file: Blob): Promise<Blob> {
  const picture = await createImageBitmap(file).catch(() => undefined)
  if (!picture) return file
  const scale = Math.min(1, photoSidePxMax / Math.max(picture.width, picture.height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.round(picture.width * scale)
  canvas.height = Math.round(picture.height * scale)
  canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height)
  picture.close()
  const made = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.85))
  return made && made.size < file.size ? made : file
}
