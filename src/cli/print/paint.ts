import picocolors from 'picocolors';
import { type OutputOptions, wantsColour } from '../terminal.js';

/** Colours for a stream; none if it is not to have any. */
export type Paint = ReturnType<typeof picocolors.createColors>;

export function paintFor(stream: NodeJS.WriteStream, options: OutputOptions): Paint {
  return picocolors.createColors(wantsColour(stream, options));
}
