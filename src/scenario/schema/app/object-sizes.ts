import { decimal, list, optional, preset, record, size, type ValueOf } from '../../../schema/index.js';

const sizeShare = record('Objects of a size.', {
  size: size({
    doc: 'What an object takes in all, its header included: 40B an empty one, a string its bytes and 25 more, an array 16 and 8 for each element. It lies in the smallest slot that it fits in (40, 80, 160, 320, 640 B; up to Ruby 3.1 40 B only); what fits into none has its content in mallocked memory.',
    min: 1,
  }),
  weight: preset(decimal({ doc: 'How many there are, relative to the other sizes.', above: 0, max: 1e9 }), 1),
});

const sizes = (doc: string) => optional(list(sizeShare, doc));

/** How large objects are. */
export const objectSizes = record(
  'How large objects are: which of the slot sizes of Ruby 3.2 and later they take, and what of them is mallocked.',
  {
    allocated: sizes(
      'Objects that requests allocate. Left out: 47.5 % in slots of 40 B, 21.9 % of 80, 27.6 % of 160, 2.3 % of 320, 0.7 % of 640, as measured in Rails 7.2 (recorded demands: 40 B, short strings), and nothing is mallocked for them but what malloc says.',
    ),
    resident: sizes(
      'Objects of the loaded application. Left out: 78.2 % in slots of 40 B, 13.9 % of 80, 7.5 % of 160, 0.3 % of 320, 0.1 % of 640, as measured in Rails 7.2 (recorded demands: 6.6 % of 40 B, 93.4 % of 160, nested hashes as in the recorded servers of the validation).',
    ),
  },
);

export type SizeText = ValueOf<typeof sizeShare>;
