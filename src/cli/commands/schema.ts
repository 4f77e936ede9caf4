import { scenarioJsonSchema } from '../../scenario/index.js';
import { Exit } from '../exit-codes.js';
import { printData } from '../terminal.js';

/** `gvlsim schema`: the JSON Schema (draft-07) of scenario files. */
export async function schema(): Promise<number> {
  await printData(`${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`);
  return Exit.Ok;
}
